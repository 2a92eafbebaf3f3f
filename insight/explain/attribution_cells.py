"""The people behind the numbers of attribution in words: what one cell says about a customer, after "customers who"."""

from insight.language import _


def _attribution(settings: dict[str, object], cell: dict[str, object]) -> str:
    ended, values = cell["ended"], {"channel": cell.get("channel", ""), "path": cell.get("path", "")}
    if cell.get("path") == "":
        return _("converted without a touch")
    if "path" in cell:
        return {
            "converted": _("converted after the path {path}", **values),
            "null": _("took the path {path} and did not convert", **values),
            "open": _("took the path {path} and may still convert", **values),
        }[ended]
    if "channel" in cell:
        return {
            "converted": _("converted after a touch of {channel}", **values),
            "null": _("had a touch of {channel} and did not convert", **values),
            "open": _("had a touch of {channel} and may still convert", **values),
        }[ended]
    return {
        "converted": _("converted"),
        "null": _("had touches and did not convert"),
        "open": _("had touches and may still convert"),
    }[ended]


ATTRIBUTION_WORDS = {"attribution": _attribution}
