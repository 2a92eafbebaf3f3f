"""Sources: tables too large to upload, which whoever runs this server set up for all its visitors.

In `.streamlit/secrets.toml`::

    [sources.shop]
    title = "The shop, all years"
    events = "/data/events/*.parquet"     # files of Parquet or CSV, read with DuckDB, larger than memory or not
    orders = "/data/orders/*.parquet"
    memory_limit = "4GB"

    [sources.lake]
    spark_events = "catalog.schema.events"
    spark_remote = "sc://spark.example.org"

or in variables of the environment: INSIGHT_SOURCE_SHOP_EVENTS="/data/events/*.parquet". A source is opened once in a
process, by the first visitor who asks for it, and stays open for all. Where it lies is shown to nobody.
"""

import os
import re
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import streamlit as st

from insight.errors import InsightError
from insight.language import _
from ui import server
from ui.session.opening import opened_table

T = TypeVar("T")
Progress = Callable[[float, str], None]  # told the share that is done, from 0 to 1, and what is being done
KINDS = ("events", "orders")
WHERE = (*KINDS, *(f"spark_{kind}" for kind in KINDS))  # settings that name a table
COLUMNS = tuple(f"{kind}_columns" for kind in KINDS)  # canonical name -> the name there, in secrets.toml only
HOW = ("memory_limit", "workspace", "spark_remote", "timezone", "dayfirst", "currency", *COLUMNS)
KEYS = ("title", *WHERE, *HOW)
VARIABLE = re.compile(rf"INSIGHT_SOURCE_(\w+?)_({'|'.join(sorted(KEYS, key=len, reverse=True))})", re.IGNORECASE)
NAME = re.compile(r"\w[\w-]*")
TAKEN = ("upload",)  # what a link says of a visitor's own file
ANSWERS = "sources.answers"  # those of this session: what was asked -> key -> answer
A_LOOK = 0.25  # seconds between two looks at how far something is
MOST_ANSWERS = 512  # kept for all visitors; the one that nobody asked for the longest goes first


@dataclass(frozen=True, eq=False)
class Offer:
    """A source as it is set up. `settings` has those of the KEYS that are given."""

    name: str
    settings: dict[str, object] = field(repr=False)  # they say where things are

    @property
    def title(self) -> str:
        return str(self.settings.get("title") or self.name)

    @property
    def kinds(self) -> list[str]:
        """Which tables it has."""
        return [kind for kind in KINDS if {kind, f"spark_{kind}"} & set(self.settings)]

    @property
    def mistake(self) -> str | None:
        """What is wrong with how it is set up, for whoever did it."""
        if not NAME.fullmatch(self.name) or self.name in TAKEN:
            return "its name cannot stand in a link: use letters and digits, and not the word upload"
        unknown = [key for key in self.settings if key not in KEYS]
        if unknown:
            return f"there is no setting {unknown[0]}; there are {', '.join(KEYS)}"
        return None if self.kinds else f"it names no table: set one of {', '.join(WHERE)}"


@dataclass(eq=False)
class Opening:
    """A source that is being opened, in a thread of its own: it goes on when the visitor who asked has left."""

    thread: threading.Thread | None = None
    share: float = 0.0
    words: str = ""
    problem: InsightError | None = None

    def tell(self, share: float, words: str) -> None:
        self.share, self.words = share, words


