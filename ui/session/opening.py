"""How a table of a source is opened, and what a visitor is told where that does not work.

A visitor never learns where a source lies: what the readers say is passed on only where it names no place.
"""

import glob
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

from insight.errors import InsightError, MissingColumn, NotEnoughData
from insight.language import _
from ui import server

WORDS = {True: ("true", "yes", "1"), False: ("false", "no", "0")}  # how a variable of the environment says it


def opened_table(name: str, settings: dict[str, object], kind: str, on_progress: Callable[[float], None]):
    """The table of this kind of a source, called after the source.

    settings : those of the source;  on_progress : told the share that is done
    Raises InsightError in words for a visitor; the log says type and place to the operator.
    """
    try:
        table = _on_disk(settings, kind, on_progress) if kind in settings else _on_spark(name, settings, kind)
    except _Missing as missing:
        server.report_source(name, missing.reason)
        raise InsightError(str(missing)) from None
    except Exception as problem:  # whatever DuckDB, Spark or a disk may raise, a visitor gets a sentence
        server.report_source(name, problem)
        raise _for_visitors(problem, settings[kind if kind in settings else f"spark_{kind}"]) from None
    return replace(table, name=f"{name}_{kind}")


class _Missing(Exception):
    """Something is not there. The message is for visitors, the reason for the log."""

    def __init__(self, message: str, reason: str):
        self.reason = reason
        super().__init__(message)


def _on_disk(settings: dict[str, object], kind: str, on_progress: Callable[[float], None]):
    if find_spec("duckdb") is None:
        said = _("DuckDB is not installed on this server, and this source is read with it.")
        raise _Missing(said, "DuckDB is not installed (requirements-scale.txt)")
    where = settings[kind]
    for one in [where] if isinstance(where, str) else where:
        if not os.path.isdir(one) and not glob.glob(one, recursive=True):
            raise _Missing(_("Its files are not where they should be on this server."), "no such folder or file")
    from insight.sources import open_events, open_orders

    reader = {"events": open_events, "orders": open_orders}[kind]
    how = {key: settings[key] for key in ("memory_limit", "workspace") if key in settings}
    return reader(where, **_reading(settings, kind), **how, on_progress=on_progress)


def _on_spark(name: str, settings: dict[str, object], kind: str):
    remote = settings.get("spark_remote")
    if find_spec("pyspark") is None:
        said = _("Spark is not installed on this server, and this source is read with it.")
        raise _Missing(said, "PySpark is not installed (requirements-scale.txt)")
    if not remote and not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        said = _("This source is read with Spark, which needs Java, and there is no Java on this server.")
        raise _Missing(said, "there is no Java")
    from insight.sources import spark_events, spark_orders
    from insight.sources.spark import spark_table

    reader = {"events": spark_events, "orders": spark_orders}[kind]
    rows = spark_table(settings[f"spark_{kind}"], remote=remote)
    return reader(rows, **_reading(settings, kind), name=f"{name}_{kind}")


def _reading(settings: dict[str, object], kind: str) -> dict[str, object]:
    """How the cells are read, as the readers take it."""
    names = ("timezone", "dayfirst", *(["currency"] if kind == "orders" else []))
    how = {name: settings[name] for name in names if name in settings}
    if isinstance(how.get("dayfirst"), str):
        how["dayfirst"] = next((said for said, words in WORDS.items() if how["dayfirst"].lower() in words), None)
    columns = settings.get(f"{kind}_columns")
    return how | ({"columns": dict(columns)} if columns else {})


def _for_visitors(problem: Exception, where: object) -> InsightError:
    """The problem in words that name no place."""
    if isinstance(problem, MissingColumn | NotEnoughData):
        return problem
    places = [part for one in ([where] if isinstance(where, str) else where) for part in (one, os.path.dirname(one))]
    if isinstance(problem, InsightError) and not any(place and place in str(problem) for place in places):
        return problem
    return InsightError(_("It could not be opened. Its operator finds in the log what is wrong."))
