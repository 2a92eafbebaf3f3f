"""Finding words in the glossary: what one searches for, and which entries are parts of another one."""

import re

ENDS = ("low end", "high end", "why not")  # of a number: columns that stand beside it in a table, no words of their own
SEARCHED = ("title", "also", "definition", "here", "taught", "mistake")  # in this order of weight


def folded(entries: dict[str, dict]) -> dict[str, list[str]]:
    """Each term with those that are parts of it: the ends of its interval, and the reason where there is none.

    >>> folded({"cpa": {"title": "CPA"}, "cpa_low": {"title": "CPA, low end"}, "n": {"title": "n"}})
    {'cpa': ['cpa_low'], 'n': []}
    """
    by_title = {}
    for term, entry in entries.items():
        by_title.setdefault(entry["title"], term)
    owner = {term: by_title.get(_without_end(entry["title"])) for term, entry in entries.items()}
    own = {term: [] for term in entries if owner[term] is None}
    for term, of in owner.items():
        if of is not None:
            own[of].append(term)
    return own


def lookup(wanted: str, entries: dict[str, dict]) -> list[str]:
    """The terms with all words of a search, each at the beginning of a word; those with it in their title first.

    >>> lookup("time", {"a": {"title": "Pause", "definition": "A time."}, "b": {"title": "Time", "definition": "-"}})
    ['b', 'a']
    """
    words = [re.compile(r"(?<!\w)" + re.escape(word)) for word in wanted.casefold().split()]
    weights = {term: _weight(wanted.casefold().strip(), words, entry) for term, entry in entries.items()}
    return sorted((term for term, weight in weights.items() if weight is not None), key=weights.get)


def alphabetical(entries: dict[str, dict]) -> list[str]:
    """The terms from A to Z by title, whatever article or bracket it begins with.

    >>> alphabetical({"t": {"title": "The journey"}, "k": {"title": "KPI"}, "a": {"title": "A table"}})
    ['t', 'k', 'a']
    """
    return sorted(entries, key=lambda term: re.sub(r"^(an?|the)\s|^\W+", "", entries[term]["title"].casefold()))


def _weight(wanted: str, words: list[re.Pattern], entry: dict) -> int | None:
    """How far down an entry belongs: 0 where the search is one of its names; None where it lacks a word of it."""
    names = [entry["title"], *entry.get("also", "").split(", ")]
    if wanted in [name.casefold() for name in names]:
        return 0
    text = ""
    for weight, name in enumerate(SEARCHED, start=1):
        text = f"{text}\n{entry.get(name, '')}".casefold()
        if all(word.search(text) for word in words):
            return weight
    return None


def _without_end(title: str) -> str | None:
    head, _comma, tail = title.rpartition(", ")
    return head if tail in ENDS else None
