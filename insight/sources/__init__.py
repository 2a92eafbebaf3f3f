"""Tables that do not fit in memory: a folder of files on disk, a table on Spark. The same analyses, the same numbers.

    events = open_events("events/*.parquet")                # CSV and Parquet, larger than memory; needs DuckDB
    events = spark_events(spark.read.table("shop.events"))  # on a laptop, a cluster or Spark Connect; needs PySpark
    funnel(events, steps=["visit", "purchase"])

Both give a :class:`Source`. It answers every analysis that counts customer by customer, because it hands over the rows
of some customers at a time as the prepared log that every analysis knows: what is counted is written once, and the
engine only decides where it runs. What a source does not have is `.frame` and `.log`: there is no place for all rows.

DuckDB and PySpark are optional (requirements-scale.txt) and imported when they are used.
"""

from insight.sources.disk import open_events, open_orders
from insight.sources.spark import spark_events, spark_orders
from insight.sources.table import Source

__all__ = ["Source", "open_events", "open_orders", "spark_events", "spark_orders"]
