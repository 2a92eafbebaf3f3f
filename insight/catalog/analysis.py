"""What belongs to one analysis."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature

from insight.errors import InsightError


@dataclass(frozen=True)
class Analysis:
    """One analysis and everything that belongs to it.

    name : key of the catalog; also of the notebook
    title : as a visitor reads it
    function : the table and literal settings in, a frozen result out
    kind : the table it needs: "events", "orders" or "campaigns"
    instead : kinds that serve as well as `kind`; each call takes one of them
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
    instead: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    page: str = ""
    members: Callable | None = None
    card: Callable | None = None

    def __post_init__(self):
        object.__setattr__(self, "page", self.page or self.name)

    @property
    def needs(self) -> tuple[str, ...]:
        """The kinds of `also` that it cannot do without."""
        asked = signature(self.function).parameters
        return tuple(kind for kind in self.also if asked[kind].default is Parameter.empty)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of table that can be its main one."""
        return (self.kind, *self.instead)

    def main(self, tables: dict[str, object]) -> object:
        """The table it takes, of tables by kind: the first that can be its main one.

        Raises InsightError where there is none.
        """
        for kind, table in tables.items():
            if kind in self.kinds and table is not None:
                return table
        there, needed = ", ".join(tables) or "none", " or ".join(self.kinds)
        raise InsightError(f"{self.name} needs a table of {needed}; there are {there}.")
