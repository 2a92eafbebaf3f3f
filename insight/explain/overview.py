"""Traffic, sales and conversion in words: the measure in front, and with what it can be compared."""

from datetime import date

import pandas as pd

from insight.explain.notes import row_notes, when
from insight.explain.overview_notes import (
    Overview,
    bounce,
    free,
    joined,
    lengths,
    new_is_relative,
    nobody_new,
    refunds,
    sessions,
)
from insight.language import _, _n, confidence, count, day
from insight.overview.change import ENOUGH, TOO_FEW
from insight.overview.conversion import Conversion
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.overview.words import (
    KIND,
    TITLES,
    WHOLE,
    change_range,
    change_text,
    n_text,
    range_text,
    value_text,
)


def traffic_reading(result: Traffic) -> str:
    """What the measure in front says, as Markdown: the answer, and in a second paragraph what to know about it."""
    return _reading(result, [*new_is_relative(result), *nobody_new(result), *sessions(result), *bounce(result)])


def sales_reading(result: Sales) -> str:
    """The same of sales."""
    said = [*new_is_relative(result), *nobody_new(result), *refunds(result), *free(result)]
    return _reading(result, said)


def conversion_reading(result: Conversion) -> str:
    """The same of conversion; the two other rates stand beside it."""
    return _reading(result, [*new_is_relative(result), *joined(result)], _beside(result))


def traffic_caption(result: Traffic) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    return _caption(result)


def sales_caption(result: Sales) -> str:
    """The same of sales."""
    return _caption(result)


def conversion_caption(result: Conversion) -> str:
    """The same of conversion."""
    return _caption(result)


def currency_of(result: Overview) -> str | None:
    """The currency of its money."""
    return getattr(result, "currency", None)


def _caption(result: Overview) -> str:
    by = {"day": _("by day"), "week": _("by week"), "month": _("by month")}[result.period]
    first, last = day(result.data_start), day(date.fromisoformat(result.as_of))
    return " · ".join(
        [
            TITLES[result.measure],
            by,
            _n("{n} customer", "{n} customers", result.n_customers, n=count(result.n_customers)),
            _("{first} to {last}", first=first, last=last),
        ]
    )


def _reading(result: Overview, notes: list[str], beside: list[str] | None = None) -> str:
    row = result.measures.set_index("measure").loc[result.measure]
    answer = [_headline(result, row), *(beside or []), *_comparisons(result, row)]
    notes = [*notes, *lengths(result), *row_notes(result)]
    return " ".join(answer) + ("\n\n" + " ".join(notes) if notes else "")


def _headline(result: Overview, row: pd.Series) -> str:
    """The number itself, with n and interval where it is a share or a mean."""
    name, kind = result.measure, KIND[result.measure]
    values = {"when": when(result, result.at), "level": confidence(result.level)}
    if WHOLE[name] is not None:
        if row["n"] < TOO_FEW:
            return _("{n} {when}: too few to say more.", n=n_text(name, row["n"]), **values)
        values |= {"n": n_text(name, row["n"])}
        values |= {"interval": range_text(kind, row["ci_low"], row["ci_high"], currency_of(result))}
    value = value_text(kind, row["value"], currency_of(result))
    said = [_sentence(name, 0 if row["value"] != row["value"] else round(row["value"]), value=value, **values)]
    if WHOLE[name] is not None and row["n"] < ENOUGH:
        said.append(_("This is a small sample, fewer than {enough}.", enough=ENOUGH))
    if not result.finished:
        said.append(_("The period is not complete: the data begins or ends in it."))
    return " ".join(said)


def _sentence(name: str, n: int, /, **values: object) -> str:
    match name:
        case "visitors":
            return _n("**{value}** visitor came {when}.", "**{value}** visitors came {when}.", n, **values)
        case "new_visitors":
            return _n("**{value}** visitor came for the first time {when}.",
                      "**{value}** visitors came for the first time {when}.", n, **values)  # fmt: skip
        case "sessions":
            return _n("There was **{value}** session {when}.", "There were **{value}** sessions {when}.", n, **values)
        case "pages_per_session":
            return _("A session had **{value}** pages on average {when} ({n}; {level} interval {interval}).", **values)
        case "bounce_rate":
            return _("**{value}** of {n} bounced {when} ({level} interval {interval}).", **values)
        case "time_on_site_seconds":
            return _("A visit lasted **{value}** on average {when} ({n}; {level} interval {interval}).", **values)
    return _sales_sentence(name, n, **values)


def _sales_sentence(name: str, n: int, /, **values: object) -> str:
    match name:
        case "revenue":
            return _("Revenue was **{value}** {when}.", **values)
        case "orders":
            return _n("There was **{value}** order {when}.", "There were **{value}** orders {when}.", n, **values)
        case "average_order_value":
            return _("An order was worth **{value}** on average {when} ({n}; {level} interval {interval}).", **values)
        case "buyers":
            return _n("**{value}** customer bought {when}.", "**{value}** customers bought {when}.", n, **values)
        case "new_customers":
            return _n("**{value}** customer bought for the first time {when}.",
                      "**{value}** customers bought for the first time {when}.", n, **values)  # fmt: skip
        case "returning_customers":
            return _n("**{value}** customer who had bought before bought again {when}.",
                      "**{value}** customers who had bought before bought again {when}.", n, **values)  # fmt: skip
        case "orders_per_buyer":
            return _(
                "A buyer placed **{value}** orders on average {when} ({n}; {level} interval {interval}).", **values
            )
    return _("**{value}** of {n} converted {when} ({level} interval {interval}).", **values)


def _comparisons(result: Overview, row: pd.Series) -> list[str]:
    """Against the period before, and against the same a year before."""
    if not result.finished:
        return []
    if result.before is None and result.year_before is None:
        return [_("There is no complete period to compare it with.")]
    if WHOLE[result.measure] is not None and row["n"] < TOO_FEW:
        return []
    compared = {"": result.before, "year_": result.year_before}
    return [
        _comparison(result, start, row[f"{prefix}before" if prefix else "previous"], *_ends(row, prefix))
        for prefix, start in compared.items()
        if start is not None
    ]


def _ends(row: pd.Series, prefix: str) -> list[float]:
    return [row[f"{prefix}change"], row[f"{prefix}change_low"], row[f"{prefix}change_high"]]


def _comparison(result: Overview, start: str, was: float, change: float, low: float, high: float) -> str:
    kind = KIND[result.measure]
    values = {"then": when(result, start), "was": value_text(kind, was, currency_of(result))}
    if change != change or low != low:
        return _("It was {was} {then}: too few for a comparison.", **values)
    values |= {"level": confidence(result.level), "interval": change_range(kind, low, high)}
    values |= {"change": change_text(kind, change)}
    values["size"] = change_text(kind, abs(change) if change < 2 else change).lstrip("+")
    if low > 0:
        return _("That is **{size} more** than {then} ({was}; {level} interval {interval}).", **values)
    if high < 0:
        return _("That is **{size} less** than {then} ({was}; {level} interval {interval}).", **values)
    return _(
        "It was {was} {then}; the change of {change} has a {level} interval of {interval}, which includes 0: it can be "
        "chance.",
        **values,
    )


def _beside(result: Conversion) -> list[str]:
    """The other rates: the same people out of others."""
    found = []
    for row in result.measures.itertuples():
        if row.measure != result.measure and row.n >= TOO_FEW:
            values = {"rate": value_text("share", row.value), "n": n_text(row.measure, row.n)}
            found.append(_("{rate} of {n}", **values))
    return [_("Out of others it is {rates}.", rates=", ".join(found))] if found else []
