"""What the modes of our funnel cost beside the plain one."""

import statistics

from benchmarks.data import STEPS, TABLES
from benchmarks.engines.project import forget
from benchmarks.report import machine, seconds_of
from insight import funnel, read_events

MODES = {
    "plain": {},
    "first attempt": {"reentry": "first"},
    "breakdown": {"by": "channel"},
    "breakdown, last step": {"by": {"column": "channel", "value": "last"}},
    "strict": {"order": "strict"},
    "any": {"order": "any"},
    "open": {"order": "open"},
    "filter": {"steps": [{"events": "visit", "where": [["value", ">", 100]]}, *STEPS[1:]]},
    "optional step": {"steps": [*STEPS[:2], {"events": "add_to_cart", "optional": True}, "purchase"]},
    "largest gap": {"steps": [*STEPS[:3], {"events": "purchase", "max_gap": "1D"}]},
    "exclusion": {"steps": ["visit", "purchase"], "exclude": {"events": "add_to_cart"}},
    "exclusion, remove": {"steps": ["visit", "purchase"], "exclude": {"events": "add_to_cart", "effect": "remove"}},
    "sessions": {"unit": "session"},
}


def modes(n: int = 1_000_000, rounds: int = 7) -> None:
    """Print the time of each mode: all anew, and with the attempts remembered, as when the window is moved."""
    make, each = TABLES["events"]
    frame = make(n, customers=n // each)
    frame["value"] = (frame["timestamp"].astype("int64") // 1_000_000 * 7919) % 500
    events = read_events(frame)
    events.log.values("channel")
    print(f"{n:,} events, {machine()}; medians of {rounds} rounds\n{'':22}{'anew':>12}{'ratio':>8}{'window moved':>16}")
    plain = None
    for name, asked in MODES.items():
        settings = {"steps": list(STEPS), "entries": "all"} | asked
        anew, moved = [], []
        for number in range(rounds):
            forget(events.log)
            anew.append(seconds_of(lambda s=settings: funnel(events, within="7D", **s)))
            moved.append(seconds_of(lambda s=settings, w=f"{number + 1}D": funnel(events, within=w, **s)))
        middle = statistics.median(anew)
        plain = plain or middle
        print(f"{name:22}{1000 * middle:>9.1f} ms{middle / plain:>7.1f}x{1000 * statistics.median(moved):>13.1f} ms")
