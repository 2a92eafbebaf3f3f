"""ClickHouse in the process: `windowFunnel`, arrays of each customer's events."""

import json

import chdb.session

from benchmarks.data import STEPS
from benchmarks.questions import END, GAP_SECONDS, START, by_segment

COLUMNS = {
    "events": "customer_id LowCardinality(String), event LowCardinality(String), timestamp DateTime('UTC'),"
    " channel LowCardinality(String)",
    "orders": "order_id UInt64, customer_id LowCardinality(String), order_date DateTime('UTC'), amount Decimal(18, 2)",
}
# Each customer's events as an array, beside the same array moved on by one: faster than window functions.
TRANSITIONS = f"""
    SELECT moved.1, moved.2, count() FROM (
        SELECT arraySort(groupArray((timestamp, toString(event)))) AS own,
            arrayPushFront(arrayPopBack(own), (toDateTime(0, 'UTC'), '')) AS before,
            arrayFlatten(arrayMap((now, then) -> multiIf(
                then.2 = '', [('{START}', now.2)],
                now.1 - then.1 > {GAP_SECONDS}, [(then.2, '{END}'), ('{START}', now.2)],
                now.2 != then.2, [(then.2, now.2)], []), own, before)) AS moves,
            arrayJoin(arrayPushBack(moves, (own[-1].2, '{END}'))) AS moved
        FROM events GROUP BY customer_id)
    GROUP BY moved"""
RETENTION = """
    SELECT toString(cohort), dateDiff('month', cohort, month), count() FROM (
        SELECT min(toStartOfMonth(timestamp)) AS cohort, groupUniqArray(toStartOfMonth(timestamp)) AS months
        FROM events GROUP BY customer_id) ARRAY JOIN months AS month GROUP BY cohort, month"""
RFM = """
    CREATE TABLE r ENGINE = Memory AS
    WITH bought AS (
        SELECT customer_id, maxIf(toDate(order_date), amount > 0) AS last, countIf(amount > 0) AS orders,
            toInt64(100 * sum(amount)) AS revenue
        FROM orders GROUP BY customer_id HAVING orders > 0),
    ranked AS (
        SELECT *, toInt64(count() OVER ()) AS n,
            10 * (rank() OVER (ORDER BY last) - 1) + 5 * count() OVER (PARTITION BY last) AS by_last,
            10 * (rank() OVER (ORDER BY orders) - 1) + 5 * count() OVER (PARTITION BY orders) AS by_orders,
            10 * (rank() OVER (ORDER BY revenue) - 1) + 5 * count() OVER (PARTITION BY revenue) AS by_revenue
        FROM bought)
    SELECT customer_id, last, orders, revenue, intDiv(by_last + 2 * n - 1, 2 * n) AS recency,
        intDiv(by_orders + 2 * n - 1, 2 * n) AS frequency, intDiv(by_revenue + 2 * n - 1, 2 * n) AS monetary,
        (recency - 1) * 5 + intDiv(frequency + monetary + 1, 2) - 1 AS segment
    FROM ranked"""


class Engine:
    def __init__(self):
        self.session = chdb.session.Session()
        self.session.query("CREATE DATABASE b; USE b")

    def read(self, kind: str, path: str) -> list:
        self.session.query(
            f"CREATE TABLE {kind} ({COLUMNS[kind]}) ENGINE = Memory SETTINGS allow_suspicious_low_cardinality_types = 1"
        )
        self.session.query(f"INSERT INTO {kind} SELECT * FROM file('{path}', CSVWithNames)")
        moment = {"events": "timestamp", "orders": "order_date"}[kind]
        return self._rows(f"SELECT count(), toString(min({moment})), toString(max({moment})) FROM {kind}")[0]

    def prepare(self, kind: str) -> None:
        """Nothing: strings are encoded while they are read, and `windowFunnel` sorts what it is given."""

    def funnel(self, days: int) -> list:
        levels = ", ".join(f"countIf(level >= {k})" for k in range(1, len(STEPS) + 1))
        found = self._rows(f"SELECT {levels} FROM (SELECT {_level(days)} FROM events GROUP BY customer_id)")[0]
        return [[number, n] for number, n in enumerate(found, 1)]

    moved = funnel

    def breakdown(self, days: int) -> list:
        levels = ", ".join(f"countIf(level >= {k})" for k in range(1, len(STEPS) + 1))
        at_entry = f"argMinIf(channel, timestamp, event = '{STEPS[0]}') AS first"
        found = self._rows(
            f"SELECT first, {levels} FROM (SELECT {at_entry}, {_level(days)} FROM events GROUP BY customer_id)"
            " WHERE level > 0 GROUP BY first"
        )
        return sorted([channel, number, n] for channel, *reached in found for number, n in enumerate(reached, 1))

    def transitions(self) -> list:
        return self._rows(TRANSITIONS)

    def retention(self) -> list:
        return self._rows(RETENTION)

    def rfm(self) -> list:
        self.session.query("DROP TABLE IF EXISTS r")
        self.session.query(RFM)
        return by_segment(self._rows("SELECT segment, count(), sum(revenue) FROM r GROUP BY segment"))

    def _rows(self, query: str) -> list:
        text = str(self.session.query(query, "JSONCompactEachRow"))
        return sorted(list(map(_number, json.loads(line))) for line in text.splitlines())


def _level(days: int) -> str:
    events = ", ".join(f"event = '{step}'" for step in STEPS)
    return f"windowFunnel({days * 86_400})(timestamp, {events}) AS level"


def _number(value: object) -> object:
    """ClickHouse writes 64-bit integers as text in JSON."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
