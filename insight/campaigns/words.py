"""Words of campaigns that sentences and pictures share: what a figure is called, and why one is missing."""

from insight.language import _, _n, count, plain

FEW = 10  # conversions; fewer are a small sample
COLUMNS = {"impressions": _("impressions"), "clicks": _("clicks"), "conversions": _("conversions"),
           "new_customers": _("new customers"), "revenue": _("revenue"), "spend": _("spend"),
           "total_cost": _("cost")}  # fmt: skip
WHY = {
    "no_impressions": _("no impressions"),
    "no_clicks": _("no clicks"),
    "no_conversions": _("no conversions"),
    "no_new_customers": _("no new customers"),
    "no_cost": _("nothing was spent"),
    "no_margin": _("needs your margin"),
    "needs_daily_rows": _("no interval: needs ten days of rows"),
    "unbounded": _("no interval: too little to bound it"),
}


def rows_named(by: str, n: int) -> str:
    """So many campaigns, or of whatever column the rows are.

    >>> rows_named("channel", 1), rows_named("offer", 3)
    ('1 channel', '3 values of offer')
    """
    match by:
        case "campaign":
            return _n("{n} campaign", "{n} campaigns", n, n=count(n))
        case "channel":
            return _n("{n} channel", "{n} channels", n, n=count(n))
        case column:
            return _n("{n} value of {column}", "{n} values of {column}", n, n=count(n), column=plain(column))


def why_words(why: str) -> str:
    """Why a figure, or its interval, is missing.

    >>> why_words("no_cost"), why_words("no_column_revenue"), why_words("more_clicks_than_impressions"), why_words("")
    ('nothing was spent', 'the file has no revenue', 'no interval: more clicks than impressions', '')
    """
    if why.startswith("no_column_"):
        return _("the file has no {column}", column=COLUMNS[why.removeprefix("no_column_")])
    if why.startswith("more_"):
        above, below = why.removeprefix("more_").split("_than_")
        return _("no interval: more {above} than {below}", above=COLUMNS[above], below=COLUMNS[below])
    return WHY.get(why, "")
