"""What several readings say in the same words: the window, the dates, the data."""

from datetime import date

from insight.language import _, _n, calendar_period, count, day, length


def within(window: str | None) -> str:
    """The window, as the end of a sentence."""
    return _("with no time limit") if window is None else _("within {length}", length=length(window))


def nobody(result, first: str) -> str:
    """Why there is nobody to count; `first` : the first step's name."""
    if result.removed:
        return _("Everyone who entered is taken out by an exclusion, so there is no rate to show.")
    if result.order in ("any", "open"):
        return _("Nobody did any of the steps in the chosen dates, so there is no rate to show.")
    return _("Nobody did **{first}** in the chosen dates, so there is no rate to show.", first=first)


def entry_dates(result) -> list[str]:
    """Which entries count, where the dates are limited."""
    limits = {name: day(date.fromisoformat(d)) for name, d in (("start", result.start), ("end", result.end)) if d}
    if len(limits) == 2:
        return [_("Entries from {start} to {end} count.", **limits)]
    if result.start:
        return [_("Entries from {start} on count.", **limits)]
    if result.end:
        return [_("Entries up to {end} count.", **limits)]
    return []


def data_notes(result) -> list[str]:
    """What is odd about the times and the rows."""
    if result.dates_only:
        clock = _("The file has days without clock times, so events of one day count as being in order.")
        return [clock, *row_notes(result)]
    return row_notes(result)


def row_notes(result) -> list[str]:
    """What is odd about the rows, where they end."""
    said = []
    if result.left_out:
        said.append(
            _n(
                "{n} row after the last day of the analysis was left out.",
                "{n} rows after the last day of the analysis were left out.",
                result.left_out,
                n=count(result.left_out),
            )
        )
    if result.days_beyond:
        said.append(
            _n(
                "The last day of the analysis lies {n} day after the last row: counted as if nothing more happened.",
                "The last day of the analysis lies {n} days after the last row: counted as if nothing more happened.",
                result.days_beyond,
                n=count(result.days_beyond),
            )
        )
    return said


def when(result, period: str) -> str:
    """The period that begins on this day, as the middle of a sentence."""
    start = date.fromisoformat(period)
    name = calendar_period(start, result.period)
    match result.period:
        case "day":
            return _("on {day}", day=name)
        case "week":
            return _("in the {week}", week=name)
        case _month:
            return _("in {month}", month=name)
