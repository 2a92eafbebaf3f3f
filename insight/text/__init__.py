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
    return {term: dict(entry) for term, entry in _entries(language).items()}  # the reader may change its copy


@cache
def _entries(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / language / "glossary.toml").read_text(encoding="utf-8"))
