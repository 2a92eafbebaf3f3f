"""What happens once per server process: a log without visitors' data, safe answers, and memory given back.

Nothing here knows a visitor, and nothing here happens when the app runs without a server (in a test).
"""

import gc
import logging
import sys
import threading
import time
import traceback
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.logger import get_logger
from streamlit.runtime.pages_manager import PagesManager

ROOT = Path(__file__).parents[1]
QUOTING = ("streamlit.elements", "streamlit.dataframe_util", "streamlit.type_util", "streamlit.runtime.state")
HEADERS = {
    # A browser that shows this app asks nobody else for anything, whatever a visitor's file may hold.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: blob:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
log = get_logger("insight")
_one_at_a_time = threading.Lock()


class SafeAnswers:
    """Adds HEADERS to every answer of the server."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        async def answer(message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, answer)


MIDDLEWARE = [Middleware(SafeAnswers)]


@asynccontextmanager
async def lifespan(app) -> AsyncIterator[None]:
    """The life of the server: ready before the first visitor comes."""
    # There is a folder `pages`, so Streamlit would take the first run for its older kind of app, and tell a first
    # visitor with a deep link "Page not found" over the right page. (It learns better in that run; no public switch.)
    PagesManager.uses_pages_directory = False
    prepare()
    yield


def prepare() -> None:
    """Make this process ready for visitors: the first call does the work, later calls return at once."""
    if type(runtime.get_instance()) is runtime.Runtime:  # a test puts a mock there
        with _one_at_a_time:
            _prepare_once()


@cache
def _prepare_once() -> None:
    keep_values_out_of_the_log()
    # Streamlit collects garbage after every run of a page, for all visitors under one lock, and with our imports that
    # walk takes 120 ms. What is imported now stays for ever, so the collector need not look at it again.
    gc.collect()
    gc.freeze()
    threading.Thread(target=_release_for_ever, name="release", daemon=True).start()


def keep_values_out_of_the_log() -> None:
    """Log uncaught errors and warnings by type and place only: messages of pandas and pyarrow hold cell values."""
    st.set_option("logger.enableRich", False)  # rich would print the message by itself, past the log
    logging.setLogRecordFactory(_without_values(logging.getLogRecordFactory()))
    logging.raiseExceptions = False  # a record that cannot be formatted would be printed raw
    threading.excepthook = lambda failure: log.error("Uncaught error in a thread", exc_info=failure.exc_value)
    sys.unraisablehook = lambda failure: log.error("Error nobody could catch", exc_info=failure.exc_value)
    warnings.showwarning = _show_warning


def _show_warning(message, category, filename, line, file=None, text=None) -> None:
    log.warning("%s at %s:%s", category.__name__, _short(filename), line)


def _without_values(make):
    """A factory of log records in which an error is its type and place, wherever it stands in the call.

    Warnings of Streamlit's elements are their place only: they quote labels, options and descriptions of charts.
    """

    def record(name, level, path, line, message, args, exc_info, *rest, **named):
        if name.startswith(QUOTING) and level >= logging.WARNING:
            message, args = f"Warning at {_short(path)}:{line}", ()
            rest = (rest[0], None, *rest[2:]) if len(rest) > 1 else rest  # no stack either
        if isinstance(message, BaseException):
            message = type(message).__name__
        if isinstance(args, tuple):
            args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in args)
        made = make(name, level, path, line, message, args, None, *rest, **named)
        if exc_info and isinstance(exc_info[1], BaseException):
            made.msg, made.args = f"{made.getMessage()}: {type_and_place(exc_info[1])}", ()
        return made

    return record


def type_and_place(error: BaseException) -> str:
    """The error's type and where it happened: the lines of this project on the way, then the innermost line.

    >>> try:
    ...     {}["a customer's name"]
    ... except KeyError as error:
    ...     type_and_place(error).split(":")[0]
    'KeyError at <doctest ui.server.type_and_place[0]>'
    """
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    shown = [(path, line) for path, line in lines[:-1] if path.is_relative_to(ROOT)] + lines[-1:]
    return f"{type(error).__name__} at " + " > ".join(f"{_short(path)}:{line}" for path, line in shown)


def report_source(name: str, problem: str | BaseException) -> None:
    """Tell the operator why a source of this server could not be opened: in words, or by type and place."""
    reason = type_and_place(problem) if isinstance(problem, BaseException) else problem
    log.error("The source %s could not be opened: %s", name, reason)


def _short(filename: str | Path) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-3:])


def _release_for_ever() -> None:
    """Let go of visitors who left. Streamlit does so only when the next one arrives, which may be never."""
    pause = max(1, int(st.get_option("server.disconnectedSessionTTL")) / 2)
    while not runtime.exists() or release(runtime.get_instance()):
        time.sleep(pause)


def release(server: runtime.Runtime) -> bool:
    """Drop the sessions whose time is over, with everything they hold; False where Streamlit has changed inside.

    There is no public way. The store of sessions belongs to the event loop's thread, so it is asked there.
    """
    try:
        store = server._session_mgr._session_storage._cache
        loop = server._get_async_objs().eventloop
        loop.call_soon_threadsafe(_expire, store)
    except (AttributeError, RuntimeError) as changed:
        log.warning("Sessions of visitors who left are not released early: %s", type(changed).__name__)
        return False
    return True


def _expire(store) -> None:
    left = [info.session for _id, info in store.expire()]
    for session in left:
        session.shutdown()
        # The server's own loop still knows the session it served last, so what the session holds is taken from it.
        for held in {"_session_state", "_fragment_storage"} & set(vars(session)):
            setattr(session, held, type(getattr(session, held))())
    if left:
        gc.collect()
