"""Measurements as lines of text: median, range, and the ratio to one of them."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date


def machine() -> str:
    """When and on what this is measured."""
    cores = f"{os.cpu_count()} {platform.machine()} cores"
    return f"{date.today():%d %B %Y}, {cores}, Python {platform.python_version()}"


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def table(title: str, seconds: dict[str, list[float]], beside: str, megabytes: dict[str, float] | None = None) -> None:
    """Print a line for each name: its times, and how many times as long (and as much memory) as `beside`."""
    beside = beside if beside in seconds else next(iter(seconds))
    base = statistics.median(seconds[beside])
    print(f"\n{title}")
    for name, own in seconds.items():
        middle = statistics.median(own)
        spread = f"{_time(min(own))} to {_time(max(own))}" if len(own) > 1 else ""
        line = f"  {name:26}{_time(middle):>10}{middle / base:>8.2f}x   {spread:24}"
        if megabytes and name in megabytes:
            line += f"{megabytes[name]:>9,.0f} MB{megabytes[name] / megabytes[beside]:>7.1f}x"
        print(line.rstrip(), flush=True)


def show_growth(seconds: dict[str, dict[int, float]], sizes: list[int]) -> None:
    """Print how many times as long each answer takes at each size as at the size before."""
    if len(sizes) < 2:
        return
    print("\n== growth of our times")
    print(" " * 44 + "".join(f"{n:>15,}{'':8}" for n in sizes))
    for words, own in seconds.items():
        line = f"  {words:42}"
        for before, n in zip([None, *sizes], sizes, strict=False):
            line += f"{_time(own[n]):>15}" + (f"{own[n] / own[before]:>7.1f}x" if before else " " * 8)
        print(line)


def _time(seconds: float) -> str:
    """A time with three digits.

    >>> _time(0.0123), _time(1.234), _time(123.4)
    ('12.3 ms', '1.23 s', '123 s')
    """
    number, unit = (1000 * seconds, "ms") if seconds < 1 else (seconds, "s")
    return f"{number:.{max(0, 2 - len(str(int(number))) + 1)}f} {unit}"
