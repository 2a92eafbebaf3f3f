"""An audience and its export in sentences."""

import pandas as pd

from insight.audiences.expected import ENOUGH
from insight.audiences.export import AudienceExport
from insight.audiences.size import AudienceSize
from insight.audiences.words import in_words
from insight.language import _, _n, confidence, count, money, percent, plain, points

MOST_NAMED = 5  # groups in a sentence


def audience_reading(result: AudienceSize) -> str:
    """How many customers an audience has, and what they have brought in so far, as Markdown."""
    values = {"n": count(result.n_customers), "all": count(result.n_all), "share": percent(result.share)}
    values["rule"] = plain(in_words(result.rule))
    if not result.n_customers:
        return _("**Nobody** of {all} customers fits: {rule}.", **values)
    said = _n(
        "**{n}** of {all} customers ({share}) fits: {rule}.",
        "**{n}** of {all} customers ({share}) fit: {rule}.",
        result.n_customers,
        **values,
    )
    return "\n\n".join(filter(None, [said, _value(result)]))


def _value(result: AudienceSize) -> str:
    if result.revenue != result.revenue:
        return _("What they are worth cannot be said: that needs a table of orders in one currency.")
    if not result.orders:
        return _("None of them has bought so far.")
    values = {
        "revenue": money(result.revenue, result.currency), "orders": count(result.orders),
        "buyers": count(result.buyers), "share": percent(result.revenue_share),
    }  # fmt: skip
    if result.revenue_share == result.revenue_share:
        return _("So far they brought in **{revenue}**, {share} of all revenue, with {orders} orders of {buyers} "
                 "buyers; refunds are taken off.", **values)  # fmt: skip
    return _("So far they brought in **{revenue}** with {orders} orders of {buyers} buyers; refunds are taken off.",
             **values)  # fmt: skip


def export_reading(result: AudienceExport, currency: str | None = None) -> str:
    """How many are left to be contacted, what they brought in lately, and what the holdout can show, as Markdown."""
    whole = int(result.steps["n_customers"].iloc[0])
    values = {"n": count(result.n_treatment), "all": count(whole), "held": count(result.n_holdout)}
    said = _n(
        "**{n}** of {all} customer may be contacted now", "**{n}** of {all} customers may be contacted now", whole,
        **values,
    )  # fmt: skip
    held = _n("; {held} is held out.", "; {held} are held out.", result.n_holdout, **values) if result.share else "."
    return "\n\n".join(filter(None, [said + held, _expected(result, currency)]))


def _expected(result: AudienceExport, currency: str | None) -> str:
    found = result.expected
    if found is None:
        return _("What to expect of them cannot be said: that needs orders in one currency, and {n} customers who "
                 "fitted the same rule some time earlier.", n=ENOUGH)  # fmt: skip
    values = {"days": count(found.days), "revenue": money(found.revenue, currency), "level": confidence(found.level)}
    values |= {"low": money(max(found.low, 0.0)), "high": money(found.high, currency), "then": count(found.n_then)}
    said = [
        _("Without the campaign, expect **{revenue}** of them in {days} days ({level} interval {low} to {high}): as "
          "much each as the {then} customers brought in who fitted the same rule {days} days earlier.", **values),
        _("What the campaign adds is the difference to the holdout."),
    ]  # fmt: skip
    if found.detectable == found.detectable:
        points_ = points(found.detectable).lstrip("+")
        said.append(_("Groups of these sizes show a difference of **{points} points** in the share who buy with a "
                      "chance of 80%; a smaller one may be missed.", points=points_))  # fmt: skip
    return " ".join(said)


def disparity_reading(rows: pd.DataFrame) -> str:
    """Which groups a selection takes far less often than others, as Markdown."""
    flagged = rows[rows["flagged"]]
    sure = flagged[~flagged["by_chance"]]
    named = ", ".join(f"**{plain(row.group)}** ({plain(row.trait)})" for row in sure.head(MOST_NAMED).itertuples())
    if len(sure) > MOST_NAMED:
        named = _("{names} and {n} more", names=named, n=count(len(sure) - MOST_NAMED))
    said = [_("Taken less than 80% as often as the group most taken: {names}. Look at which condition does it.",
              names=named)] if len(sure) else []  # fmt: skip
    if n := len(flagged) - len(sure):
        said.append(_n("Of {n} group below 80% so few are taken that chance alone may do that.",
                       "Of {n} groups below 80% so few are taken that chance alone may do that.",
                       n, n=count(n)))  # fmt: skip
    return " ".join(said) or _("No group is taken less than 80% as often as the group most taken.")
