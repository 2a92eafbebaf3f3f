"""The words of files in several languages: names of columns, months, ways to say that there is no value.

One TOML file a language beside this module; a new one is found by being there. English comes first, so that its names
are preferred and its meaning holds where languages disagree.
"""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda code: (code != "en", code)))


@cache
def _language(code: str) -> dict:
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def column_names(kind: str, column: str) -> tuple[str, ...]:
    """What files call a canonical column of a kind of table, the preferred names first.

    >>> column_names("orders", "order_date")[:3], "дата заказа" in column_names("orders", "order_date")
    (('order_date', 'purchase_date', 'invoice_date'), True)
    """
    found = [column]
    for code in LANGUAGES:
        columns = _language(code)["columns"]
        for part in ("any", kind):
            found += columns.get(part, {}).get(column, [])
    return tuple(dict.fromkeys(found))


@cache
def words(part: str) -> tuple[str, ...]:
    """All languages' words for one thing, in lower case: nothing, no_number, nobody, yes, no, morning, afternoon.

    >>> {"yes", "да", "כן", "是"} <= set(words("yes"))
    True
    """
    return tuple(dict.fromkeys(word.casefold() for code in LANGUAGES for word in _language(code).get(part, [])))


@cache
def numbered(part: str) -> dict[str, int]:
    """The words for months or weekdays, in lower case -> 1, 2, 3, ... (Monday is 1).

    >>> [numbered("month")[name] for name in ("march", "марта", "מרץ", "三月")], numbered("weekday")["вт"]
    ([3, 3, 3, 3], 2)
    """
    lists = [_language(code).get(key, []) for code in LANGUAGES for key in (f"{part}s", f"{part}_forms")]
    return {word.casefold(): place for names in lists for place, word in enumerate(names, 1)}
