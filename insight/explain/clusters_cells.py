"""The people behind clusters and profiles in words: what one cell says about a customer, after "customers who"."""

from insight.clusters.names import ONE_TIME
from insight.explain.profile import by_in_words
from insight.language import _


def _clusters(_settings: dict[str, object], cell: dict[str, object]) -> str:
    if "missing" in cell:
        return _("have no value of some feature")
    if cell["cluster"] == ONE_TIME:
        return _("ordered once, or came on one day only")
    return _("are in cluster {number}", number=cell["cluster"])


def _profile(settings: dict[str, object], cell: dict[str, object]) -> str:
    values = {"group": cell["group"], "by": by_in_words(settings["by"])}
    if "trait" in cell:
        values |= {"trait": cell["trait"], "value": cell["trait_value"]}
        return _("are in {group} ({by}) and have {trait} {value}", **values)
    if "matching" in cell:
        return _("are in {group} ({by}) and match all lines of its persona", **values)
    return _("are in {group} ({by})", **values)


CLUSTERS_WORDS = {"clusters": _clusters, "profile": _profile}
