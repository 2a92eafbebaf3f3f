"""Why a rate moved, and the hours of the week, in words."""

from datetime import date

from insight.explain.cards import Card
from insight.explain.notes import when
from insight.language import _, _n, confidence, count, day, decimal, growth, money, percent, plain
from insight.overview.change import ENOUGH
from insight.overview.rate_change import RateChange
from insight.overview.rate_words import adds_up, effect_range, effect_text, rate_name, rate_text, units_of
from insight.overview.rhythm import Rhythm
from insight.overview.rhythm_words import cell_name, measure_name
from insight.overview.words import period_name

MOSTLY = 2 / 3  # of the effects' sizes: then it is mostly the one or the other
CELL_TOO_FEW = 10  # in the busiest hour: of fewer, which hour is busiest is chance


def rate_change_reading(result: RateChange) -> str:
    """What moved the rate, as Markdown: the change, what of it is mix and what rates, and the group with the most."""
    answer = [_change(result), *_split(result), *_most(result), *_against_all(result)]
    notes = [_("This is arithmetic: it says where the change is, not what brought it about.")]
    if result.of == "per_session":
        notes.append(_("Conversion is split per session: a session is in one group, a visitor may come by several."))
    small = int((result.effects[["n_before", "n"]].min(axis=1) < ENOUGH).sum())
    if small:
        notes.append(_n("{n} group has fewer than {enough} {units} in one of the two periods.",
                        "{n} groups have fewer than {enough} {units} in one of the two periods.",
                        small, n=count(small), enough=ENOUGH, units=_unit_name(result)))  # fmt: skip
    return " ".join(answer) + "\n\n" + " ".join(notes)


def rate_change_caption(result: RateChange) -> str:
    """What was compared, in one line of plain text that travels with a picture."""
    by = result.by["column"] if isinstance(result.by, dict) else result.by
    then, now = (period_name(start, result.period) for start in (result.before, result.at))
    values = {"before": then, "now": now}
    return " · ".join([rate_name(result), _("{before} to {now}", **values), _("by {column}", column=by),
                       _("{n} and {m}", n=count(result.n_before), m=units_of(result, result.n))])  # fmt: skip


def rate_change_card(result: RateChange) -> Card:
    """The definition of mix and rate effects."""
    formula = r"\Delta = \underbrace{\sum_g \Delta w_g\,(\bar r_g - \bar R)}_{\text{mix}}"
    formula += r" + \underbrace{\sum_g \Delta r_g\,\bar w_g}_{\text{rates}} = "
    parts = (result.mix_effect, result.rate_effect, result.difference)
    mix, rates, whole = (effect_text(result, part).replace("−", "-") for part in parts)
    equals = "=" if adds_up(result) else r"\approx"
    formula += rf"\text{{{mix}}} + (\text{{{rates}}}) {equals} \text{{{whole}}}"
    values = {"units": _unit_name(result), "n": count(result.n_before), "m": units_of(result, result.n)}
    return Card(
        title=_("Mix and rate effects"),
        formula=formula,
        sentences=(
            _("Counted: each group’s share w of all {units}, and its rate r, in both periods; a bar over a letter is "
              "the mean of the two.", **values),
            _("Out of: {n} and {m}.", **values),
            _("The interval of the whole change allows for customers being in both periods."),
            _("Nothing is left over: the effects of all groups add up to the change."),
        ),
        source=_("Kitagawa 1955, JASA 50, in the symmetric form; Zou & Donner 2008, Statistics in Medicine 27."),
        function="insight.overview.rate_change.rate_change",
    )  # fmt: skip


def _change(result: RateChange) -> str:
    values = {"rate": rate_name(result), "was": rate_text(result, result.rate_before)}
    values |= {"is": rate_text(result, result.rate), "before": period_name(result.before, result.period)}
    values |= {"now": when(result, result.at), "change": effect_text(result, result.difference)}
    values |= {"interval": effect_range(result, result.difference_low, result.difference_high)}
    said = _("**{rate}** went from {was} ({before}) to {is} {now}: **{change}**.", **values)
    if result.difference_low != result.difference_low:
        return said
    level = confidence(result.level)
    if result.difference_low <= 0 <= result.difference_high:
        return f"{said} " + _("Its {level} interval is {interval} and includes 0: all of it can be chance.",
                              level=level, **values)  # fmt: skip
    return f"{said} " + _("Its {level} interval is {interval}.", level=level, **values)


def _split(result: RateChange) -> list[str]:
    if not result.difference and not result.mix_effect:
        return []
    values = {"mix": effect_text(result, result.mix_effect), "rates": effect_text(result, result.rate_effect)}
    sizes = abs(result.mix_effect), abs(result.rate_effect)
    if sizes[0] >= MOSTLY * sum(sizes):
        said = _("It is mostly another mix of groups ({mix}); other rates in them add {rates}.", **values)
    elif sizes[1] >= MOSTLY * sum(sizes):
        said = _("It is mostly other rates in the groups ({rates}); another mix of them adds {mix}.", **values)
    else:
        said = _("It is both another mix of groups ({mix}) and other rates in them ({rates}).", **values)
    return [said] if adds_up(result) else [said, _("(The numbers are rounded.)")]


