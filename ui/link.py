"""How settings are written in a link: literals to text and back. A link holds settings, never data.

A string is written as it is, every other literal as JSON, so that links stay readable:
``?data=shop&within=1D&steps=["visit","purchase"]``.
"""

import ast
import json
from collections.abc import Mapping

from insight.audiences.kept import lists_customers

LONGEST = 4000  # characters of one parameter; no setting of ours comes near, a longer one is a mistake or an attack


class BrokenLink(ValueError):
    """A parameter that is no literal of ours."""


def encode(value: object) -> str:
    """A literal as the text of a query parameter.

    >>> encode("7D"), encode(None), encode(0.95), encode("12"), encode(["visit", "zu kassé"])
    ('7D', 'null', '0.95', '"12"', '["visit","zu kassé"]')
    """
    if isinstance(value, str) and _reads_as_itself(value):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def decode(text: str) -> object:
    """The literal a query parameter holds; a text that is no JSON stands for itself.

    >>> decode("7D"), decode("null"), decode('["visit","purchase"]'), decode('"12"'), decode("[oops")
    ('7D', None, ['visit', 'purchase'], '12', '[oops')

    Raises BrokenLink for what nobody could have meant: far too long, bottomless, or not a text at all.
    """
    if len(text) > LONGEST:
        raise BrokenLink(f"longer than {LONGEST} characters")
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise BrokenLink("nested without end") from None
    except ValueError:
        value = text
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise BrokenLink("not a text") from None
    return value


def value_of(text: str) -> object:
    """The literal a query parameter holds, or BrokenLink itself: a class is no literal, so nothing allows it."""
    try:
        return decode(text)
    except BrokenLink:
        return BrokenLink


def changed(values: Mapping[str, object], defaults: Mapping[str, object]) -> dict[str, str]:
    """The parameters a link needs: the settings that differ from their defaults, encoded; never a list of customers.

    >>> changed({"within": "1D", "by": None}, {"within": "7D", "by": None})
    {'within': '1D'}
    """
    differ = {name: value for name, value in values.items() if not same(value, defaults[name])}
    return {name: encode(value) for name, value in differ.items() if not lists_customers(value)}


def same(one: object, other: object) -> bool:
    """Equal and of the same type: ``True`` is not ``1``, and ``1.0`` is not ``1``.

    >>> same(["a"], ["a"]), same(True, 1)
    (True, False)
    """
    return repr(one) == repr(other)


def literal(text: str) -> object:
    """The value that `repr` wrote.

    >>> literal("{'from': '2026-03-01'}")
    {'from': '2026-03-01'}
    """
    return ast.literal_eval(text)


def _reads_as_itself(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return True
    except RecursionError:
        return False
    return False


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return number
