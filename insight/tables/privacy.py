"""Personal data: found by what stands in a column and by its name, before anyone looks at it.

Content decides wherever it can (an address with an @, a card number with its check digit); the name of a column only
helps where content alone would mistake an order number for a telephone, and tells names, streets and birthdays.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _
from insight.tables.cells.values import any_true, valid_mask
from insight.tables.recognition.contents import first_values
from insight.tables.recognition.headings import fold
from insight.tables.recognition.kinds import TABLES
from insight.tables.recognition.vocabulary import column_names

LOOKED_AT = 1000  # values of a column
MOST, HALF, NEARLY_ALL = 0.8, 0.5, 0.9  # share of the values that must look like it: alone, with the name, card numbers
FEWEST = 10  # different card-like numbers; fewer may pass the check digit by chance
FREE_TEXT = 20  # letters on average; longer values may hold an address among other words
PHONE_DIGITS = (7, 15)  # of a telephone number (ITU-T E.164: at most 15)
CARD_DIGITS = (13, 19)  # of a card number (ISO/IEC 7812)
EMAIL = r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+"
INTERNATIONAL = r"\+\d[\d\s().\-/]{6,20}"
IPV4 = r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
IPV6 = r"[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){3,7}"
PERSON = r"\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.?[\p{L}'’.-]*){1,3}"
NO_STREETS = ("email", "mail", "ip", "mac", "web", "url", "wallet")  # addresses of another kind
FOUND = {
    "email": _("E-mail addresses"),
    "phone": _("Telephone numbers"),
    "card": _("Numbers that look like payment cards"),
    "ip": _("IP addresses"),
    "person_name": _("Names of people"),
    "address": _("Street addresses"),
    "birth_date": _("Dates of birth"),
}
INSIDE = {"email": _("E-mail addresses inside texts"), "phone": _("Telephone numbers inside texts")}


@dataclass(frozen=True, eq=False)
class Personal:
    """Personal data in one column: what it is (a key of FOUND), and which cells hold it."""

    column: str
    what: str
    cells: np.ndarray
    inside_text: bool = False


def personal_data(table: pa.Table) -> list[Personal]:
    """The columns that hold personal data, judged by their first 1,000 values.

    Finds e-mail addresses, telephone numbers, payment cards (Luhn), IP addresses, names of people, street addresses
    and dates of birth. Not found: what only a human would recognise, such as a nickname.

    >>> cells = pa.table({"who": ["ana@example.org", "ben@example.org"], "order": ["4001", "4002"]})
    >>> [(found.column, found.what) for found in personal_data(cells)]
    [('who', 'email')]
    """
    found = []
    for name, cells in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_string(cells.type):
            if _called(name, "birth_date") and cells.null_count < len(cells):
                found.append(Personal(name, "birth_date", valid_mask(cells)))
            continue
        sample = first_values(cells, LOOKED_AT)
        if not len(sample):
            continue
        what = _what(name, sample)
        if what:
            found.append(Personal(name, what, valid_mask(cells)))
        elif pc.mean(pc.utf8_length(sample)).as_py() > FREE_TEXT:
            found += _inside(name, cells)
    return found


def _what(name: str, sample: pa.ChunkedArray) -> str | None:
    """What personal data a column holds, if any. What cannot be is ruled out by one letter, which is quick."""
    if any_true(pc.match_substring(sample, "@")) and _share(sample, EMAIL) >= HALF:
        return "email"
    if any_true(pc.match_substring_regex(sample, r"\d")) and (what := _numbered(name, sample)):
        return what
    if (_called(name, "person_name") or _people(name, sample)) and _share(sample, r"[^\d@]*\p{L}[^\d@]*") >= MOST:
        return "person_name"
    streets = _called(name, "address") and not fold(name).startswith(NO_STREETS)
    return "address" if streets and _share(sample, r".*\p{L}.*[\s\d].*") >= HALF else None


def _numbered(name: str, sample: pa.ChunkedArray) -> str | None:
    """What personal data a column with digits holds, if any."""
    if _share(sample, r"[+(]?\d[\d\s().\-/]*") >= HALF:
        if _cards(name, sample):
            return "card"
        if _phones(name, sample):
            return "phone"
    if "version" not in fold(name) and max(_share(sample, IPV4), _share(sample, IPV6)) >= MOST:
        return "ip"
    return "birth_date" if _called(name, "birth_date") and _share(sample, r".*\d.*") >= HALF else None


def _share(sample: pa.ChunkedArray, pattern: str) -> float:
    """The share of the values that are this from beginning to end."""
    return pc.mean(pc.match_substring_regex(sample, f"^(?:{pattern})$").cast(pa.int8())).as_py()


@cache
def _names(what: str) -> frozenset[str]:
    return frozenset(fold(word) for word in column_names("personal", what))


def _called(name: str, what: str) -> bool:
    """Whether a column is called like this, with or without something in front ("billing address 1")."""
    bare = fold(name).rstrip("0123456789")
    return bare in _names(what) or any(len(word) >= 5 and bare.endswith(word) for word in _names(what))


def _phones(name: str, sample: pa.ChunkedArray) -> bool:
    length = pc.utf8_length(pc.replace_substring_regex(sample, r"\D", ""))
    possible = pc.and_(pc.greater_equal(length, PHONE_DIGITS[0]), pc.less_equal(length, PHONE_DIGITS[1]))
    if pc.mean(possible.cast(pa.int8())).as_py() < HALF:
        return False
    sure = _share(sample, INTERNATIONAL) + _share(sample, r"\(\d{2,5}\)[\s\d/-]{6,}")
    return sure >= MOST or _called(name, "phone")


def _cards(name: str, sample: pa.ChunkedArray) -> bool:
    bare = pc.replace_substring_regex(sample, "[ -]", "").unique()
    shaped = bare.filter(pc.match_substring_regex(bare, rf"^[2-6]\d{{{CARD_DIGITS[0] - 1},{CARD_DIGITS[1] - 1}}}$"))
    if len(shaped) < NEARLY_ALL * len(bare):
        return False
    passed = sum(map(passes_luhn, shaped.to_pylist())) / len(shaped)
    return passed >= NEARLY_ALL and (len(shaped) >= FEWEST or _called(name, "card"))


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a card number (Luhn 1960; ISO/IEC 7812-1, annex B).

    >>> passes_luhn("4539148803436467"), passes_luhn("4539148803436468")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _people(name: str, sample: pa.ChunkedArray) -> bool:
    """Whether a column that is called "name" and no more holds people: two capitalised words, mostly different."""
    if fold(name) not in ("name", "שם"):
        return False
    return len(sample.unique()) > HALF * len(sample) and _share(sample, PERSON) >= MOST


def _inside(name: str, cells: pa.ChunkedArray) -> list[Personal]:
    """Addresses and numbers among other words, in the whole column: one in ten thousand texts is one too many."""
    found = []
    for what, sign, pattern in (("email", "@", EMAIL), ("phone", "+", INTERNATIONAL)):
        if not any_true(pc.match_substring(cells, sign)):
            continue
        at = np.asarray(pc.fill_null(pc.match_substring_regex(cells, pattern), False))
        if at.any():
            found.append(Personal(name, what, at, inside_text=True))
    return found


def note_personal_data(draft) -> None:
    """Add a finding for every column with personal data, and the fix: pseudonyms where the column is needed, else no
    column. Pseudonyms need a key, which only the caller can choose: it is None, and refused until one is set.
    """
    needed = {column.name for column in TABLES[draft.kind] if column.required} | {"order_id"}
    ids = {draft.columns.get(name) for name in needed}
    for personal in personal_data(draft.raw.columns):
        if personal.column in ids:
            hint = _(
                "Replace them by pseudonyms: the same person keeps the same one, and nobody can be recognised. "
                "That needs a key, a secret of your own."
            )
            fix = {"fix": "pseudonymise", "columns": [personal.column], "key": None}
        else:
            hint = _("No analysis needs them. Leave the column out, or replace its cells by pseudonyms.")
            fix = {"fix": "drop_columns", "columns": [personal.column]}
        draft.findings.add(
            (INSIDE if personal.inside_text else FOUND)[personal.what],
            "warning",
            column=personal.column,
            at=personal.cells,
            suggestion=hint,
            code=f"personal_{personal.what}",
            fix=fix,
        )
