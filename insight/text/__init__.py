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


def glossary(language: str = "en") -> dict[str, dict]:
    """The terms of the field: title, definition, and where there are any formula, function and column.

    A card that teaches has more: also (other names), here or taught (how the app answers it, or why it does not and
    what to do by hand), mistake, source, page and analysis (where it lives), see (other terms).

    >>> glossary()["step_conversion"]["title"]
    'Step conversion'
    """
    entries = {term: entry for topic in _topics(language) for term, entry in _entries(language, topic).items()}
    return {term: dict(entry) for term, entry in entries.items()}  # the reader may change its copy


def topics(language: str = "en") -> dict[str, list[str]]:
    """The terms of each file of the glossary, in its order.

    >>> topics()["funnel"][:2]
    ['customer', 'event']
    """
    return {topic.removeprefix("glossary/"): list(_entries(language, topic)) for topic in _topics(language)}


def concepts() -> dict[str, dict[str, list[str]]]:
    """The ground that the app covers: part of marketing -> concept -> the glossary's terms for it, the first one first.

    >>> concepts()["metrics"]["customer_acquisition_cost"]
    ['cac']
    """
    parts = tomllib.loads((FOLDER / "concepts.toml").read_text(encoding="utf-8"))
    return {part: dict(named) for part, named in parts.items()}


def exports(language: str = "en") -> dict[str, dict[str, object]]:
    """How the tables come out of common tools: title, gives (kinds of table), steps, note, query and source.

    >>> exports()["amplitude"]["gives"]
    ['events']
    """
    return {tool: dict(entry) for tool, entry in _entries(language, "exports").items()}


def _topics(language: str) -> list[str]:
    return [f"glossary/{path.stem}" for path in sorted((FOLDER / language / "glossary").glob("*.toml"))]


@cache
def _entries(language: str, name: str) -> dict[str, dict]:
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))
