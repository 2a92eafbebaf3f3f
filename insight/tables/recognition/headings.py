"""The names of a file's columns as they are compared with known ones."""

import re
import unicodedata

from insight.tables.cells.currency_signs import currency_in_name


def fold(name: str) -> str:
    """A column name as it is compared: letters and digits, without case, accents and what stands in brackets.

    >>> fold("Customer-ID"), fold("Amount spent (EUR)"), fold("Gerät"), fold("金额（元）"), fold('סה"כ')
    ('customerid', 'amountspent', 'gerat', '金额', 'סהכ')
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(filter(str.isalnum, re.sub(r"\(.*?\)|\[.*?\]", "", letters) or letters))


class Headings:
    """The columns of a file by their folded names, also without a currency they mention, and in each of two scripts.

    >>> headings = Headings(["Price, USD", "订单日期 Order Date", "Цена ID"])
    >>> headings.called("price"), headings.in_both(("orderdate", "订单日期")), headings.in_both(("цена",))
    (['Price, USD'], ['订单日期 Order Date'], [])
    """

    def __init__(self, names: list[str]):
        self._by_fold: dict[str, list[str]] = {}
        self._in_two: dict[tuple[str, str], list[str]] = {}
        for name in names:
            folded = fold(name)
            latin = "".join(re.findall("[a-z0-9]+", folded))
            if latin and latin != folded:
                self._in_two.setdefault((latin, re.sub("[a-z0-9]+", "", folded)), []).append(name)
            self._by_fold.setdefault(folded, []).append(name)
        for name in names:
            bare, currency = currency_in_name(name)
            if currency and fold(bare) != fold(name):
                self._by_fold.setdefault(fold(bare), []).append(name)

    def called(self, known: str) -> list[str]:
        """The columns with this folded name."""
        return self._by_fold.get(known, [])

    def in_both(self, known: tuple[str, ...]) -> list[str]:
        """The columns that say one of these names in two scripts."""
        return [name for parts, names in self._in_two.items() if set(parts) <= set(known) for name in names]
