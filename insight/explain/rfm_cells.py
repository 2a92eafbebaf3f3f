"""The people behind the numbers of RFM in words: what one cell says about a customer, after "customers who"."""

from datetime import date

from insight.language import _, day, percent
from insight.rfm.movement import NOBODY_YET

SCORES = {
    "recency_score": _("recency score"),
    "frequency_score": _("frequency score"),
    "monetary_score": _("monetary score"),
    "frequency_monetary_score": _("FM score"),
}


def _rfm(_settings: dict[str, object], cell: dict[str, object]) -> str:
    if "without_purchase" in cell:
        return _("have no purchase, only refunds or free orders")
    if "top_share" in cell:
        return _("are among the {share} with the highest revenue", share=percent(cell["top_share"], 0))
    if "from_segment" in cell and "segment" in cell:
        return _("are in {segment}, and by fifths would be in {source}", segment=cell["segment"],
                 source=cell["from_segment"])  # fmt: skip
    if "from_segment" in cell:
        return _("would be in {source} by fifths", source=cell["from_segment"])
    scores = [_("{name} {score}", name=SCORES[name], score=cell[name]) for name in SCORES if name in cell]
    named = _("are in the segment {segment}", segment=cell["segment"]) if "segment" in cell else ""
    if not scores:
        return named
    had = _("have {scores}", scores=", ".join(scores))
    return _("{segment} and {had}", segment=named, had=had) if named else had


def _rfm_movement(settings: dict[str, object], cell: dict[str, object]) -> str:
    before = day(date.fromisoformat(settings["before"]))
    later = settings.get("as_of")
    end = _("on {day}", day=day(date.fromisoformat(later))) if later else _("at the end")
    values = {"before": before, "end": end, "source": cell.get("from_segment"), "target": cell.get("to_segment")}
    if cell == {"from_segment": NOBODY_YET}:
        return _("first bought after {before}", **values)
    if "to_segment" not in cell:
        return _("were in {source} on {before}", **values)
    if "from_segment" not in cell:
        return _("were in {target} {end}", **values)
    if values["source"] == NOBODY_YET:
        return _("first bought after {before} and were in {target} {end}", **values)
    if values["source"] == values["target"]:
        return _("were in {source} on {before} and {end}", **values)
    return _("were in {source} on {before} and in {target} {end}", **values)


RFM_WORDS = {"rfm": _rfm, "rfm_movement": _rfm_movement}
