"""The list of analyses: one row each, from which page, notebook, glossary and tests are made."""

from collections.abc import Callable
from dataclasses import dataclass

from insight.charts.funnel import funnel_bars, funnel_groups, funnel_times
from insight.explain.funnel import funnel_caption, funnel_reading
from insight.funnel import funnel
from insight.language import _


@dataclass(frozen=True)
class Analysis:
    """One analysis and everything that belongs to it.

    name : key of the catalog; also of the notebook
    title : as a visitor reads it
    function : the table and literal settings in, a frozen result out
    kind : the table it needs: "events", "orders" or "campaigns"
    also : kinds of further tables that it takes by name where they are there: `function(events, orders=orders)`
    page : name of the page that shows it, and of the essay on it; by default its own
    charts, reading, caption : result -> picture; result -> sentences; result -> what was counted, in one line
    table : name of the result's main table
    example : settings that fit the sample shop
    exercises : what a student may try next, as Markdown
    grouped_charts, grouped_table : charts and table of a result with a breakdown (a setting `by`)
    members : table, settings and a cell (the literal address of a number) -> the ids of the customers behind it
    card : result -> its definition filled with its own numbers
    """

    name: str
    title: str
    function: Callable
    kind: str
    charts: tuple[Callable, ...]
    reading: Callable
    caption: Callable
    table: str
    example: dict[str, object]
    exercises: tuple[str, ...]
    grouped_charts: tuple[Callable, ...] = ()
    grouped_table: str = ""
    also: tuple[str, ...] = ()
    page: str = ""
    members: Callable | None = None
    card: Callable | None = None

    def __post_init__(self):
        object.__setattr__(self, "page", self.page or self.name)


catalog = {
    analysis.name: analysis
    for analysis in (
        Analysis(
            name="funnel",
            title=_("Funnel"),
            function=funnel,
            kind="events",
            charts=(funnel_bars, funnel_times),
            grouped_charts=(funnel_groups,),
            grouped_table="groups",
            reading=funnel_reading,
            caption=funnel_caption,
            table="steps",
            example={"steps": ["visit", "product_view", "add_to_cart", "checkout", "purchase"], "within": "7D"},
            exercises=(
                _(
                    "Run the funnel with `within='1D'` and with `within='14D'`. How many customers are counted at the "
                    "first step each time, and why does the number change? Look at `result.still_open`."
                ),
                _(
                    "Run it with `reentry='first'`. At which step does the count change most? Say in one sentence "
                    "which question each of the two ways of counting answers."
                ),
            ),
        ),
    )
}
