"""How often is too often, in words."""

from insight.contacts.pressure import ContactPressure
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, decimal, interval, length, percent

SMALL = 30  # customers; fewer are a small sample
WORTH_SAYING = 0.01  # of the messages, that a cap holds back


def contact_pressure_reading(result: ContactPressure) -> str:
    """How often customers are written to, and after how many messages they leave, as Markdown."""
    values = {"n": count(result.n_customers), "messages": count(result.messages), "week": decimal(result.per_week)}
    values["most"] = count(result.busiest)
    said = _("{messages} messages went to {n} customers: **{week}** a customer and week, and at most {most} in 7 days.",
             **values)  # fmt: skip
    return "\n\n".join([f"{said} {_leaving(result)}", f"{_cap(result)} {_selection(result)}"])


def _leaving(result: ContactPressure) -> str:
    rows = result.rates[(result.rates["outcome"] == "unsub") & (result.rates["n_customers"] >= SMALL)]
    if len(rows) < 2:
        return _("Whether more messages make more people leave cannot be seen: nearly all had as many.")
    first, last = rows.iloc[0], rows.iloc[-1]
    values = {
        "one": _rate(first), "many": _rate(last), "n": first["in_week"], "more": last["in_week"],
    }  # fmt: skip
    if last["ci_low"] > first["ci_high"]:
        return _("After the only one of a week {one} unsubscribe, after one of {more} **{many}**.", **values)
    if last["ci_high"] < first["ci_low"]:
        return _(
            "After one of {more} in a week **fewer** unsubscribe ({many}) than after the only one ({one}).", **values
        )
    return _("Unsubscriptions after one of {more} in a week ({many}) cannot be told from those after the only one "
             "({one}).", **values)  # fmt: skip


def _rate(row) -> str:
    return _("{rate} ({interval})", rate=percent(row["rate"], 2), interval=interval(row["ci_low"], row["ci_high"]))


def _cap(result: ContactPressure) -> str:
    caps = result.caps[result.caps["held_share"] >= WORTH_SAYING]
    if caps.empty:
        return _("Hardly anybody was sent two messages in 7 days, so no cap would hold many back.")
    row = caps.iloc[-1]
    values = {"cap": count(row["cap"]), "held": percent(row["held_share"]), "clicks": count(row["clicks"])}
    values["unsubs"] = count(row["unsubs"])
    return _("A cap of {cap} in 7 days would have held back {held} of the messages; {clicks} clicks and {unsubs} "
             "unsubscriptions followed those.", **values)  # fmt: skip


def _selection(result: ContactPressure) -> str:
    return _("Who is sent many was chosen for it, so this is no effect of the number; a test by lot would show one.")


def contact_pressure_caption(result: ContactPressure) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    values = {"messages": count(result.messages), "n": count(result.n_customers), "length": length(result.within)}
    return _("{messages} messages to {n} customers · outcomes within {length}", **values)


def contact_pressure_card(result: ContactPressure) -> Card:
    """The definition of messages per customer and week, with the numbers of the result."""
    weeks = result.messages / result.n_customers / result.per_week
    numbers = [count(result.messages), count(result.n_customers)]
    formula = r"\text{pressure} = \frac{m}{n \cdot \text{weeks}} = "
    formula += rf"\frac{{{numbers[0]}}}{{{numbers[1]} \cdot {weeks:.1f}}} = ".replace(",", "{,}")
    formula += decimal(result.per_week)
    sentences = (
        _("Counted: messages, by how many the same customer was sent in the 7 days up to each, that one among them."),
        _("An outcome belongs to the last message before it of the same channel and campaign, within {length}.",
          length=length(result.within)),
        _("The {level} intervals count the messages of one customer as alike.", level=confidence(result.level)),
        _n("Left out of the rates: {n} message whose window was not over.",
           "Left out of the rates: {n} messages whose window was not over.", result.still_open,
           n=count(result.still_open)),
    )  # fmt: skip
    source = _("Wilson 1927; Kish 1965, Survey Sampling.")
    return Card(_("Messages per week"), formula, sentences, source, "insight.contacts.pressure.contact_pressure")
