"""The people behind the numbers of churn in words: what one cell says about a customer, after "customers who"."""

from insight.language import _, length, percent


def _churn(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Where the settings leave the days to the data, they are not known before it is asked."""
    silent = cell.get("silent", settings.get("silent"))
    days = length(silent) if silent else _("unusually long")
    if "too_new" in cell:
        said = _("came too recently to have been silent so long ({days})", days=days)
    elif "came_back" in cell:
        words = (_("came back after a first silence ({days})", days=days),
                 _("did not come back in time after a first silence ({days})", days=days))  # fmt: skip
        said = words[not cell["came_back"]]
    elif cell.get("inactive", True):
        said = _("have been silent for {days} or more", days=days) if silent else _("have been silent unusually long")
    else:
        said = _("have not been silent so long ({days})", days=days)
    return _group(said, settings, cell)


def _survival(settings: dict[str, object], cell: dict[str, object]) -> str:
    said = _("had a contract that is over") if cell["ended"] else _("have a contract that still runs")
    return _group(said, settings, cell)


def _propensity(_settings: dict[str, object], cell: dict[str, object]) -> str:
    if "top" in cell:
        return _("have the highest chances to come back (the first {share})", share=percent(cell["top"], 0))
    return _("have the lowest chances to come back (the last {share})", share=percent(cell["bottom"], 0))


def _group(said: str, settings: dict[str, object], cell: dict[str, object]) -> str:
    if "group" not in cell:
        return said
    by = settings["by"]
    column = by["column"] if isinstance(by, dict) else by
    return _("{said} (group {group} of {column})", said=said, group=cell["group"], column=column)


CHURN_WORDS = {"churn": _churn, "survival": _survival, "propensity": _propensity}
