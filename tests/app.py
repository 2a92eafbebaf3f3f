"""The app as a test opens it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
DATA, FUNNEL, GLOSSARY = "pages/start/data.py", "pages/explore/funnel.py", "pages/learn/glossary.py"
SECRET = "secret-4711"  # stands in files of visitors; no log and no other visitor may ever show it
EVENTS = b"""customer_id,event,timestamp
ana,visit,2026-01-01 10:00
ana,cart,2026-01-01 10:05
ana,purchase,2026-01-02 09:00
ben,visit,2026-01-03 11:00
ben,cart,2026-01-03 12:00
eve,visit,2026-01-20 08:00
"""


def open_page(page=DATA, **link):
    """A visitor who opens a page by a link with these parameters."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if page != DATA:
        at.run()  # the pages are known only after a first run
        at.switch_page(page)
    for name, value in link.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def go(at, page):
    """The visitor goes to another page with the menu, which clears the address."""
    for name in list(at.query_params):
        del at.query_params[name]
    at.switch_page(page).run()
    assert not at.exception
    return at


def upload(at, content=EVENTS, name="mine.csv"):
    """The visitor brings a file with the upload widget of the Data page."""
    at.file_uploader[0].upload(name, content, "text/csv").run()
    assert not at.exception
    return at


def everything_shown(at) -> str:
    """All that the server sent to this visitor's page, as one text."""
    return "\n".join(str(element.proto) for element in _elements(at._tree))


def _elements(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        if getattr(child, "proto", None) is not None:
            yield child
