"""How cohorts were counted, in words."""

from insight.language import _, _n, count, length, percent, plain
from insight.retention import Retention
from insight.retention.revenue import CohortRevenue
from insight.retention.words import customers, starts_with

FAR_LARGER = 2  # times the usual cohort: then the first one may hold customers of before the data
APART = 0.005  # between the pooled rate and the mean of the cohorts' rates, worth a sentence


def counted_by(result: Retention) -> str:
    """What makes the cohorts, in plain text."""
    words = {"day": _("day"), "week": _("week"), "month": _("month")}
    value = {"period": words[result.period]}
    match result.cohort:
        case "first" if result.kind == "orders":
            return _("Retention by {period} of the first purchase", **value)
        case "first":
            return _("Retention by {period} of the first event", **value)
        case "recurring":
            return _("Retention by {period} of activity", **value)
        case {"column": column}:
            return _("Retention by {column}", column=column)
    event = result.cohort["event"]
    return _(
        "Retention by {period} of the first {event}",
        event=event if isinstance(event, str) else " / ".join(event),
        **value,
    )


def retention_notes(result: Retention) -> list[str]:
    """What of the settings and the data changes the meaning of the numbers."""
    return [*_cohorts(result), *_clock(result), _denominator(result), *_average(result), *_old_customers(result)]


def _cohorts(result: Retention) -> list[str]:
    said = []
    if result.cohort == "recurring":
        said.append(
            _(
                "Customers stand in the cohort of every period in which they are active, so one counts several times, "
                "and there is no interval for all together."
            )
        )
    elif isinstance(result.cohort, dict) and "column" in result.cohort:
        said.append(
            _(
                "A customer belongs to the value of **{column}** at the {start}.",
                column=plain(result.cohort["column"]),
                start=starts_with(result),
            )
        )
    else:
        said.append(_("A customer starts with the {start}.", start=starts_with(result)))
    if result.returns is not None:
        written = result.returns.get("events") if isinstance(result.returns, dict) else result.returns
        names = [written] if isinstance(written, str) else written or []
        if names:
            either = " / ".join(f"**{plain(name)}**" for name in names)
            said.append(_("Only {events} counts as coming back.", events=either))
        if isinstance(result.returns, dict) and result.returns.get("where"):
            said.append(_("Coming back has to meet conditions."))
    return said


def _clock(result: Retention) -> list[str]:
    if result.clock == "calendar":
        return []
    span = {"day": "24h", "week": "7D", "month": "30D"}[result.period]
    said = [_("Periods are {length} each, counted from the customer’s own start.", length=length(span))]
    if result.dates_only:
        said.append(_("The file has days without clock times, so they begin at midnight."))
    return said


def _denominator(result: Retention) -> str:
    if isinstance(result.cohort, dict) and "column" in result.cohort:
        return _("In each period only those count whose period is over.")
    return _("A rate stands only where the period is over for everyone in the cohort.")


def _average(result: Retention) -> list[str]:
    rows = result.average[(result.average["period"] > 0) & (result.average["n_customers"] > 0)]
    if isinstance(result.cohort, dict) and "column" in result.cohort:
        return []
    if rows.empty or abs(rows["simple_mean"].iloc[0] - rows["retention"].iloc[0]) < APART:
        return []
    cells = result.cells[(result.cells["period"] == rows["period"].iloc[0]) & (result.cells["observed"] == "full")]
    return [
        _(
            "All cohorts together are pooled, so large ones weigh more; each weighing the same, the smallest of {n} as "
            "well, it would be {mean}.",
            n=customers(cells["n_customers"].min()),
            mean=percent(rows["simple_mean"].iloc[0]),
        )
    ]


def _old_customers(result: Retention) -> list[str]:
    """Whether some who look new may be customers of before the data."""
    if result.guarded:
        return [
            _n(
                "{n} of the first {guard} is left out: perhaps no new customer.",
                "{n} of the first {guard} are left out: perhaps no new customers.",
                result.guarded,
                n=customers(result.guarded),
                guard=length(result.guard),
            )
        ]
    sizes = result.cohorts["n_customers"]
    dated = result.cohort == "first" or (isinstance(result.cohort, dict) and "event" in result.cohort)
    if result.guard is None and dated and len(sizes) > 3 and sizes.iloc[0] >= FAR_LARGER * sizes.iloc[1:].median():
        n = count(sizes.iloc[0])
        return [
            _(
                "The first cohort ({n}) is far larger than the others: it may hold customers of before the data. A "
                "guard leaves them out.",
                n=n,
            )
        ]
    return []


def nobody(result: Retention | CohortRevenue) -> str:
    """Why there is no cohort."""
    if result.guarded:
        return _(
            "The guard leaves nobody: everyone was there in the first {guard} of the data.", guard=length(result.guard)
        )
    return _("Nobody has a {start} in these days, so there is no cohort to follow.", start=starts_with(result))
