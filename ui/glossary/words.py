"""Which words the Glossary page shows: those of a topic, those of a search, from A to Z or as one would learn them."""

from functools import cache

from insight.catalog import catalog
from insight.language import _
from insight.text import concepts, glossary, topics
from insight.text.lookup import alphabetical, folded, lookup

PARTS = {
    "metrics": _("Metrics"),
    "journey": _("Journey and funnel"),
    "segments": _("Segments and profile"),
    "acting": _("Acting on it"),
    "data": _("Data and ethics"),
}
ON_PAGES = "pages"  # the topic of the words that the pages and their tables use
PAGE_TITLES = {
    "data": _("Data"),
    "overview": _("Overview"),
    "funnel": _("Funnel"),
    "journeys": _("Journeys"),
    "cohorts": _("Cohorts"),
    "churn": _("Churn"),
    "segments": _("Segments"),
    "clv": _("Customer value"),
    "campaigns": _("Campaigns"),
    "attribution": _("Attribution"),
    "audiences": _("Audiences"),
}
FIGURES = "statistics"  # a file of the glossary for all pages
GROUPS = {**PAGE_TITLES, FIGURES: _("Counting and chance")}


@cache
def words() -> dict[str, dict]:
    """The glossary as the page shows it: each entry also with its `home` (a page, or None) and its `columns`.

    Ends of intervals are no entries of their own: they are columns of the number that they belong to.
    """
    entries = glossary()
    columns = {term: [entries[own]["column"] for own in (term, *parts) if "column" in entries[own]]
               for term, parts in folded(entries).items()}  # fmt: skip
    return {term: entries[term] | {"home": home(term), "columns": named} for term, named in columns.items()}


def home(term: str) -> str | None:
    """The page on which a word lives: the one that it names, that of what computes it, or that of its file.

    >>> home("cro"), home("step_conversion"), home("wilson_interval")
    ('funnel', 'funnel', None)
    """
    entry = glossary()[term]
    if is_card(entry):
        return entry.get("page")
    function = entry.get("function")
    pages = [row.page for row in catalog.values() if f"{row.function.__module__}.{row.function.__name__}" == function]
    file = next(file for file, terms in topics().items() if term in terms)
    return next((page for page in (*pages, file) if page in PAGE_TITLES and file != FIGURES), None)


def is_card(entry: dict) -> bool:
    """Whether an entry teaches a concept, and is not a word of a table alone."""
    return "here" in entry or "taught" in entry


def found(topic: str | None, group: str | None, wanted: str) -> list[str]:
    """The terms to show, in order.

    topic : a part of marketing, ON_PAGES, or None for all; group : with ON_PAGES, one of GROUPS, or None for all
    wanted : the search; without one the words of a part come as one would learn them, all others from A to Z
    """
    chosen = {term: words()[term] for term in _terms(topic, group) if term in words()}
    if wanted.strip():
        return lookup(wanted, chosen)
    return list(chosen) if topic in PARTS else alphabetical(chosen)


def _terms(topic: str | None, group: str | None) -> list[str]:
    if topic in PARTS:
        return [term for terms in concepts()[topic].values() for term in terms]
    if topic is None:
        return list(words())
    figures = topics()[FIGURES]
    return [
        term
        for term, entry in words().items()
        if not is_card(entry) and group in (None, FIGURES if term in figures else entry["home"])
    ]
