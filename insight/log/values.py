"""The values of a column as numbers and names, the same wherever the rows lie."""

import numpy as np
import pandas as pd

NOT_SET = "(not set)"


def coded(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The number of each row's value, and their names in alphabetical order; missing ones are "(not set)", the last.

    >>> codes, names = coded(pd.Series([10.0, None, 2.5]))
    >>> codes.tolist(), names
    ([0, 2, 1], ['10', '2.5', '(not set)'])
    """
    text = column.astype("str")
    if pd.api.types.is_float_dtype(column):
        text = text.str.removesuffix(".0")  # a whole number, whatever the others of its column are
    codes, names = pd.factorize(text.where(column.notna() & (text != NOT_SET)), sort=True)
    names = [str(name) for name in names]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(names), codes)
        names.append(NOT_SET)
    return codes.astype(np.int32), names
