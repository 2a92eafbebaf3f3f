"""A table on Spark: its customers are counted by Spark's workers, some in each partition.

What a worker does is what this program does with a table in memory: the rows of some customers become a log, the log is
counted. `insight` and what it needs must therefore be installed where the workers run (or be sent there, with
`spark.addArtifacts`); in local mode Spark finds it where PYSPARK_PYTHON and PYTHONPATH point.
"""

import os
import shutil
import sys
from dataclasses import replace
from functools import partial
from math import ceil

from insight.errors import InsightError, UnknownValue
from insight.language import _
from insight.sources.partitions import Partitions, extent_and_varying, survey_of
from insight.sources.plan import findings, settled
from insight.sources.reading import FIRST_ROWS, first_rows, read_as
from insight.sources.survey import together
from insight.sources.table import Source, whole_extent

ROWS_A_PARTITION = 1_000_000


def spark_events(
    dataframe,
    *,
    columns: dict[str, str | None] | None = None,
    timezone: str | None = None,
    dayfirst: bool | None = None,
    partitions: int | None = None,
    name: str | None = None,
) -> Source:
    """Events in a Spark table or query: one row an event.

    dataframe : a DataFrame of PySpark 4, of a session on this computer or of Spark Connect
    columns, timezone, dayfirst : as for `read_events`; columns are recognised by some 100,000 rows. Of Spark's
        timestamps with a time zone the session's is taken, unless `timezone` says another
    partitions : into how many parts the customers are divided; by default one for each million rows. The rows of a
        part must fit into the memory of a worker
    name : what the table is called; with the names and types of its columns it makes the fingerprint, so another
        content under the same name needs another name

    The rows are looked through once here, and each analysis is a Spark job that reads the columns it needs. Rows
    without a customer, a time or an event are left out, counted and named in the findings. `insight` must be installed
    where the workers run. The numbers are those of `read_events` on the same rows.

    Raises InsightError where PySpark is missing or this is no DataFrame; otherwise as `open_events`.
    """
    return _opened(dataframe, "events", columns, {"timezone": timezone, "dayfirst": dayfirst}, partitions, name)


def spark_orders(
    dataframe,
    *,
    columns: dict[str, str | None] | None = None,
    timezone: str | None = None,
    dayfirst: bool | None = None,
    currency: str | None = None,
    partitions: int | None = None,
    name: str | None = None,
) -> Source:
    """Orders in a Spark table or query: one row an order, or one row a line of an order.

    Amounts are exact (decimals as they are, doubles as the shortest decimal that they stand for), lines with one order
    id are added up, and `currency` keeps one of several, as for `read_orders`. The other settings are those of
    `spark_events`, and so is what it raises.
    """
    how = {"timezone": timezone, "dayfirst": dayfirst, "currency": currency}
    return _opened(dataframe, "orders", columns, how, partitions, name)


def spark_table(table: str, *, remote: str | None = None):
    """A table that Spark knows by its name, as a DataFrame.

    remote : address of a Spark Connect server, "sc://host:15002"; None for Spark on this computer, which needs Java

    Raises InsightError where PySpark, Java, the server or the table is missing.
    """
    pyspark = _pyspark()
    if remote is None and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise InsightError("Spark on this computer needs Java 17 or later, which is not installed here.")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = pyspark.sql.SparkSession.builder
    try:
        spark = (builder if remote is None else builder.remote(remote)).getOrCreate()
        known = spark.catalog.tableExists(table)
    except Exception as problem:  # of Spark, of Java, of the network: there is no common kind
        raise InsightError(f"Spark could not be reached ({type(problem).__name__}): check its address.") from None
    if not known:
        raise UnknownValue("table", table, [one.name for one in spark.catalog.listTables()])
    return spark.table(table)


def _opened(dataframe, kind: str, columns, how: dict[str, object], partitions: int | None, name: str | None) -> Source:
    if not isinstance(dataframe, _pyspark().sql.DataFrame):
        raise InsightError(f"spark_{kind} takes a DataFrame of PySpark, not a {type(dataframe).__name__}.")
    name = name or _("Spark table")
    rows = Partitions.renamed(dataframe)
    raw = first_rows(rows.limit(FIRST_ROWS).toArrow())
    reading, notes = read_as(kind, raw, columns, **how)
    further = tuple(reading.further) if kind == "orders" else ()
    place = Partitions(rows, reading, partitions or 1)
    survey = together(place.each_as_it_lies(partial(survey_of, reading=reading, further=further), further))
    place.n = partitions or max(ceil(survey.n_rows / ROWS_A_PARTITION), 1)
    place.plan, extent = settled(reading, survey), None
    known = place.plan.facts(survey.first, survey.last)
    if kind == "orders":  # what an order is takes all its lines
        names = further if reading.columns.get("order_id") else ()
        extents, varying = zip(*place.tallies(partial(extent_and_varying, names=names), names, None), strict=True)
        place.plan, extent = replace(place.plan, varying=frozenset().union(*varying)), whole_extent(list(extents))
        known = place.plan.facts(extent.first, extent.last)
    return Source(
        kind=kind,
        reader=f"spark_{kind}",
        name=name,
        place=place,
        known=known,
        findings=findings(place.plan, survey, notes),
        fingerprint=reading.fingerprint([name, dataframe.schema.json()]),
        columns=reading.columns,
        settings=reading.settings,
        n_rows=survey.n_rows,
        extent=extent,
    )


def _pyspark():
    try:
        import pyspark.sql
    except ImportError:
        raise InsightError(
            "Tables on Spark are read with PySpark, which is not installed here: pip install -r requirements-scale.txt"
        ) from None
    return pyspark
