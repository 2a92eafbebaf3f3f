"""What several readings say in the same words: the window, the dates, the data."""

from datetime import date

from insight.language import _, _n, count, day, length


def within(window: str | None) -> str:
    """The window, as the end of a sentence."""
    return _("with no time limit") if window is None else _("within {length}", length=length(window))


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
    """What is odd about the rows."""
    said = []
    if result.dates_only:
        said.append(_("The file has days without clock times, so events of one day count as being in order."))
    if result.left_out:
        said.append(
            _n(
                "{n} row after the last day of the analysis was left out.",
                "{n} rows after the last day of the analysis were left out.",
                result.left_out,
                n=count(result.left_out),
            )
        )
    return said
