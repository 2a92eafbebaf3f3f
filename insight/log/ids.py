"""Customer ids in ascending order."""

import numpy as np


def ascending(ids: np.ndarray) -> np.ndarray:
    """The positions that sort an array of texts; Python's sort knows texts, and beats numpy's several times over.

    >>> ascending(np.array(["ben", "ana"], dtype=object)).tolist()
    [1, 0]
    """
    return np.array(sorted(range(len(ids)), key=ids.tolist().__getitem__), dtype=np.int64)
