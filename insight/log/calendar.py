"""The calendar period of every row: computed once a log, whoever asks."""

import numpy as np

from insight.log import Log


def period_numbers(log: Log, begins: np.ndarray) -> np.ndarray:
    """The number of the calendar period each row lies in, in log order (int32). Remembered by the log.

    begins : when each period begins, and the end of the last, as `calendar_periods` gives them
    Rows before the first period have -1, rows after the last the number of periods.

    >>> import pandas as pd
    >>> from insight.log import prepare_log
    >>> from insight.periods import calendar_periods
    >>> times = pd.to_datetime(["2026-01-31 23:00", "2026-02-01 00:00", "2026-04-01 00:00"])
    >>> log = prepare_log(pd.DataFrame({"customer_id": "ana", "event": "visit", "timestamp": times}))
    >>> months, begins = calendar_periods(log.first_time, log.last_time, "month")
    >>> [months[number] for number in period_numbers(log, begins)]
    ['2026-01-01', '2026-02-01', '2026-04-01']
    """
    key = ("periods", begins.tobytes())
    return log.remember(key, lambda: (np.searchsorted(begins, log.time, side="right") - 1).astype(np.int32))
