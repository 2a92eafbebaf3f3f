"""What to know about a number of an overview, in words: what new means, where a session ends, what is no order."""

from datetime import date, timedelta

from insight.explain.notes import when
from insight.language import _, _n, count, day, length
from insight.overview.conversion import Conversion
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.overview.words import KIND, period_name, value_text

Overview = Traffic | Sales | Conversion
EMPTY = 2  # periods in a row without anybody new: of one alone it may be chance
ADDED = ("count", "money")  # kinds of measure that longer periods have more of


def new_is_relative(result: Overview) -> list[str]:
    """Who is new is not known before the data's first day."""
    if result.measure not in ("new_visitors", "new_customers", "returning_customers", "per_new_visitor"):
        return []
    return [
        _(
            "New means first seen in the data, which begins on {day}: who came before that looks new, most of all in "
            "the first periods.",
            day=day(result.data_start),
        )
    ]


def nobody_new(result: Overview) -> list[str]:
    """Where nobody is new in the period: when somebody last was, for a file may be cut so."""
    last = last_new(result, result.measure)
    if last is None:
        return []
    return [_("The last new ones came {when}: maybe the file holds only customers of an early time.",
              when=when(result, last))]  # fmt: skip


def last_new(result: Overview, name: str) -> str | None:
    """The latest period with new customers (or visitors), where the one looked at and the one before have none."""
    if name not in ("new_customers", "new_visitors"):
        return None
    new = result.periods[result.periods["period"] <= result.at].set_index("period")[name]
    return None if new.tail(EMPTY).any() or not new.any() else new[new > 0].index[-1]


def sessions(result: Traffic) -> list[str]:
    """Where a session ends, and what of it is known."""
    if result.measure not in ("sessions", "pages_per_session", "bounce_rate", "time_on_site_seconds"):
        return []
    if result.dates_only:
        said = [_("The file has days without clock times: each day of a customer counts as one session.")]
        if result.measure == "time_on_site_seconds":
            said.append(_("How long it lasted is unknown."))
        return said
    if result.session_gap is None:
        said = [_("Sessions are those of the file.")]
    else:
        said = [_("A pause of more than {gap} begins a new session.", gap=length(result.session_gap))]
    if result.measure == "time_on_site_seconds":
        said.append(_("The time is from the first event to the last, of sessions with two events or more."))
    if KIND[result.measure] != "count":
        said.append(_("The interval allows for sessions of one customer being alike."))
    return said


def bounce(result: Traffic) -> list[str]:
    """What counts as a bounce."""
    if result.measure != "bounce_rate":
        return []
    if result.page_events is None:
        return [_("A bounce is a session with exactly one event, whatever it is.")]
    return [_("A bounce is a session with at most one page.")]


def refunds(result: Sales) -> list[str]:
    """What became of refunds."""
    now = result.periods.set_index("period").loc[result.at]
    if not now["refunds"] or result.measure not in ("revenue", "orders", "average_order_value"):
        return []
    n = int(now["refunds"])
    values = {"n": count(n), "amount": value_text("money", now["refunded"], result.currency)}
    if result.measure == "revenue":
        return [_n("{n} refund of {amount} is subtracted.", "{n} refunds of {amount} are subtracted.",
                   n, **values)]  # fmt: skip
    return [_n("{n} refund of {amount} is no order; it lowers revenue.",
               "{n} refunds of {amount} are no orders; they lower revenue.", n, **values)]  # fmt: skip


def free(result: Sales) -> list[str]:
    """Orders that are no purchases."""
    if not result.n_free or result.measure not in ("orders", "average_order_value"):
        return []
    return [_n("{n} order of 0 in the data is no purchase.", "{n} orders of 0 in the data are no purchases.",
               result.n_free, n=count(result.n_free))]  # fmt: skip


def joined(result: Conversion) -> list[str]:
    """What orders and events have to do with each other."""
    if result.origin == "events":
        return []
    said = [_("Orders are joined to the events by customer id.")]
    if result.unmatched:
        said.append(_n("{n} of {all} buyers has no events and is in no rate.",
                       "{n} of {all} buyers have no events and are in no rate.",
                       result.unmatched, n=count(result.unmatched), all=count(result.n_buyers)))  # fmt: skip
    if result.outside:
        said.append(_n("{n} order lies in no session: it counts per visitor, not per session.",
                       "{n} orders lie in no session: they count per visitor, not per session.",
                       result.outside, n=count(result.outside)))  # fmt: skip
    return said


def lengths(result: Overview) -> list[str]:
    """Months of different lengths: a longer one has more of everything."""
    if result.period != "month" or result.before is None or KIND[result.measure] not in ADDED:
        return []
    lengths = [_days_in(start) for start in (result.before, result.at)]
    if lengths[0] == lengths[1]:
        return []
    names = [period_name(start, "month") for start in (result.before, result.at)]
    return [_("{before} has {few} days, {now} {many}.", before=names[0], few=lengths[0], now=names[1], many=lengths[1])]


def _days_in(start: str) -> int:
    first = date.fromisoformat(start)
    return ((first + timedelta(days=32)).replace(day=1) - first).days
