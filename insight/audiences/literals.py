"""The plain values that stand in a rule: text, numbers, True, False, None, and lists and mappings of these."""

from insight.errors import InsightError

DEEPEST = 8  # values within values, rules within rules
LONGEST_TEXT = 1_000
MOST_VALUES = 1_000  # of one list
LARGEST = 2**53  # of a number: beyond it not every whole number is a float


def is_whole(value: object) -> bool:
    """Whether this is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def texts(key: str, values: object, most: int) -> list[str]:
    """A list of at most so many texts, for the part `key` of a rule. Raises InsightError for anything else."""
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise InsightError(f'"{key}" takes a list of texts, like ["ana", "ben"]; {short(values)} is not.')
    if len(values) > most:
        raise InsightError(f'"{key}" takes up to {most:,} texts; these are {len(values):,}.')
    return [literal(value) for value in values]


def literal(value: object, depth: int = 1) -> object:
    """A copy of a plain value, with lists for tuples."""
    if depth > DEEPEST:
        raise InsightError(f"Values may lie within values up to {DEEPEST} deep; these go deeper.")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise InsightError(f"A text in a rule has up to {LONGEST_TEXT:,} characters; this one has {len(value):,}.")
    if isinstance(value, list | tuple | dict) and len(value) > MOST_VALUES:
        raise InsightError(f"A list in a rule has up to {MOST_VALUES:,} values; this one has {len(value):,}.")
    if isinstance(value, list | tuple):
        return [literal(one, depth + 1) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {literal(key): literal(one, depth + 1) for key, one in value.items()}
    if type(value) in (str, bool, type(None)) or (type(value) in (int, float) and abs(value) <= LARGEST):
        return value
    raise InsightError(f"{short(value)} cannot stand in a rule: it holds text, numbers, True, False, None and lists.")


def short(value: object) -> str:
    """A value as it is written, cut where it is long."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:59]}…"
