"""Polars: as-of joins for the funnel, shifts over sorted rows for the order of events."""

import polars as pl

from benchmarks.data import STEPS
from benchmarks.questions import END, GAP_SECONDS, START, by_segment, segment_number

MOMENT = {"events": "timestamp", "orders": "order_date"}


class Engine:
    def read(self, kind: str, path: str) -> list:
        self.frame = pl.read_csv(path, try_parse_dates=True)
        times = self.frame[MOMENT[kind]]
        return [len(self.frame), str(times.min()), str(times.max())]

    def prepare(self, kind: str) -> None:
        customer = pl.col("customer_id").rank("dense").alias("customer")
        if kind == "orders":
            self.orders = self.frame.select(
                customer, "order_date", cents=(pl.col("amount") * 100).round().cast(pl.Int64)
            )
        else:
            words = [pl.col(name).cast(pl.Categorical) for name in ("event", "channel")]
            by_time = self.frame.select(customer, "timestamp", *words).sort("timestamp")
            self.by_time = by_time.with_columns(pl.col("timestamp").set_sorted())
            self.by_customer = by_time.sort("customer", "timestamp", "event")
        del self.frame

    def funnel(self, days: int) -> list:
        return [[number, chains["customer"].n_unique()] for number, chains in enumerate(self._chains(days), 1)]

    moved = funnel

    def breakdown(self, days: int) -> list:
        visits = self.by_time.filter(pl.col("event") == STEPS[0])
        entry = visits.group_by("customer").agg(pl.col("channel").first())
        found = []
        for number, chains in enumerate(self._chains(days), 1):
            reached = chains.select(pl.col("customer").unique()).join(entry, on="customer")["channel"].value_counts()
            found += [[channel, number, n] for channel, n in reached.rows()]
        return sorted(found)

    def _chains(self, days: int):
        """The events of each step with the entry of the latest chain that leads there in time."""

        def rows(step: str) -> pl.DataFrame:
            return self.by_time.filter(pl.col("event") == step).select("customer", "timestamp")

        chains = rows(STEPS[0]).with_columns(entry=pl.col("timestamp"))
        yield chains
        for step in STEPS[1:]:
            chains = rows(step).join_asof(chains, on="timestamp", by="customer", check_sortedness=False)
            chains = chains.filter(pl.col("timestamp") - pl.col("entry") <= pl.duration(days=days))
            yield chains

    def transitions(self) -> list:
        customer, time, event = pl.col("customer"), pl.col("timestamp"), pl.col("event")
        late = time - time.shift(1) > pl.duration(seconds=GAP_SECONDS)
        walked = self.by_customer.select(
            "event", before=event.shift(1), begins=((customer != customer.shift(1)) | late).fill_null(True)
        ).with_columns(ends=pl.col("begins").shift(-1).fill_null(True))
        went_on = ~pl.col("begins") & (event != pl.col("before"))
        first, last = (walked.filter(at)["event"].value_counts().rows() for at in ("begins", "ends"))
        between = walked.filter(went_on).group_by("before", "event").len().rows()
        counts = [(START, name, n) for name, n in first] + between + [(name, END, n) for name, n in last]
        return sorted(map(list, counts))

    def retention(self) -> list:
        month = pl.col("timestamp").dt.year().cast(pl.Int32) * 12 + pl.col("timestamp").dt.month() - 1
        active = self.by_time.lazy().select("customer", month=month).unique()
        own = active.with_columns(cohort=pl.col("month").min().over("customer"))
        counts = own.group_by("cohort", "month").len().collect().rows()
        return sorted([f"{cohort // 12}-{cohort % 12 + 1:02}-01", month - cohort, n] for cohort, month, n in counts)

    def rfm(self) -> list:
        bought = pl.col("cents") > 0
        customers = self.orders.group_by("customer").agg(
            last=pl.col("order_date").filter(bought).max().dt.date(), orders=bought.sum(), revenue=pl.col("cents").sum()
        )
        customers = customers.filter(pl.col("orders") > 0)
        scores = customers.with_columns(
            recency=_score("last"), frequency=_score("orders"), monetary=_score("revenue")
        ).with_columns(segment=segment_number(pl.col("recency"), pl.col("frequency"), pl.col("monetary")))
        return by_segment(scores.group_by("segment").agg(pl.len(), pl.col("revenue").sum()).rows())


def _score(column: str) -> pl.Expr:
    """The fifth that a value's mid-rank lies in: twice the average rank, less 1, is twice the share below, times n."""
    twice = (2 * pl.col(column).rank("average")).cast(pl.Int64) - 1
    return (5 * twice + 2 * pl.len() - 1) // (2 * pl.len())
