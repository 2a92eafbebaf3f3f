"""DuckDB: ASOF joins for the funnel, window functions for the order of events."""

import duckdb

from benchmarks.data import STEPS
from benchmarks.questions import END, GAP_SECONDS, START, by_segment

READ = """CREATE OR REPLACE TABLE {kind}_read AS SELECT * FROM read_csv('{path}')"""
PREPARE = {
    "events": """
        CREATE TYPE kind AS ENUM (SELECT DISTINCT event FROM events_read ORDER BY event);
        CREATE TYPE source AS ENUM (SELECT DISTINCT channel FROM events_read ORDER BY channel);
        CREATE TABLE e AS SELECT dense_rank() OVER (ORDER BY customer_id) AS c, event::kind AS event, timestamp AS t,
            channel::source AS channel FROM events_read;
        DROP TABLE events_read""",
    "orders": """
        CREATE TABLE o AS SELECT dense_rank() OVER (ORDER BY customer_id) AS c, order_date AS t,
            round(amount * 100)::BIGINT AS cents FROM orders_read;
        DROP TABLE orders_read""",
}
TRANSITIONS = f"""
    WITH ordered AS (
        SELECT event, lag(event) OVER w AS before, lead(c) OVER w IS NULL AS last,
            coalesce(t - lag(t) OVER w > INTERVAL {GAP_SECONDS} SECOND, true) AS begins
        FROM e WINDOW w AS (PARTITION BY c ORDER BY t, event))
    SELECT '{START}', event::VARCHAR, count(*) FROM ordered WHERE begins GROUP BY event
    UNION ALL
    SELECT before::VARCHAR, event::VARCHAR, count(*) FROM ordered WHERE NOT begins AND event <> before
        GROUP BY before, event
    UNION ALL
    SELECT name::VARCHAR, '{END}', count(*) FROM (
        SELECT before AS name FROM ordered WHERE begins AND before IS NOT NULL
        UNION ALL SELECT event FROM ordered WHERE last) GROUP BY name"""
RETENTION = """
    WITH active AS (SELECT DISTINCT c, date_trunc('month', t) AS month FROM e),
    own AS (SELECT month, min(month) OVER (PARTITION BY c) AS cohort FROM active)
    SELECT strftime(cohort, '%Y-%m-%d'), datediff('month', cohort, month), count(*) FROM own GROUP BY ALL"""
RFM = """
    CREATE OR REPLACE TEMP TABLE r AS
    WITH bought AS (
        SELECT c, max(t::DATE) FILTER (cents > 0) AS last, count(*) FILTER (cents > 0) AS orders, sum(cents) AS revenue
        FROM o GROUP BY c HAVING count(*) FILTER (cents > 0) > 0),
    ranked AS (
        SELECT *, count(*) OVER () AS n,
            10 * (rank() OVER (ORDER BY last) - 1) + 5 * count(*) OVER (PARTITION BY last) AS by_last,
            10 * (rank() OVER (ORDER BY orders) - 1) + 5 * count(*) OVER (PARTITION BY orders) AS by_orders,
            10 * (rank() OVER (ORDER BY revenue) - 1) + 5 * count(*) OVER (PARTITION BY revenue) AS by_revenue
        FROM bought),
    scored AS (
        SELECT c, last, orders, revenue, (by_last + 2 * n - 1) // (2 * n) AS recency,
            (by_orders + 2 * n - 1) // (2 * n) AS frequency, (by_revenue + 2 * n - 1) // (2 * n) AS monetary
        FROM ranked)
    SELECT *, (recency - 1) * 5 + (frequency + monetary + 1) // 2 - 1 AS segment FROM scored"""


class Engine:
    def __init__(self):
        self.base = duckdb.connect()

    def read(self, kind: str, path: str) -> list:
        self.base.execute(READ.format(kind=kind, path=path))
        moment = {"events": "timestamp", "orders": "order_date"}[kind]
        n, *times = self.base.execute(f"SELECT count(*), min({moment}), max({moment}) FROM {kind}_read").fetchone()
        return [n, *map(str, times)]

    def prepare(self, kind: str) -> None:
        self.base.execute(PREPARE[kind])

    def funnel(self, days: int) -> list:
        counts = ", ".join(f"(SELECT count(DISTINCT c) FROM s{k})" for k in range(1, len(STEPS) + 1))
        found = self.base.execute(f"WITH {_chains(days)} SELECT {counts}").fetchone()
        return [[number, n] for number, n in enumerate(found, 1)]

    moved = funnel

    def breakdown(self, days: int) -> list:
        each = [
            f"SELECT channel::VARCHAR, {k}, count(DISTINCT s{k}.c) FROM s{k} JOIN entry USING (c) GROUP BY channel"
            for k in range(1, len(STEPS) + 1)
        ]
        entry = f"entry AS (SELECT c, arg_min(channel, t) AS channel FROM e WHERE event = '{STEPS[0]}' GROUP BY c)"
        return self._rows(f"WITH {_chains(days)}, {entry} {' UNION ALL '.join(each)}")

    def transitions(self) -> list:
        return self._rows(TRANSITIONS)

    def retention(self) -> list:
        return self._rows(RETENTION)

    def rfm(self) -> list:
        self.base.execute(RFM)
        return by_segment(self._rows("SELECT segment, count(*), sum(revenue)::BIGINT FROM r GROUP BY segment"))

    def _rows(self, query: str) -> list:
        return sorted(map(list, self.base.execute(query).fetchall()))


def _chains(days: int) -> str:
    """One table a step: its events with the entry of the latest chain that leads there in time."""
    tables = [f"s1 AS (SELECT c, t, t AS entry FROM e WHERE event = '{STEPS[0]}')"]
    for k, step in enumerate(STEPS[1:], start=2):
        tables.append(
            f"s{k} AS (SELECT a.c, a.t, b.entry FROM (SELECT c, t FROM e WHERE event = '{step}') a"
            f" ASOF JOIN s{k - 1} b ON a.c = b.c AND a.t >= b.t WHERE a.t - b.entry <= INTERVAL {days} DAY)"
        )
    return ", ".join(tables)
