"""How dates and times are written: one shape a format. The arithmetic from the parts to a moment is in date_parts.py.

To teach a new format, add its shape; the named groups say what each part is: y and yy (years of four and two digits),
m, mon (a month's name), d, a and b (day and month in an order that the column decides), H, M, S, f, half and early (am
or pm), zone, week and weekday (ISO 8601), quarter, epoch (since 1970), serial (days since 1900, as spreadsheets count).
Shapes see text in lower case, with ordinary digits and blanks, without the names of weekdays.
"""

import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.recognition.vocabulary import numbered, words

_HALF = "|".join(re.escape(word) for word in sorted([*words("morning"), *words("afternoon")], key=len, reverse=True))
_TIME = (
    r"(?P<H>\d{1,2})(?:[:.h时時点點](?P<M>\d{2})(?:[:.分](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?[分秒]?)?"
    rf"(?:\s*(?P<half>{_HALF}))?"
)
_CLOCK = rf"(?:(?:t|[\s,:]+(?:at\s+|в\s+|בשעה\s+)?|\s*)(?P<early>{_HALF})?\s*{_TIME})?"
_AFTER = _CLOCK.replace(r"|\s*)", ")")  # after a digit the time needs something in front
_ZONE = r"(?:\s*(?P<zone>(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5}))?(?:\s*\([^)]*\)|\[[^\]]*\])?"
_YEAR = r"(?P<y>\d{4})(?:\s*г(?:\.|ода?)?)?"
_LETTER = "[a-z\u00a1-\uffff]"  # of any script; \p{L} would take ten times as long to compile
_MONTH = rf"(?P<mon>{_LETTER}{{3,}}|{_LETTER}{{1,2}}月)\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_THREE = r"(?P<a>\d{1,2})\s?[-/.]\s?(?P<b>\d{1,2})\s?[-/.]\s?"
SHAPES = (
    rf"(?P<y>\d{{4}})\s?[-/.]\s?(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<d>\d{{1,2}}){_AFTER}{_ZONE}",  # 2026-01-31 08:26
    r"(?P<y>(?:19|2[01])\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])",  # 20260131
    r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])[t\s]?"  # 20260131T082600Z, 2026013108
    rf"(?P<H>[01]\d|2[0-3])(?::?(?P<M>[0-5]\d)(?::?(?P<S>[0-5]\d)(?:[.,](?P<f>\d{{1,9}}))?)?)?{_ZONE}",
    rf"{_THREE}{_YEAR}{_AFTER}{_ZONE}",  # 31/1/2026 or 1/31/2026
    rf"{_THREE}(?P<yy>\d{{2}})(?:\s*г\.?)?{_AFTER}{_ZONE}",  # 31.01.26
    r"(?P<epoch>\d{9,10}|\d{12,13}|\d{15,16}|\d{18}|[1-8]\d{18})(?:\.(?P<f>\d+))?",  # in s, ms, us or ns
    rf"{_DAY}[\s./-]*(?:of\s+)?{_MONTH}[\s,./-]*{_YEAR}{_AFTER}{_ZONE}",  # 31 january 2026, 31/jan/2026:08:26
    rf"{_DAY}[\s.-]*{_MONTH}[\s,.-]+(?P<yy>\d{{2}}){_AFTER}{_ZONE}",  # 31-jan-26
    rf"{_MONTH}[\s.-]*{_DAY},?[\s,-]+(?P<y>\d{{4}}){_AFTER}{_ZONE}",  # january 31, 2026 at 8:26 am
    rf"{_MONTH}\s+{_DAY}\s+{_TIME}(?:\s+(?P<zone>[a-z]{{1,5}}|[+-]\d{{4}}))?\s+(?P<y>\d{{4}})",  # jan 31 08:26:00 2026
    rf"(?P<y>\d{{4}})[\s-]{_MONTH}[\s-]{_DAY}{_AFTER}{_ZONE}",  # 2026-jan-31
    rf"(?P<y>\d{{4}})\s?年\s?(?P<m>\d{{1,2}})\s?月\s?(?P<d>\d{{1,2}})\s?[日号號]?{_CLOCK}{_ZONE}",  # 2026年1月31日
    r"(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})月?",  # 2026-01
    r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})",  # 01/2026
    r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])",  # 202601
    rf"{_MONTH}[\s,./-]*{_YEAR}",  # january 2026
    rf"{_MONTH}[\s'’-](?P<yy>\d{{2}})",  # jan-26
    r"(?P<y>\d{4})-?w(?P<week>\d{1,2})(?:-?(?P<weekday>[1-7]))?",  # 2026-w05
    r"(?P<y>\d{4})[\s-]?q(?P<quarter>[1-4])",  # 2026-q1
    r"q(?P<quarter>[1-4])[\s/-]?(?P<y>\d{4})",  # q1 2026
    r"(?P<serial>[2-6]\d{4}|7[0-2]\d{3})(?:[.,](?P<part>\d{1,15}))?",  # 46053.351: 31 January 2026 in a spreadsheet
)
TIME_SHAPES = (
    rf"(?P<early>{_HALF})?\s*{_TIME}",  # 08:26:00, 8:26 am, 8
    r"(?P<H>\d{1,2})(?P<M>[0-5]\d)",  # 826
    r"0?[.,](?P<part>\d{1,15})",  # 0.351: the part of a day, as spreadsheets keep it
)
LONGEST = 80  # characters of a date with everything around it
_INVISIBLE = "[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"


