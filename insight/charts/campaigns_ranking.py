"""Which campaign is best, in a picture: the rate as it was seen, and as it probably is."""

import altair as alt

from insight.campaigns.ranking import CampaignRanking
from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent, ticks
from insight.charts.theme import axis, palette, shortened
from insight.language import _, _n, confidence, count, decimal, interval, percent

MOST = 25  # campaigns in a picture
SMALL = 100  # trials; fewer are a small sample
RATES = {"cvr": _("Conversions per click"), "ctr": _("Clicks per impression")}


def campaign_ranking_rates(result: CampaignRanking, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Each campaign's rate, shrunk towards that of all by how little is known of it, with its credible interval; the
    upright line is the rate as it was seen. Beside it the chance to be the best. Hollow: fewer than 100 trials."""
    colours, rows = palette(theme), result.rows.head(MOST).reset_index(drop=True)
    if not (rows["trials"] > 0).any():
        return silent(_("There is nothing to rank: no campaign has a rate."), colours, narrow)
    rows["low"], rows["high"], rows["seen"] = rows["shrunk_low"], rows["shrunk_high"], rows["rate"]
    rows["rate"], rows["small"] = rows["shrunk_rate"].where(rows["trials"] > 0), rows["trials"] < SMALL
    full = min(1.0, 1.05 * float(rows[["high", "seen"]].max().max()))
    rows["zero"], rows["full"], rows["who"] = 0.0, full, rows[result.by]
    digits = 2 if full < 0.05 else 1
    rows["said"] = [
        _("{rate} ({interval})", rate=percent(r, digits), interval=interval(a, b)) if r == r else "–"
        for r, a, b in rows[["rate", "low", "high"]].to_numpy()
    ]
    rows["best"] = rows["p_best"].map(_chance)
    rows["raw"] = [
        _("{rate} of {n}", rate=percent(r, digits), n=count(n)) if n else _("no trials")
        for r, n in rows[["seen", "trials"]].to_numpy()
    ]
    rows["right"] = rows["said"] if narrow else rows["said"] + " · " + rows["best"]
    rows["name"] = [shortened(own, 20 if narrow else 52) for own in rows["who"]]
    rows, title = placed(rows), RATES[result.rate]
    look = {"title": title, "tickCount": 4 if narrow else 8, "grid": False, "format": ".1%" if full < 0.05 else ".0%"}
    x, y = Ruler((0, full), axis(colours, **look)), Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Campaign"), "said": _("Probable rate"), "raw": _("Seen"), "best": _("To be the best")}
    notes_ = [
        (colours.soft, _("{level} credible interval of the true rate", level=confidence(result.level))),
        (colours.ink, _("The rate as it was seen")),
    ]
    if rows["small"].any():
        notes_.append((WARNING, _("Hollow: a small sample, fewer than {n} trials.", n=SMALL)))
    more = len(result.rows) - len(rows)
    if more > 0:
        notes_.append((PLAIN, _n("and {n} more below", "and {n} more below", more, n=count(more))))
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["seen"].notna()], x, y, "seen", TRACK + 12, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(notes_, y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["said"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=f"{title}: {words}.")


def _chance(p: float) -> str:
    if p != p:
        return _("no trials")
    if p < 0.005:
        return _("best: below 1%")
    if p > 0.995:
        return _("best: above 99%")
    return _("best: {chance}%", chance=decimal(round(100 * p)))
