"""The lessons: one essay an analysis, and the glossary; page and notebook show the same words."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def essay(name: str, language: str = "en") -> str:
    """The essay on an analysis of the catalog, as Markdown.

    >>> essay("funnel").splitlines()[0]
    '### The question'
    """
    return (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")


def glossary(language: str = "en") -> dict[str, dict[str, str]]:
    """The terms of the field: title, definition, and where there are any formula, function and column.

    >>> glossary()["step_conversion"]["title"]
    'Step conversion'
    """
    topics = sorted((FOLDER / language / "glossary").glob("*.toml"))
    entries = {term: entry for path in topics for term, entry in _entries(language, f"glossary/{path.stem}").items()}
    return {term: dict(entry) for term, entry in entries.items()}  # the reader may change its copy


def exports(language: str = "en") -> dict[str, dict[str, object]]:
    """How the tables come out of common tools: title, gives (kinds of table), steps, note, query and source.

    >>> exports()["amplitude"]["gives"]
    ['events']
    """
    return {tool: dict(entry) for tool, entry in _entries(language, "exports").items()}


@cache
def _entries(language: str, name: str) -> dict[str, dict]:
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))
