"""Words and numbers as a visitor reads them: translation and every format, in this one place.

Whole sentences are wrapped in ``_("{n} customers", n=count(5))``; Babel finds them by that name. A value that came
out of a visitor's file (an event name, a column) goes through :func:`plain` before it stands in a sentence, because
sentences are shown as Markdown.
"""

import gettext
import re
from datetime import date
from pathlib import Path

_catalog = gettext.translation("insight", Path(__file__).parents[1] / "locale", languages=["en"], fallback=True)


def _(message: str, /, **values: object) -> str:
    """The sentence in the visitor's language, with named values filled in."""
    return _catalog.gettext(message).format(**values)


def _n(one: str, many: str, number: int, /, **values: object) -> str:
    """The sentence for one or for many, as the language counts.

    >>> _n("{n} customer", "{n} customers", 1, n=count(1)), _n("{n} customer", "{n} customers", 1200, n=count(1200))
    ('1 customer', '1,200 customers')
    """
    return _catalog.ngettext(one, many, number).format(**values)


def count(n: float) -> str:
    """A whole number with thousands separators.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{n:,.0f}"


def decimal(n: float) -> str:
    """A number that need not be whole: one decimal below a hundred, two below one.

    >>> decimal(10.83), decimal(1234.5), decimal(0.064), decimal(0), decimal(float("nan"))
    ('10.8', '1,234', '0.06', '0', '–')
    """
    if n != n:
        return "–"
    return count(n) if abs(n) >= 100 or not n else f"{n:.1f}" if abs(n) >= 1 else f"{n:.2f}"


def compact(n: float) -> str:
    """A number in as few characters as say it: for cells and labels with little room.

    >>> [compact(n) for n in (7, 83.4, 940, 4756, 27_031, 1_250_000, float("nan"))]
    ['7', '83', '940', '4.8k', '27k', '1.2M', '–']
    """
    if n != n:
        return "–"
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(n) >= size:
            return f"{n / size:.1f}{letter}" if abs(n) < 10 * size else f"{n / size:.0f}{letter}"
    return f"{n:.0f}"


def percent(share: float, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage; without decimals where it is exactly nothing or all.

    >>> percent(0.1149), percent(0.2), percent(1), percent(0), percent(12.5, 0), percent(float("nan"))
    ('11.5%', '20.0%', '100%', '0%', '1,250%', '–')
    """
    if share != share:
        return "–"
    return f"{100 * share:.0f}%" if share in (0, 1) else f"{100 * share:,.{digits}f}%"


def interval(low: float, high: float) -> str:
    """Both ends of an interval of a rate; a dash where there is none.

    >>> interval(0.107, 0.1233), interval(float("nan"), float("nan"))
    ('10.7–12.3%', '–')
    """
    if low != low:
        return "–"
    return f"{percent(low).removesuffix('%')}–{percent(high)}"


def points(difference: float) -> str:
    """A difference between two shares in percentage points, with its sign.

    >>> points(0.0214), points(-0.004), points(0), points(-0.0001), points(float("nan"))
    ('+2.1', '−0.4', '0.0', '0.0', '–')
    """
    if difference != difference:
        return "–"
    return f"{100 * difference:+.1f}".replace("-", "−") if abs(difference) >= 0.0005 else "0.0"


def points_interval(low: float, high: float) -> str:
    """Both ends of an interval of a difference.

    >>> points_interval(-0.0732, 0.116), points_interval(float("nan"), float("nan"))
    ('−7.3 to +11.6 points', '–')
    """
    return "–" if low != low else _("{low} to {high} points", low=points(low), high=points(high))


def growth(change: float) -> str:
    """A relative change with its sign; of several times as much, the factor.

    >>> growth(0.123), growth(-0.04), growth(0), growth(4.2), growth(float("nan"))
    ('+12.3%', '−4.0%', '0.0%', '×5.2', '–')
    """
    if change != change:
        return "–"
    if change >= 2:
        return f"×{decimal(1 + change)}"
    return f"{100 * change:+.1f}%".replace("-", "−") if abs(change) >= 0.0005 else "0.0%"


