"""pandas: `merge_asof` for the funnel, shifts over sorted rows for the order of events."""

import pandas as pd

from benchmarks.data import STEPS
from benchmarks.questions import END, GAP_SECONDS, START, by_segment, segment_number

MOMENT = {"events": "timestamp", "orders": "order_date"}


class Engine:
    def read(self, kind: str, path: str) -> list:
        self.frame = pd.read_csv(path, parse_dates=[MOMENT[kind]])
        times = self.frame[MOMENT[kind]]
        return [len(self.frame), str(times.min()), str(times.max())]

    def prepare(self, kind: str) -> None:
        customer = pd.factorize(self.frame["customer_id"])[0]
        if kind == "orders":
            cents = (self.frame["amount"] * 100).round().astype("int64")
            self.orders = pd.DataFrame({"customer": customer, "day": self.frame["order_date"].dt.normalize()})
            self.orders["cents"] = cents
        else:
            words = {name: self.frame[name].astype("category") for name in ("event", "channel")}
            events = pd.DataFrame({"customer": customer, "timestamp": self.frame["timestamp"], **words})
            self.by_time = events.sort_values("timestamp", kind="stable", ignore_index=True)
            self.by_customer = self.by_time.sort_values(["customer", "timestamp", "event"], ignore_index=True)
        del self.frame

    def funnel(self, days: int) -> list:
        return [[number, chains["customer"].nunique()] for number, chains in enumerate(self._chains(days), 1)]

    moved = funnel

    def breakdown(self, days: int) -> list:
        visits = self.by_time[self.by_time["event"] == STEPS[0]]
        entry = visits.drop_duplicates("customer").set_index("customer")["channel"]
        found = []
        for number, chains in enumerate(self._chains(days), 1):
            reached = entry.loc[chains["customer"].unique()].value_counts()
            found += [[channel, number, n] for channel, n in reached.items()]
        return sorted(found)

    def _chains(self, days: int):
        """The events of each step with the entry of the latest chain that leads there in time."""
        event = self.by_time["event"]
        chains = self.by_time.loc[event == STEPS[0], ["customer", "timestamp"]]
        chains = chains.assign(entry=chains["timestamp"])
        yield chains
        for step in STEPS[1:]:
            arrivals = self.by_time.loc[event == step, ["customer", "timestamp"]]
            chains = pd.merge_asof(arrivals, chains, on="timestamp", by="customer").dropna()
            chains = chains[chains["timestamp"] - chains["entry"] <= pd.Timedelta(days=days)]
            yield chains

    def transitions(self) -> list:
        customer, time, event = (self.by_customer[name] for name in ("customer", "timestamp", "event"))
        begins = (customer != customer.shift(1)) | (time - time.shift(1) > pd.Timedelta(seconds=GAP_SECONDS))
        before, ends = event.shift(1), begins.shift(-1, fill_value=True)
        counts = [(START, name, n) for name, n in event[begins].value_counts().items()]
        counts += [(name, END, n) for name, n in event[ends].value_counts().items()]
        went_on = ~begins & (event != before)
        between = self.by_customer[went_on].groupby([before[went_on], "event"], observed=True).size()
        counts += [(one, other, n) for (one, other), n in between.items()]
        return sorted(map(list, counts))

    def retention(self) -> list:
        time = self.by_time["timestamp"].dt
        active = pd.DataFrame({"customer": self.by_time["customer"], "month": time.year * 12 + time.month - 1})
        active = active.drop_duplicates()
        active["cohort"] = active.groupby("customer")["month"].transform("min")
        counts = active.groupby(["cohort", "month"]).size().items()
        return sorted([f"{cohort // 12}-{cohort % 12 + 1:02}-01", month - cohort, n] for (cohort, month), n in counts)

    def rfm(self) -> list:
        purchases = self.orders[self.orders["cents"] > 0].groupby("customer")
        customers = purchases.agg(last=("day", "max"), orders=("day", "size"))
        customers["revenue"] = self.orders.groupby("customer")["cents"].sum()
        scores = [_score(customers[name]) for name in ("last", "orders", "revenue")]
        counts = customers.groupby(segment_number(*scores))["revenue"].agg(["size", "sum"])
        return by_segment(counts.itertuples())


def _score(values: pd.Series) -> pd.Series:
    """The fifth that a value's mid-rank lies in: twice the average rank, less 1, is twice the share below, times n."""
    twice, n = (2 * values.rank()).astype("int64") - 1, len(values)
    return (5 * twice + 2 * n - 1) // (2 * n)
