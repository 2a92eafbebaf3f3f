"""Values of a column as they were read -> the columns of the frame, for the rows that stay."""

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.tables.cells.dates import Moments
from insight.tables.cells.money import Money


def column_series(name: str, values: object, keep: np.ndarray, required: bool) -> dict[str, pd.Series]:
    """One column of the frame; money is two, because what is exact is whole numbers."""
    if isinstance(values, Moments):
        return {name: values.series(keep)}
    if not isinstance(values, Money):
        return {name: plain_series(values, keep)}
    minor, valid = values.minor[keep], values.valid[keep]
    floats = np.where(valid, values.floats()[keep], np.nan)
    exact = pd.Series(minor) if required else pd.Series(pd.arrays.IntegerArray(minor, ~valid))
    return {name: pd.Series(floats), f"{name}_minor": exact}


def plain_series(values: pa.ChunkedArray | np.ndarray, keep: np.ndarray) -> pd.Series:
    """Text, numbers or answers of yes and no, in the types of pandas.

    >>> plain_series(pa.chunked_array([[True, None, False]]), np.array([True, True, False])).tolist()
    [True, <NA>]
    """
    if isinstance(values, np.ndarray):
        return pd.Series(values[keep])
    kept = values if keep.all() else values.filter(pa.array(keep))
    if pa.types.is_boolean(kept.type):
        return pd.Series(kept.to_pandas(), dtype="boolean")
    return pd.Series(kept.to_pandas(), dtype="str") if pa.types.is_string(kept.type) else kept.to_pandas()