def _most(result: RateChange) -> list[str]:
    if len(result.effects) < 2:
        return [_("Everything is in one group.")]
    row = result.effects.iloc[0]
    if not row["effect"]:
        return []
    values = {"group": plain(row["group"]), "effect": effect_text(result, row["effect"])}
    values |= {"was": percent(row["weight_before"]), "is": percent(row["weight"]), "units": _unit_name(result)}
    values |= {"rate_was": rate_text(result, row["rate_before"]), "rate": rate_text(result, row["rate"])}
    return [
        _(
            "**{group}** moved it most ({effect}): from {was} to {is} of the {units}, its rate from {rate_was} to "
            "{rate}.",
            **values,
        )
    ]


def _against_all(result: RateChange) -> list[str]:
    """Where the whole moves one way and the groups the other: the reversal that Simpson's paradox is about."""
    steps = result.effects["rate_effect"]
    if result.difference > 0 and (steps < 0).any() and not (steps > 0).any():
        return [_("No group’s rate rose, and yet the whole did: that is the mix alone.")]
    if result.difference < 0 and (steps > 0).any() and not (steps < 0).any():
        return [_("No group’s rate fell, and yet the whole did: that is the mix alone.")]
    return []


def _unit_name(result: RateChange) -> str:
    return {"sessions": _("sessions"), "orders": _("orders")}[result.unit]


def rhythm_reading(result: Rhythm) -> str:
    """When most happens, as Markdown: the busiest hour (or weekday) against the mean of all."""
    if not result.n:
        return _("Nothing of this happened in these days.")
    cells = result.cells[result.cells["per_occurrence"].notna()]
    busiest = cells.loc[cells["per_occurrence"].idxmax()]
    mean = cells["value"].sum() / cells["occurrences"].sum()
    values = {"what": measure_name(result).lower(), "cell": cell_name(busiest["weekday"], busiest["hour"])}
    values |= {"most": _amount(result, busiest["per_occurrence"]), "mean": _amount(result, mean)}
    values |= {"more": growth(busiest["per_occurrence"] / mean - 1) if mean > 0 else "–"}
    if result.dates_only:
        answer = _("Most {what} fall on **{cell}**: {most} on such a day, against {mean} on any ({more}).", **values)
    else:
        answer = _("Most {what} fall on **{cell}**: {most} in such an hour, against {mean} in any ({more}).", **values)
    return f"{answer}\n\n{' '.join(_rhythm_notes(result, busiest))}"


def _rhythm_notes(result: Rhythm, busiest) -> list[str]:
    said = []
    if result.measure != "revenue" and busiest["value"] < CELL_TOO_FEW:
        said.append(_("That is too few to tell which hour is busiest: look at whole days and parts of days."))
    elif not result.dates_only:
        said.append(_("Of 168 hours one is always first: trust a pattern of several hours more than a single cell."))
    if result.dates_only:
        said.append(_("The file has days without clock times: its hours are unknown."))
    elif result.timezone is None:
        said.append(_("Hours are as the file has them; it does not say of which time zone."))
    else:
        said.append(_("Hours are those of {timezone}.", timezone=plain(result.timezone)))
    return said


def rhythm_caption(result: Rhythm) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    first, last = (day(date.fromisoformat(one)) for one in (result.data_start, result.data_end))
    zone = [result.timezone] if result.timezone else []
    return " · ".join([_("{what} by weekday and hour", what=measure_name(result)), count(result.n),
                       _("{first} to {last}", first=first, last=last), *zone])  # fmt: skip


def rhythm_card(result: Rhythm) -> Card:
    """The definition of a cell."""
    cells = result.cells[result.cells["per_occurrence"].notna()]
    busiest = cells.loc[cells["per_occurrence"].idxmax()]
    part, whole, name = _("what happened in such hours"), _("such hours"), _("per such hour")
    formula = rf"\text{{{name}}} = \frac{{\text{{{part}}}}}{{\text{{{whole}}}}}"
    numbers = [
        _amount(result, busiest["value"]),
        decimal(busiest["occurrences"]),
        _amount(result, busiest["per_occurrence"]),
    ]
    formula += rf" = \frac{{\text{{{numbers[0]}}}}}{{\text{{{numbers[1]}}}}} = \text{{{numbers[2]}}}"
    counted = {
        "events": _("Counted: events."),
        "sessions": _("Counted: sessions, in the hour in which they begin."),
        "orders": _("Counted: purchases; refunds are none."),
        "revenue": _("Counted: amounts, refunds subtracted in the hour that they have."),
    }[result.measure]
    cell = cell_name(busiest["weekday"], busiest["hour"])
    left = _("Nothing was left out.")
    if result.left_out:
        left = _n("Left out: {n} row outside the chosen days.", "Left out: {n} rows outside the chosen days.",
                  result.left_out, n=count(result.left_out))  # fmt: skip
    return Card(
        title=_("What happens in an hour of the week"),
        formula=formula,
        sentences=(counted, _("In the formula: {cell}, where it is most.", cell=cell),
                   _("Out of: {n} in all.", n=count(result.n)), left),
        source=_("Counting; hours that a change of clocks skips or doubles are counted as they came."),
        function="insight.overview.rhythm.rhythm",
    )  # fmt: skip


def _amount(result: Rhythm, value: float) -> str:
    return money(value, result.currency) if result.measure == "revenue" else decimal(value)
