"""How segments respond to what they were sent, in words."""

import pandas as pd

from insight.contacts.response import ABOVE, BELOW, FEW, SCARCE, ContactResponse
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, interval, length, percent, plain

MOST_NAMED = 3


def contact_response_reading(result: ContactResponse) -> str:
    """Which segments respond more, and to what, as Markdown: the finding, who was counted, what it does not say."""
    return "\n\n".join([f"{_whole(result)} {_finding(result)}", " ".join([_association(result), *_notes(result)])])


def _whole(result: ContactResponse) -> str:
    values = {"rate": percent(result.rate), "messages": count(result.messages), "n": count(result.n_customers)}
    if result.rate != result.rate:
        return _("Fewer than {few} customers were sent something: too few for a rate.", few=FEW)
    match result.response:
        case "open":
            return _("**{rate}** of {messages} messages to {n} customers were opened.", **values)
        case "click":
            return _("**{rate}** of {messages} messages to {n} customers were clicked.", **values)
    return _("After **{rate}** of {messages} messages to {n} customers they unsubscribed.", **values)


def _finding(result: ContactResponse) -> str:
    cells = result.cells[result.cells["standing"].isin([ABOVE, BELOW])]
    if cells.empty:
        if (result.cells["standing"] == SCARCE).all():
            return _("No two segments have enough customers to compare.")
        return _("No segment can be told from the others.")
    compared = int((result.cells["standing"] != SCARCE).sum())
    apart = (cells["index"] - 100).abs().sort_values(ascending=False)
    named = "; ".join(_cell(result, cells.loc[k]) for k in apart.index[:MOST_NAMED])
    more = len(cells) - MOST_NAMED
    if more > 0:
        named = _n("{named}; and {n} more", "{named}; and {n} more", more, named=named, n=count(more))
    return _("Told from the others, allowing for {n} comparisons: {named}.", named=named, n=count(compared))


def _cell(result: ContactResponse, row: pd.Series) -> str:
    values = {"group": plain(row["group"]), "through": plain(row["through"]), "rate": percent(row["rate"])}
    values |= {"interval": interval(row["ci_low"], row["ci_high"]), "index": count(row["index"])}
    if len(result.throughs) == 1:
        return _("**{group}** with {rate} ({interval}), index {index}", **values)
    return _("**{group}** at {through} with {rate} ({interval}), index {index}", **values)


def _association(result: ContactResponse) -> str:
    if isinstance(result.by, dict):
        return _("This is association, not effect, and it runs both ways: segments are as of the last day, and who "
                 "clicked and then bought is in a better one for it.")  # fmt: skip
    return _("This is association, not effect: somebody chose who was sent what.")


def _notes(result: ContactResponse) -> list[str]:
    said = []
    if result.still_open:
        values = {"n": count(result.still_open), "length": length(result.within)}
        said.append(_n("{n} message of the last {length} is left out: the response may still come.",
                       "{n} messages of the last {length} are left out: responses may still come.",
                       result.still_open, **values))  # fmt: skip
    if result.unmatched:
        said.append(_n("{n} response follows no message in the data, and is not counted.",
                       "{n} responses follow no message in the data, and are not counted.",
                       result.unmatched, n=count(result.unmatched)))  # fmt: skip
    return said


def contact_response_caption(result: ContactResponse) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    by = _("RFM segment") if isinstance(result.by, dict) else result.by
    what = {"open": _("opened"), "click": _("clicked"), "unsub": _("unsubscribed after")}[result.response]
    return " · ".join([
        _("{messages} messages to {n} customers", messages=count(result.messages), n=count(result.n_customers)),
        _("{what} within {length}", what=what, length=length(result.within)),
        _("by {column}", column=by),
        *([_("and {through}", through=result.through)] if result.through else []),
    ])  # fmt: skip


def contact_response_card(result: ContactResponse) -> Card:
    """The definition of a segment's index, with the numbers of the largest cell."""
    formula = r"\text{index}_{g,c} = 100\, \frac{r_{g,c} / m_{g,c}}{r_c / m_c}"
    sentences = [
        _("Counted: messages, each once; a response belongs to the last message before it of the same channel and "
          "campaign, within {length}.", length=length(result.within)),
    ]  # fmt: skip
    told = result.cells[result.cells["index"].notna()]
    if len(told):
        row = told.loc[told["messages"].idxmax()]
        whole = result.throughs.set_index("through").loc[row["through"]]
        rates = [_rate(own["responses"], own["messages"]) for own in (row, whole)]
        formula += rf" = 100\, \frac{{{rates[0]}}}{{{rates[1]}}} = {count(row['index'])}"
        sentences.append(_("In the formula: **{group}** at **{through}**.", group=plain(row["group"]),
                           through=plain(row["through"])))  # fmt: skip
    sentences += [
        _("A segment’s own index compares its responses with those expected of the same mix of messages at the average "
          "rate of each."),
        _("The {level} intervals count the messages of one customer as alike; a cell of fewer than {few} customers has "
          "no rate. Above or below the others: the interval of the difference, made wider for the number of cells "
          "(Bonferroni), does not hold 0.", level=confidence(result.level), few=FEW),
        _n("Left out: {n} message whose window was not over.", "Left out: {n} messages whose window was not over.",
           result.still_open, n=count(result.still_open)),
    ]  # fmt: skip
    source = _("Wilson 1927; Kish 1965, Survey Sampling; Newcombe 1998; Breslow & Day 1987, vol. II.")
    return Card(_("Index against average"), formula, tuple(sentences), source, "insight.contacts.contact_response")


def _rate(part: int, whole: int) -> str:
    return f"{count(part)} / {count(whole)}".replace(",", "{,}")
