"""The definition card of a number: its formula, filled with the visitor's own numbers, and what it leaves out."""

from dataclasses import dataclass
from datetime import date

from insight.explain.counting import counts_of_period
from insight.explain.notes import within
from insight.funnel import TOO_FEW, Funnel
from insight.funnel.drops import goal, n_counted, n_customers
from insight.funnel.peers import FunnelPeers
from insight.funnel.trend import FunnelTrend
from insight.funnel.words import counted, goal_name, step_names
from insight.funnel.worth import FunnelWorth
from insight.language import (
    _,
    _n,
    calendar_period,
    confidence,
    count,
    day,
    decimal,
    interval,
    percent,
    plain,
    points_interval,
)
from insight.language import points as points_of


@dataclass(frozen=True)
class Card:
    """What a number means, on this data.

    title : the number's name
    formula : its definition as LaTeX, with this result's numbers filled in
    sentences : what is counted; out of whom; the interval and its level; what was left out, and why (Markdown)
    source : where definition and interval come from
    function : dotted name of what computes it
    """

    title: str
    formula: str
    sentences: tuple[str, ...]
    source: str
    function: str


def funnel_card(result: Funnel) -> Card:
    """The definition of a funnel's overall conversion."""
    n, last = n_counted(result.steps), goal(result.steps)
    reached, position = int(last["reached"]), int(last.name) + 1
    whole = {"any": r"R_{\ge 1}", "open": "N"}.get(result.order, "R_1")
    part = rf"R_{{\ge {position}}}" if result.order == "any" else f"R_{{{position}}}"
    return Card(
        title=_("Overall conversion"),
        formula=_fraction(r"\text{overall conversion}", part, whole, reached, n, rated=n_customers(result) >= TOO_FEW),
        sentences=(
            _counts(result),
            _denominator(result, n),
            *_wilson(result, n, n_customers(result), last["ci_low"], last["ci_high"]),
            _left_out(result),
        ),
        source=_source(result),
        function="insight.funnel.funnel",
    )


def funnel_trend_card(result: FunnelTrend) -> Card:
    """The definition of overall conversion in a period, of the last that is finished."""
    finished = result.periods[(result.periods["observed"] == "full") & (result.periods["entered"] > 0)]
    sentences = [counts_of_period(result)]
    formula = r"\text{overall conversion}_p = \frac{R_p}{E_p}"
    if len(finished):
        row = finished.iloc[-1]
        formula = _fraction(
            r"\text{overall conversion}_p", "R_p", "E_p", int(row["reached"]), int(row["entered"]),
            rated=row["entered"] >= TOO_FEW,
        )  # fmt: skip
        period = calendar_period(date.fromisoformat(row["period"]), result.period)
        sentences.append(_("Out of: {n} who came in it ({period}).", n=count(row["entered"]), period=period))
        sentences += _wilson(result, int(row["entered"]), int(row["entered"]), row["ci_low"], row["ci_high"])
        if row["difference"] == row["difference"] and row["entered"] >= TOO_FEW:
            range_ = points_interval(row["difference_low"], row["difference_high"])
            said = {"points": points_of(row["difference"]), "interval": range_, "level": confidence(result.level)}
            sentences.append(
                _("Since the period before: {points} points ({level} interval {interval}, Newcombe’s).", **said)
            )
    rest = int((result.periods["observed"] != "full").sum())
    sentences.append(
        _n(
            "Left out: {n} period that is not finished or not whole.",
            "Left out: {n} periods that are not finished or not whole.",
            rest,
            n=count(rest),
        )
        if rest
        else _("Nothing was left out.")
    )
    source = _("Wilson 1927, JASA 22; Newcombe 1998, Statistics in Medicine 17, method 10.")
    return Card(
        _("Overall conversion by period"), formula, tuple(sentences), source, "insight.funnel.trend.funnel_trend"
    )


def funnel_peers_card(result: FunnelPeers) -> Card:
    """The definition of the difference between this funnel and another way to count."""
    ours = result.tools.iloc[0]
    rated = result.tools[(result.tools["tool"] != ours["tool"]) & (result.tools["reached_first"].fillna(0) >= TOO_FEW)]
    formula = r"\text{difference} = \text{their rate} - \text{this rate}"
    sentences = [
        _("Counted: the same steps, by the same function, with each tool’s documented defaults as its settings."),
        _("This funnel: {reached} of {customers}.", reached=count(ours["reached_last"]),
          customers=counted(result.ours, int(ours["reached_first"]))),
    ]  # fmt: skip
    if len(rated):
        most = rated.loc[rated["difference"].abs().idxmax()]
        rates = [_share(share) for share in (most["overall_conversion"], ours["overall_conversion"])]
        formula += rf" = {rates[0]} - {rates[1]} = {_points(most['difference'])}"
        sentences.append(_("In the formula: {tool}, which is furthest from this funnel.", tool=most["tool"]))
    sentences.append(_("The rates are of mostly the same people: their intervals do not tell whether they differ."))
    none = result.tools["tool"][result.tools["reached_first"].isna()]
    sentences.append(
        _n(
            "Left out: {n} way that this data cannot be counted in.",
            "Left out: {n} ways that this data cannot be counted in.",
            len(none),
            n=count(len(none)),
        )
        if len(none)
        else _("Nothing was left out.")
    )
    source = _("The documentation of PostHog, Mixpanel, Amplitude and Google Analytics 4, named in each row.")
    return Card(_("How others would count"), formula, tuple(sentences), source, "insight.funnel.peers.funnel_peers")


