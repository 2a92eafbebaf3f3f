"""The analyses of the Audiences page."""

from insight.catalog.analysis import Analysis
from insight.charts.contacts import contact_response_groups, contact_response_map
from insight.charts.contacts_pressure import contact_pressure_opens, contact_pressure_unsub
from insight.contacts import (
    contact_pressure,
    contact_pressure_members,
    contact_response,
    contact_response_members,
)
from insight.explain.contacts import contact_response_caption, contact_response_card, contact_response_reading
from insight.explain.contacts_pressure import (
    contact_pressure_caption,
    contact_pressure_card,
    contact_pressure_reading,
)
from insight.language import _

AUDIENCES = (
    Analysis(
        name="contact_response",
        title=_("Response by segment and channel"),
        function=contact_response,
        kind="contacts",
        also=("orders",),
        page="audiences",
        charts=(contact_response_map, contact_response_groups),
        reading=contact_response_reading,
        caption=contact_response_caption,
        card=contact_response_card,
        table="cells",
        members=contact_response_members,
        example={"by": "variant"},
        exercises=(
            _(
                "The two subject lines A and B were drawn by lot. Run it with `response='click'`: is the difference of "
                "the opens still there, and which of the two would you choose for what reason?"
            ),
            _(
                "Run it with `through='campaign'` and `within='1D'`, then with `within='14D'`. Which rates move, and "
                "what does a short window leave out?"
            ),
        ),
    ),
    Analysis(
        name="contact_pressure",
        title=_("How often is too often"),
        function=contact_pressure,
        kind="contacts",
        page="audiences",
        charts=(contact_pressure_unsub, contact_pressure_opens),
        reading=contact_pressure_reading,
        caption=contact_pressure_caption,
        card=contact_pressure_card,
        table="rates",
        members=contact_pressure_members,
        example={},
        exercises=(
            _(
                "In `result.caps`, how many clicks would be lost for each unsubscription that a cap of 2 may have "
                "avoided? What would you have to know to call it a good trade?"
            ),
            _(
                "In this shop each other newsletter of the last two weeks doubles the chance to leave. Do the rates "
                "double from row to row, and why need they not?"
            ),
        ),
    ),
)