@dataclass(eq=False)
class Shelf:
    """The opened sources of this process, and what was counted of them.

    days : when each was opened
    answers : what was asked -> (the answer,)
    turn : held by who opens or counts; one at a time, so that the memory a source may use is used once
    lock : of the mappings, held for a moment
    """

    tables: dict[str, dict[str, object]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    answers: dict[Hashable, tuple] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)
    lock: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one of this process."""
    return Shelf()


def offers() -> dict[str, Offer]:
    """What this server offers, by name, as it is set up now."""
    found = {name: dict(section) for name, section in getattr(st.secrets, "sources", {}).items()}
    for variable, value in sorted(os.environ.items()):
        if named := VARIABLE.fullmatch(variable):
            found.setdefault(named[1].lower(), {})[named[2].lower()] = value
    return {name: Offer(name, settings) for name, settings in found.items()}


def opened(name: str) -> dict[str, object] | None:
    """The tables of a source by kind, where somebody has opened it."""
    return shelf().tables.get(name)


def opened_on(name: str) -> date | None:
    """The day on which a source was opened: rows that came later are not in it."""
    return shelf().days.get(name)


def open_source(offer: Offer, progress: Progress, anew: bool = False) -> None:
    """Wait until a source is open for all visitors; the first who asks begins it.

    anew : read it again, to see what came since; until then all visitors see what there was
    Raises InsightError, in words for a visitor, where that is not possible; the log tells the operator more.
    """
    known = shelf()
    with known.lock:
        if offer.name in known.tables and not anew:
            return
        if offer.name not in known.openings:
            known.openings[offer.name] = begun = Opening(words=_("Waiting for another count on this server …"))
            begun.thread = threading.Thread(target=_open, args=[known, offer, begun], daemon=True)
            begun.thread.start()
        opening = known.openings[offer.name]
    while opening.thread.is_alive():
        progress(opening.share, opening.words)
        opening.thread.join(A_LOOK)
    if opening.problem:
        raise opening.problem


def _open(known: Shelf, offer: Offer, opening: Opening) -> None:
    try:
        with known.turn:
            tables = _tables(offer, opening)
            if _fingerprints(tables) != _fingerprints(known.tables.get(offer.name, {})):
                known.tables[offer.name] = tables  # else nothing came: what was counted of it stays right
            known.days[offer.name] = date.today()
    except InsightError as problem:
        opening.problem = problem
    finally:
        with known.lock:
            del known.openings[offer.name]


def _fingerprints(tables: dict[str, object]) -> dict[str, str]:
    return {kind: table.fingerprint for kind, table in tables.items()}


def _tables(offer: Offer, opening: Opening) -> dict[str, object]:
    if offer.mistake:
        server.report_source(offer.name, offer.mistake)
        raise InsightError(_("This source is not set up rightly. Its operator finds the reason in the log."))
    tables = {}
    for kind in offer.kinds:
        words = {"events": _("Reading the events …"), "orders": _("Reading the orders …")}[kind]
        opening.tell(0, words)
        table = opened_table(offer.name, offer.settings, kind, lambda share, said=words: opening.tell(share, said))
        tables[kind] = table.watched(None)
    return tables


def is_source(table: object) -> bool:
    """Whether the rows of a table lie elsewhere: it is counted where they are."""
    return hasattr(table, "watched")


def counted(key: Hashable, table: object, count: Callable[[object], T], *, public: bool, most: int = MOST_ANSWERS) -> T:
    """What `count` gives for a source, counted once for each key; a bar on the page shows how far it is.

    count : takes the table, which tells the bar
    public : whether the answer is kept for all visitors, or in this session only;  most : how many are kept
    """
    known = shelf()
    answers = known.answers if public else st.session_state.setdefault(ANSWERS, {}).setdefault(key[0], {})
    found = answers.get(key)
    if found is None:
        place = st.empty()

        def progress(share: float, words: str = _("Counting …")) -> None:
            place.progress(min(share, 1.0), words)  # ends the count where the visitor has turned to something else

        try:
            with _turn(known, progress):
                found = answers.get(key) or (count(table.watched(progress)),)
        finally:
            place.empty()
    with known.lock:
        answers.pop(key, None)
        answers[key] = found  # the last now
        while len(answers) > most:
            del answers[next(iter(answers))]
    return found[0]


@contextmanager
def _turn(known: Shelf, progress: Progress) -> Iterator[None]:
    """Wait until nobody else opens or counts, and keep others waiting meanwhile."""
    while not known.turn.acquire(timeout=A_LOOK):
        progress(0, _("Somebody else is counting on this server; you are next …"))
    try:
        progress(0)
        yield
    finally:
        known.turn.release()
