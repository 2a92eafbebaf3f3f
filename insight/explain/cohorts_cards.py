"""The definition cards of the numbers about cohorts."""

from datetime import date

from insight.explain.cards import Card
from insight.explain.cohorts_notes import counted_by
from insight.language import _, _n, confidence, count, day, interval, money, percent, points
from insight.retention import TOO_FEW, Retention
from insight.retention.peers import RetentionPeers
from insight.retention.revenue import CohortRevenue
from insight.retention.words import customers, period_name, way_to_count

CRITERION = {
    "on": _("active in the period itself"),
    "on_or_after": _("active in the period or in any later one"),
    "on_or_before": _("active in at least one of the periods up to it"),
    "streak": _("active in each of the periods up to it"),
    "bracket": _("active in at least one of the periods of the span"),
}


def retention_card(result: Retention) -> Card:
    """The definition of retention in a period, all cohorts together."""
    rows = result.average[(result.average["period"] > 0) & (result.average["n_customers"] > 0)]
    formula = r"\text{retention}_k = \frac{\sum_c R_{c,k}}{\sum_c N_c}"
    sentences = [
        _(
            "Counted: {what}; retained is who is {criterion}.",
            what=counted_by(result),
            criterion=CRITERION[result.criterion],
        )
    ]
    if len(rows):
        row = rows.iloc[0]
        k, n = int(row["period"]), int(row["n_customers"])
        formula = formula.replace("_k", f"_{{{k}}}").replace("c,k", f"c,{k}")
        formula += rf" = \frac{{{_number(row['retained'])}}}{{{_number(n)}}}"
        sentences.append(
            _n(
                "Out of: {customers} of {n} cohort for which {period} is over.",
                "Out of: {customers} of {n} cohorts for which {period} is over.",
                int(row["n_cohorts"]),
                customers=customers(n),
                n=count(row["n_cohorts"]),
                period=period_name(result, k),
            )
        )
        if n >= TOO_FEW:
            formula += f" = {_share(row['retention'])}"
        sentences.append(_interval(result, row, n))
    sentences.append(_left_out(result, len(result.cohorts) - (int(rows["n_cohorts"].iloc[0]) if len(rows) else 0)))
    source = _("Cohort tables as in Mixpanel, Amplitude and PostHog; Wilson 1927, JASA 22, for the interval.")
    return Card(_("Retention"), formula, tuple(sentences), source, "insight.retention.retention")


def cohort_revenue_card(result: CohortRevenue) -> Card:
    """The definition of what a customer has brought in."""
    rows = result.average[result.average["n_customers"] > 0]
    formula = r"\text{cumulative}_k = \sum_{j \le k} \frac{\sum_c M_{c,j}}{\sum_c N_c}"
    sentences = [
        _("Counted: payments less refunds from the first purchase on, per customer of cohorts whose period is over.")
    ]
    if len(rows):
        row = rows.iloc[-1]
        k, amount = int(row["period"]), row["cumulative_revenue_per_customer"]
        terms = [f"{value:.2f}" for value in rows["revenue_per_customer"]]
        shown = terms if len(terms) <= 3 else [*terms[:2], r"\dots", terms[-1]]
        formula = formula.replace("_k", f"_{{{k}}}").replace("k}", f"{k}}}") + f" = {' + '.join(shown)} = {amount:.2f}"
        sentences.append(
            _(
                "Out of: {first} in {a}, {last} in {b}.",
                first=customers(int(rows.iloc[0]["n_customers"])),
                a=period_name(result, int(rows.iloc[0]["period"])),
                last=customers(int(row["n_customers"])),
                b=period_name(result, k),
            )
        )
        values = {"low": money(row["ci_low"], result.currency), "high": money(row["ci_high"], result.currency)}
        sentences.append(
            _(
                "The {level} interval is {low} to {high}: how much it changes when a random twentieth of the "
                "customers is left out.",
                level=confidence(result.level),
                **values,
            )
        )
    sentences.append(_left_out(result, 0))
    source = _(
        "Gupta & Lehmann 2003, Journal of Interactive Marketing 17; Kott 2001, Journal of Official Statistics 17."
    )
    return Card(
        _("Revenue per customer acquired"),
        formula,
        tuple(sentences),
        source,
        "insight.retention.revenue.cohort_revenue",
    )


def retention_peers_card(result: RetentionPeers) -> Card:
    """The definition of the difference between this retention and another way to count."""
    tools = result.tools
    rated = tools[(tools["tool"] != "ours") & (tools["n_customers"].fillna(0) >= TOO_FEW)]
    formula = r"\text{difference} = \text{their rate} - \text{this rate}"
    sentences = [
        _("Counted: the same customers, by the same function, with each tool’s documented defaults as its settings.")
    ]
    if len(rated) and tools["retention"].notna().iloc[0]:
        most = rated.loc[rated["difference"].abs().idxmax()]
        rates = [_share(share) for share in (most["retention"], tools["retention"].iloc[0])]
        formula += rf" = {rates[0]} - {rates[1]} = {points(most['difference']).replace('−', '-')}\ \text{{points}}"
        name = way_to_count(most["tool"], most["changed"], most["settings"])
        sentences.append(
            _(
                "In the formula: {tool}, which is furthest from it, in {period}.",
                tool=name,
                period=period_name(result.ours, result.at),
            )
        )
    sentences.append(_("The rates are of mostly the same people: their intervals do not tell whether they differ."))
    missing = int(tools["n_customers"].isna().sum())
    sentences.append(
        _n(
            "Left out: {n} way that this data cannot be counted in.",
            "Left out: {n} ways that this data cannot be counted in.",
            missing,
            n=count(missing),
        )
        if missing
        else _("Nothing was left out.")
    )
    source = _("The documentation of Mixpanel, Amplitude, PostHog and Google Analytics 4, named in each row.")
    return Card(
        _("How others would count"), formula, tuple(sentences), source, "insight.retention.peers.retention_peers"
    )


def _interval(result: Retention, row, n: int) -> str:
    if n < TOO_FEW:
        return _("No interval: n is below {few}.", few=TOO_FEW)
    if row["ci_low"] != row["ci_low"]:
        return _("No interval: the same customers stand in several cohorts.")
    values = {"n": count(n), "level": confidence(result.level), "interval": interval(row["ci_low"], row["ci_high"])}
    return _("n = {n}; the {level} interval is {interval} (Wilson’s).", **values)


def _left_out(result: Retention | CohortRevenue, cohorts: int) -> str:
    said = []
    if cohorts > 0 and not (isinstance(result.cohort, dict) and "column" in result.cohort):
        said.append(
            _n("{n} cohort whose period is not over", "{n} cohorts whose period is not over", cohorts, n=count(cohorts))
        )
    if result.guarded:
        said.append(_("{customers} by the guard", customers=customers(result.guarded)))
    if result.left_out:
        last_day, rows = day(date.fromisoformat(result.as_of)), count(result.left_out)
        said.append(_n("{n} row after {day}", "{n} rows after {day}", result.left_out, n=rows, day=last_day))
    return _("Left out: {what}.", what="; ".join(said)) if said else _("Nothing was left out.")


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")


def _share(rate: float) -> str:
    return percent(rate).replace("%", r"\%")