def plain_dates(texts: pa.Array) -> pa.Array:
    """Dates as the shapes expect them.

    >>> plain_dates(pa.array(["Thu, 05 Mar 2026", "２０２６年3月5日 星期四", "чт, 5 марта"])).to_pylist()
    ['05 mar 2026', '2026年3月5日', '5 марта']
    """
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKC"), _INVISIBLE, "")
    texts = pc.utf8_trim_whitespace(pc.utf8_lower(texts))
    if pc.any(pc.match_substring_regex(texts, f"{_LETTER}{{2}}")).as_py():
        texts = pc.replace_substring_regex(texts, rf"^(?:{_weekdays()})\.?,?\s+|\s*\(?(?:{_weekdays()})\)?$", "")
    return texts


@cache
def _weekdays() -> str:
    names = {name[:cut] for name in numbered("weekday") for cut in (3, 4, 5, len(name)) if cut <= len(name)}
    names |= {name for name in numbered("weekday") if len(name) < 3}
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


@cache
def month_numbers() -> dict[str, int]:
    """Names of months and their beginnings of three letters and more -> 1 to 12.

    >>> [month_numbers().get(name) for name in ("mar", "sept", "марта", "янв", "במרץ", "十月", "maybe")]
    [3, 9, 3, 1, 3, 10, None]
    """
    whole = numbered("month")
    beginnings = {name[:cut]: month for name, month in whole.items() for cut in range(3, len(name))}
    return beginnings | whole


def looks_dated(cells: list[str]) -> bool:
    """Whether any of a few cells is written like a date; quicker than reading them.

    >>> looks_dated(["soon", "Thu, 5 Mar 2026"]), looks_dated(["item 7"])
    (True, False)
    """
    return any(_like_a_date().fullmatch(cell.strip().lower()) for cell in cells if len(cell) <= LONGEST)


@cache
def _like_a_date() -> re.Pattern:
    months = "|".join(map(re.escape, sorted(month_numbers(), key=len, reverse=True)))
    shapes = "|".join(SHAPES).replace(_MONTH, rf"(?:{months})\.?")
    nameless = re.sub(r"\?P<\w+>", "?:", shapes)
    return re.compile(rf"(?:(?:{_weekdays()})\.?,?\s+)?(?:{nameless})(?:\s*\(?(?:{_weekdays()})\)?)?")
