"""Text -> exact amounts of money.

Money never passes through a float: text becomes decimal128 and from there int64 minor units. What does not fit goes
through Python's Decimal, one value at a time.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import ROUND_05UP, ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.currency_signs import currency_code
from insight.tables.cells.number_shapes import Hint, Numerals, numerals, unknown
from insight.tables.cells.values import MISSING_VALUES, any_true, could_be_thousands, present, valid_mask

FEWEST_DECIMALS, MOST_DECIMALS = 2, 4  # kept: at least cents, at most hundredths of cents
ARROW_DECIMALS = 18  # decimal128 has 38 digits: 20 before the point
LARGEST = 2**63 - 1


class AmountTooLarge(ArithmeticError):
    """An amount does not fit in int64 minor units; `position` says which."""

    def __init__(self, position: int):
        self.position = position
        super().__init__(f"amount at {position}")


@dataclass(frozen=True, eq=False)
class Money:
    """Exact amounts, minor / 10**places.

    minor : int64, 0 where not valid;  valid, rounded : bool;  marks : the currency written in each cell, or None
    readings : how the columns that were read are written; empty where they are plain digits
    parts : the columns that were multiplied, where these were
    """

    minor: np.ndarray
    valid: np.ndarray
    rounded: np.ndarray
    places: int
    marks: pa.ChunkedArray | None = None
    readings: tuple[Numerals, ...] = ()
    parts: tuple["Money", ...] = ()

    def at(self, places: int) -> "Money":
        """The same amounts with more decimals, so that several columns share one unit."""
        factor = 10 ** (places - self.places)
        _refuse(np.abs(self.minor) > LARGEST // factor)
        return Money(self.minor * factor, self.valid, self.rounded, places, self.marks, self.readings)

    def floats(self) -> np.ndarray:
        return nearest_floats(self.minor, self.places)


def nearest_floats(minor: np.ndarray, places: int) -> np.ndarray:
    """The float64 nearest to each exact amount.

    >>> nearest_floats(np.array([10, 1230, 9007199254740993]), 2).tolist()
    [0.1, 12.3, 90071992547409.94]
    """
    values = minor / 10**places  # one rounding while the integer is exact in a float
    for at in np.flatnonzero(np.abs(minor) >= 2**53):
        values[at] = int(minor[at]) / 10**places
    return values


def money(
    column: pa.ChunkedArray, fewest: int = FEWEST_DECIMALS, most: int = MOST_DECIMALS, hint: Hint = unknown
) -> Money:
    """Text as exact amounts, with the decimals the column needs, from `fewest` to `most`; beyond, rounded half-even.

    hint : tells "." or ",", what stands before the decimals elsewhere in the file, for a column that does not.

    >>> amounts = money(pa.chunked_array([["0.1", "$12.345", "x", None]]))
    >>> amounts.minor.tolist(), amounts.places, amounts.valid.tolist(), amounts.marks.to_pylist()
    ([100, 12345, 0, 0], 3, [True, True, False, False], ['', 'USD', None, None])

    Raises AmountTooLarge where an amount does not fit in int64 minor units.
    """
    found, reading = _plain_decimals(column, fewest), None
    if found is None:
        reading = _written(column, hint)
        found = _quick_decimals(reading.plain, fewest)
        found = _mixed_decimals(reading.plain) if found is None else found
    _refuse(np.abs(found.cast(pa.float64()).fill_null(0).to_numpy()) > LARGEST)
    places = fewest
    kept = _rounded(found, places)
    while places < most and any_true(pc.not_equal(found, kept)):
        places += 1
        kept = _rounded(found, places)
    rounded = np.asarray(pc.fill_null(pc.not_equal(found, kept), False))
    minor = _unscaled(kept.cast(pa.decimal128(38, places)))
    marks, readings = (None, ()) if reading is None else (reading.marks, (reading,))
    return Money(minor, valid_mask(found), rounded, places, marks, readings)


def _plain_decimals(column: pa.ChunkedArray, fewest: int) -> pa.ChunkedArray | None:
    try:
        return None if could_be_thousands(column) else _quick_decimals(column, fewest)
    except pa.ArrowNotImplementedError:
        return None  # moments


def _written(column: pa.ChunkedArray, hint: Hint) -> Numerals:
    reading = numerals(present(column, MISSING_VALUES), hint)
    if not reading.percent.any():
        return reading
    return replace(reading, plain=pc.if_else(pa.array(reading.percent), None, reading.plain))  # no amount


def currency_codes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Currencies as upper-case codes, signs too ($ is taken as USD)."""
    kinds = column.combine_chunks().dictionary_encode()
    codes = pa.array([currency_code(mark) for mark in kinds.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([codes.take(kinds.indices)])


def line_totals(quantity: pa.ChunkedArray, unit_price: pa.ChunkedArray, hint: Hint = unknown) -> Money:
    """quantity x unit_price, each line rounded once, half-even, to cents.

    >>> count, price = pa.chunked_array([["3", "1", "-2"]]), pa.chunked_array([["2.55", "0.125", "0.0625"]])
    >>> line_totals(count, price).minor.tolist()
    [765, 12, -12]
    """
    count, price = money(quantity, 0, 4, hint), money(unit_price, FEWEST_DECIMALS, 8, hint)
    valid = count.valid & price.valid
    unit = 10 ** (count.places + price.places - FEWEST_DECIMALS)
    with np.errstate(over="ignore"):
        minor, rounded = _divided(count.minor * price.minor, unit)
    large = np.abs(count.minor.astype("float64") * price.minor) > LARGEST / 2
    slow = np.flatnonzero(valid & (large | count.rounded | price.rounded))
    if len(slow):
        counts, prices = (_written(column, hint).plain for column in (quantity, unit_price))
        for at in slow:
            minor[at], rounded[at] = _slow_total(counts[at].as_py(), prices[at].as_py(), at)
    minor = np.where(valid, minor, 0)
    readings = count.readings + price.readings
    return Money(minor, valid, rounded & valid, FEWEST_DECIMALS, price.marks, readings, (count, price))


def _divided(total: np.ndarray, unit: int) -> tuple[np.ndarray, np.ndarray]:
    whole, rest = np.divmod(total, unit)
    up = (2 * rest > unit) | ((2 * rest == unit) & (whole % 2 == 1))
    return whole + up, rest != 0


def _slow_total(quantity: str, unit_price: str, position: int) -> tuple[int, bool]:
    with localcontext(prec=100):
        total = (Decimal(quantity) * Decimal(unit_price)).scaleb(FEWEST_DECIMALS)
        if abs(total) > LARGEST:
            raise AmountTooLarge(int(position))
        minor = total.to_integral_value(ROUND_HALF_EVEN)
        return int(minor), minor != total


def _quick_decimals(text: pa.ChunkedArray, fewest: int) -> pa.ChunkedArray | None:
    """All at once; None where a cell is more than digits. Arrow's cast crashes on exponents far below zero."""
    if any_true(_has_power(text)):
        return None
    with suppress(pa.ArrowInvalid):
        return _decimals(text, fewest)
    return None


def _mixed_decimals(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """One by one the cells with exponents, and all where the others do not fit at once."""
    power = _has_power(text)
    others = _quick_decimals(pc.if_else(power, None, text), ARROW_DECIMALS)
    return (
        _slow_decimals(text) if others is None else pc.coalesce(others, _slow_decimals(pc.if_else(power, text, None)))
    )


def _has_power(text: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.or_(pc.match_substring(text, "e"), pc.match_substring(text, "E"))


def _decimals(text: pa.ChunkedArray, fewest: int) -> pa.ChunkedArray:
    point = pc.find_substring(text, ".")
    written = pc.max(
        pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.binary_length(text), point), 1))
    ).as_py()
    return text.cast(pa.decimal128(38, fewest if (written or 0) <= fewest else ARROW_DECIMALS))


def _slow_decimals(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """One by one: exponents, many decimals, many digits. 05UP keeps a later rounding from landing on a false tie."""
    found = []
    with localcontext(prec=38):
        for position, cell in enumerate(text.to_pylist()):
            try:
                value = None if cell is None else Decimal(cell)
            except InvalidOperation:
                value = None
            if value and value.adjusted() > 18:
                raise AmountTooLarge(position)
            found.append(None if value is None else value.quantize(Decimal(1).scaleb(-ARROW_DECIMALS), ROUND_05UP))
    return pa.chunked_array([pa.array(found, pa.decimal128(38, ARROW_DECIMALS))])


def _rounded(found: pa.ChunkedArray, places: int) -> pa.ChunkedArray:
    return pc.round(found, ndigits=places, round_mode="half_to_even") if found.type.scale > places else found


def _unscaled(amounts: pa.ChunkedArray) -> np.ndarray:
    """The integers inside decimal128: two 64-bit words each, the low one first."""
    minor = np.zeros(len(amounts), dtype="int64")
    start = 0
    for chunk in amounts.chunks:
        words = np.frombuffer(chunk.buffers()[1], dtype="int64").reshape(-1, 2)
        low, high = words[chunk.offset : chunk.offset + len(chunk)].T
        valid = np.asarray(chunk.is_valid())
        too_large = valid & (high != low >> 63)
        if too_large.any():
            raise AmountTooLarge(start + int(np.flatnonzero(too_large)[0]))
        minor[start : start + len(chunk)] = np.where(valid, low, 0)
        start += len(chunk)
    return minor


def _refuse(too_large: np.ndarray) -> None:
    if too_large.any():
        raise AmountTooLarge(int(np.flatnonzero(too_large)[0]))
