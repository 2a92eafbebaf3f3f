"""What counts as a number among the settings."""

import math
from numbers import Real


def is_number(value: object) -> bool:
    """Finite, of Python or NumPy; True and False are no numbers.

    >>> [is_number(value) for value in (0.4, 1, True, "1", float("nan"))]
    [True, True, False, False, False]
    """
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