def growth_interval(low: float, high: float) -> str:
    """Both ends of an interval of a relative change.

    >>> growth_interval(-0.032, 0.116), growth_interval(float("nan"), float("nan"))
    ('−3.2% to +11.6%', '–')
    """
    return "–" if low != low else _("{low} to {high}", low=growth(low), high=growth(high))


def chance(p: float) -> str:
    """A p- or q-value as it stands after its letter: equal to two digits that say something, or below a thousandth.

    >>> chance(0.0123), chance(0.3), chance(0.00004), chance(0.9999)
    ('= 0.012', '= 0.30', '< 0.001', '> 0.99')
    """
    if p < 0.001:
        return "< 0.001"
    if p > 0.99:
        return "> 0.99"
    return f"= {p:.2f}" if p >= 0.095 else f"= {p:.3f}"


def money(amount: float, currency: str | None = None) -> str:
    """An amount with its currency; with cents below a hundred.

    >>> money(61.664, "EUR"), money(12345.6), money(-0.5, "USD"), money(0), money(float("nan"))
    ('61.66 EUR', '12,346', '−0.50 USD', '0', '–')
    """
    if amount != amount:
        return "–"
    number = f"{amount:,.0f}" if abs(amount) >= 100 or not amount else f"{amount:.2f}"
    return f"{number} {currency or ''}".strip().replace("-", "−")


def confidence(level: float) -> str:
    """The level of an interval.

    >>> confidence(0.95), confidence(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * level:.6g}%"


def duration(seconds: float) -> str:
    """A length of time in the two largest units that say something.

    >>> duration(42), duration(5400), duration(86400 * 7), duration(86400 * 2 + 3600 * 5), duration(float("nan"))
    ('42 s', '1 h 30 min', '7 d', '2 d 5 h', '–')
    """
    if seconds != seconds:
        return "–"
    parts, rest = [], int(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        whole, rest = divmod(rest, size)
        if whole or (unit == "s" and not parts):
            parts.append(f"{whole} {unit}")
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts)


def length(window: str) -> str:
    """A length of time as written in a setting, in words.

    >>> length("7D"), length("1h"), length("30min")
    ('7 days', '1 hour', '30 minutes')
    """
    number, unit = re.fullmatch(r"(\d+)([a-zA-Z]+)", window).groups()
    n = int(number)
    match unit:
        case "s":
            return _n("{n} second", "{n} seconds", n, n=count(n))
        case "min":
            return _n("{n} minute", "{n} minutes", n, n=count(n))
        case "h":
            return _n("{n} hour", "{n} hours", n, n=count(n))
        case "W":
            return _n("{n} week", "{n} weeks", n, n=count(n))
        case "D":
            return _n("{n} day", "{n} days", n, n=count(n))
    raise ValueError(f"{window!r} is not a length of time")


def day(value: date) -> str:
    """A calendar day, unambiguous everywhere.

    >>> day(date(2026, 3, 5))
    '5 Mar 2026'
    """
    return f"{value.day} {value:%b %Y}"


def calendar_period(start: date, period: str) -> str:
    """A day, week or month by its first day.

    >>> [calendar_period(date(2026, 3, 2), period) for period in ("day", "week", "month")]
    ['2 Mar 2026', 'week of 2 Mar 2026', 'Mar 2026']
    """
    match period:
        case "day":
            return day(start)
        case "week":
            return _("week of {day}", day=day(start))
        case "month":
            return f"{start:%b %Y}"
    raise ValueError(f"{period!r} is not a calendar period")


def plain(text: object) -> str:
    r"""Text from a visitor's file, made safe to stand inside a Markdown sentence.

    Markup is escaped. Addresses would become links all the same, so an invisible word joiner stands inside them.

    >>> plain("**bold** ![x](a)")
    '\\*\\*bold\\*\\* \\!\\[x\\]\\(a\\)'
    >>> plain("www.a.b"), plain("c@d.e"), plain("http:f")
    ('www\u2060\\.a\\.b', 'c\u2060\\@d\\.e', 'http\u2060\\:f')
    """
    words = " ".join(str(text).split())
    words = re.sub(r"(?i)(www(?=\.)|[a-z](?=:)|(?<=\S)(?=@))", "\\1\u2060", words)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", words)