def funnel_worth_card(result: FunnelWorth) -> Card:
    """The definition of what a point would bring, for the step where it brings most."""
    formula = r"\text{extra completions}_k = \delta \, R_{k-1} \, \frac{R_n}{R_k}"
    sentences = [
        _("Counted: how many more of {n} customers would reach the last step with one step’s conversion higher by "
          "{points} points, and the later steps converting as they do now.",
          n=count(result.n), points=f"{result.points:g}"),
    ]  # fmt: skip
    if result.first and result.n >= TOO_FEW:
        row = result.steps[result.steps["step"] == result.first[0]].iloc[0]
        numbers = rf"{row['points'] / 100:g} \cdot {_number(row['before'])} \cdot "
        numbers += rf"\frac{{{_number(result.completions)}}}{{{_number(row['reached'])}}}"
        formula += f" = {numbers} = {decimal(row['extra_completions'])}"
        sentences.append(_("In the formula: **{step}**, where a point brings most.", step=plain(row["step"])))
    sentences += [
        _("The {level} interval carries what is uncertain about the later steps (Wilson), and of money also the mean "
          "amount (t).", level=confidence(result.level)),
        _("Left out: whether those who stop today would convert like the others. That would take an experiment."),
    ]  # fmt: skip
    source = _("Wilson 1927, JASA 22; Zou & Donner 2008, Statistics in Medicine 27, for the product.")
    return Card(
        _("What a point would be worth"), formula, tuple(sentences), source, "insight.funnel.worth.funnel_worth"
    )


def _fraction(name: str, part: str, whole: str, reached: int, n: int, *, rated: bool) -> str:
    """The definition, and where there is somebody its numbers; of too few people no rate is written."""
    formula = rf"{name} = \frac{{{part}}}{{{whole}}}"
    if not n:
        return formula
    formula += rf" = \frac{{{_number(reached)}}}{{{_number(n)}}}"
    return formula if not rated else f"{formula} = {_share(reached / n)}"


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")


def _share(rate: float) -> str:
    return percent(rate).replace("%", r"\%")


def _points(difference: float) -> str:
    return rf"{points_of(difference).replace('−', '-')}\ \text{{points}}"


def _counts(result: Funnel) -> str:
    """What is counted, and how its steps must lie."""
    names = [plain(name) for name in step_names(result)]
    values = {"first": names[0], "last": plain(goal_name(result)), "all": len(names), "within": within(result.within)}
    match result.order:
        case "strict":
            return _(
                "Counted: who did every step from **{first}** to **{last}** {within}, nothing in between.", **values
            )
        case "any":
            return _("Counted: who did all {all} steps, in any order, {within} of the earliest.", **values)
        case "open":
            return _("Counted: who entered at any step and went on from there, step by step, to **{last}** {within}.",
                     **values)  # fmt: skip
        case _ordered:
            return _("Counted: who did every step from **{first}** to **{last}**, in order, {within}.", **values)


def _denominator(result: Funnel, n: int) -> str:
    values = {"customers": counted(result, n), "first": plain(step_names(result)[0])}
    full_time = result.entries == "mature"
    if result.order in ("any", "open"):
        if full_time:
            return _("Out of: {customers} with any of the steps, for whom the whole time has passed.", **values)
        return _("Out of: {customers} with any of the steps, also those who still have time.", **values)
    if full_time:
        return _("Out of: {customers} with **{first}**, for whom the whole time has passed.", **values)
    return _("Out of: {customers} with **{first}**, also those who still have time.", **values)


def _wilson(result, n: int, customers: int, low: float, high: float) -> list[str]:
    if n < TOO_FEW:
        return [_("No interval: n is below {few}.", few=TOO_FEW)]
    if customers < TOO_FEW:
        return [_("No interval: they are of fewer than {few} customers.", few=TOO_FEW)]
    values = {"n": count(n), "level": confidence(result.level), "interval": interval(low, high)}
    if getattr(result, "unit", "customer") != "customer":
        return [_("n = {n}; the {level} interval is {interval} (Wilson’s, with fewer effective sessions).", **values)]
    return [_("n = {n}; the {level} interval is {interval} (Wilson’s).", **values)]


def _source(result: Funnel) -> str:
    match result.order:
        case "any":
            return _("Any order as in PostHog and Mixpanel; Wilson 1927, JASA 22, for the interval.")
        case "open":
            return _("The open funnel of Google Analytics 4; Wilson 1927, JASA 22, for the interval.")
        case _ordered:
            return _("The attempt of ClickHouse’s windowFunnel; Wilson 1927, JASA 22, for the interval.")


def _left_out(result: Funnel) -> str:
    said = []
    if result.still_open:
        said.append(_("{customers} with time left", customers=counted(result, result.still_open)))
    if result.removed:
        said.append(_("{customers} taken out by an exclusion", customers=counted(result, result.removed)))
    if result.left_out:
        last_day = day(date.fromisoformat(result.as_of))
        rows = count(result.left_out)
        said.append(_n("{n} row after {day}", "{n} rows after {day}", result.left_out, n=rows, day=last_day))
    if not said:
        return _("Nothing was left out.")
    return _("Left out: {what}.", what="; ".join(said))
