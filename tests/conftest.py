"""Fixtures of the tests that run the app: visitors without a browser, a server, and a real browser."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from streamlit.testing.v1 import local_script_runner

from tests.app import SECRET

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def visitor(monkeypatch):
    """`visitor("ana")`: the next runs belong to ana's session (AppTest gives every app the same session id)."""
    now = ["ana"]
    start = local_script_runner.ScriptRunner.__init__

    def as_visitor(self, *args, **kwargs):
        kwargs["session_id"] = now[0]
        start(self, *args, **kwargs)

    monkeypatch.setattr(local_script_runner.ScriptRunner, "__init__", as_visitor)
    return lambda name: now.__setitem__(0, name)


class Server:
    """A Streamlit server of its own, its address and what it logs."""

    def __init__(self, log: Path, script: Path = ROOT / "app.py", *options: str, env: dict | None = None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self._log = f"http://127.0.0.1:{port}", log
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        address = ["--server.port", str(port), "--server.address", "127.0.0.1"]
        with log.open("w") as out:
            self._process = subprocess.Popen(
                [*command, *address, *options], cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **(env or {})}
            )
        deadline = time.monotonic() + 60
        while not self._is_up():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def _is_up(self) -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).read() == b"ok"
        return False

    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for all journeys; nothing that happens on it may end in an error."""
    served = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield served
    served.stop()
    assert "Traceback" not in served.log()
    assert "Error" not in served.log()
    assert SECRET not in served.log()
    assert "Warning at" not in served.log()


@pytest.fixture
def fresh_server(tmp_path):
    """`fresh_server()`: a server nobody has visited yet."""
    started = []

    def start(*args, **kwargs) -> Server:
        started.append(Server(tmp_path / f"log{len(started)}.txt", *args, **kwargs))
        return started[-1]

    yield start
    for served in started:
        served.stop()


@pytest.fixture(scope="session")
def chromium():
    """The Chromium on the PATH, or Playwright's own. Without one the browser tests skip; in CI that is a failure."""
    from playwright.sync_api import Error, sync_playwright

    on_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROME", on_path), args=FLAGS)
        except Error as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium to test with: {str(missing).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browsers(chromium):
    """The browsers in use: `browsers(server, width, ...)`. One that is used again has the app in its cache."""
    known = {}

    def browser(server: Server, width: int, height: int, alone: bool, context: dict):
        kind = (server.url, width, height, repr(context))
        if alone or kind not in known:
            if width < 500:
                context = {"user_agent": PHONE, "is_mobile": True, "has_touch": True, **context}
            size = {"width": width, "height": height}
            opened = chromium.new_context(viewport=size, base_url=server.url, accept_downloads=True, **context)
            if alone:
                return opened
            known[kind] = opened
        return known[kind]

    return browser


@pytest.fixture
def visit(browsers):
    """`visit(server)`: a page for a new visitor (`alone`: in a browser of their own).

    The page may show no error and ask nobody else for anything.
    """
    opened, seen = [], []

    def open_page(server: Server, width: int = 1280, height: int = 900, alone: bool = False, **context):
        page = browsers(server, width, height, alone, context).new_page()
        page.on("pageerror", lambda error: seen.append(f"error on the page: {error}"))
        page.on("console", lambda m: seen.append(m.text) if m.type == "error" and not _is_probing(m) else None)
        page.on("request", lambda r: None if r.url.startswith((server.url, "data:", "blob:")) else seen.append(r.url))
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()
    assert not seen


def _is_probing(message) -> bool:
    """On a deep link Streamlit looks for its server below the page's address, in vain, before it looks at the root."""
    return "/_stcore/" in message.location.get("url", "")
