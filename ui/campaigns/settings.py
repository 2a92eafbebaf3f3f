"""The settings of the Campaigns page: what they may be, and the inputs that choose them. Common ones in front."""

import streamlit as st

from insight.acquisition.costs import ROWS_AS
from insight.acquisition.following import HORIZONS
from insight.acquisition.origin import SOURCES
from insight.language import _
from insight.periods import microseconds
from insight.tables import Campaigns
from ui import session
from ui.campaigns.currency import is_rates, rates_input, usual_currency
from ui.margin import margin_input

LEVELS = [0.8, 0.9, 0.95, 0.99]
MOST_EXTRA = 200  # percent of the spend
NO_GROUPS = {"currency"}
PERIODS = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}
IMMATURE = ["1D", "7D", "14D", "30D"]
TREND = {"period": "week", "immature": "7D"}  # the usual settings over time
AUTO = "auto"  # as the data has it
PAYBACK_HORIZONS = ["30D", "90D", "180D", "365D", "730D"]
COSTS = {"all": _("All cost"), "media": _("Media only")}
NAMES = {"campaign": _("Campaign"), "channel": _("Channel")}


def campaign_settings(campaigns: Campaigns, sections: list[str]) -> session.Choices:
    """The page's settings."""
    columns = properties(campaigns)
    return session.settings(
        "campaigns",
        campaigns,
        by=(columns[0], columns),
        margin=(None, lambda share: share is None or (type(share) is float and 0 < share <= 1)),
        extra=(0, range(MOST_EXTRA + 1)),
        rate=("cvr", ["cvr", "ctr"]),
        level=(0.95, LEVELS),
        follow=(None, lambda name: name is None or isinstance(name, str)),
        period=(TREND["period"], list(PERIODS)),
        immature=(TREND["immature"], lambda written: microseconds(written, "immature") > 0),
        rates=(None, is_rates),
        at=(AUTO, [AUTO, *HORIZONS]),
        came=(AUTO, [AUTO, *SOURCES]),
        column=(AUTO, lambda name: isinstance(name, str)),
        horizon=(usual_horizon(campaigns), PAYBACK_HORIZONS),
        scope=("all", list(COSTS)),
        target=(0, range(91)),
        model=(False, [False, True]),
        same=([], _are_pairs),
        rows_as=("auto", list(ROWS_AS)),
        order_rates=(None, is_rates),
        show=(sections[0], sections),
    )


def usual_horizon(campaigns: Campaigns) -> str:
    """The longest that is not more than half of the time that the file covers: then there is somebody to follow."""
    days = campaigns.frame["date"]
    covered = (days.max() - days.min()).days + 1
    return max((own for own in PAYBACK_HORIZONS if 2 * int(own[:-1]) <= covered), key=PAYBACK_HORIZONS.index,
               default=PAYBACK_HORIZONS[0])  # fmt: skip


def _are_pairs(pairs: list) -> bool:
    """Whether these say which name of the orders is which of the campaigns."""
    return all(set(pair) == {"written_as", "counted_as"} and all(map(str, pair.values())) for pair in pairs)


def properties(campaigns: Campaigns) -> list[str]:
    """The columns whose values can be compared, campaigns first."""
    frame = campaigns.frame
    found = [name for name in frame if frame[name].dtype == "str" and name not in NO_GROUPS]
    return sorted(found, key=lambda name: list(NAMES).index(name) if name in NAMES else len(NAMES))


def chosen(choose: session.Choices) -> dict[str, object]:
    """The settings as `campaign_results` takes them; the margin always, as it has no usual value."""
    asked = {"margin": choose["margin"], **shared(choose)}
    asked |= {"rates": choose["rates"]} if choose["rates"] else {}
    return asked | ({"extra_cost": choose["extra"] / 100} if choose["extra"] else {})


def shared(choose: session.Choices) -> dict[str, object]:
    """What all analyses of campaigns know."""
    asked = {} if choose["by"] == "campaign" else {"by": choose["by"]}
    return asked | ({"level": choose["level"]} if choose["level"] != 0.95 else {})


def inputs(choose: session.Choices, campaigns: Campaigns) -> None:
    """All inputs, the common ones in front."""
    margin_input(
        choose,
        help=_("What is left of 100 of revenue after the goods are paid for. Without it there is no profit, no ROI."),
    )
    st.slider(
        _("Cost beside the spend, in % of it"), 0, MOST_EXTRA, step=5, key=choose.key("extra"),
        persist_state="session",
        help=_("Fees, creative work, your own hours: what the file does not hold. It comes on top of the other cost in "
               "the file, which is counted already."),
    )  # fmt: skip
    if len(campaigns.currencies or ()) > 1:
        rates_input(choose, "rates", campaigns.currencies, usual_currency(campaigns))
    columns = properties(campaigns)
    st.selectbox(
        _("Compare by"), columns, key=choose.key("by"), format_func=lambda name: NAMES.get(name, name),
        persist_state="session", help=_("Each value of this column is one row."),
    )  # fmt: skip
    with st.expander(_("More settings")):
        st.selectbox(
            _("Level of the intervals"), LEVELS, key=choose.key("level"), format_func="{:.0%}".format,
            persist_state="session", help=_("How sure the interval should be to hold the true value."),
        )  # fmt: skip
