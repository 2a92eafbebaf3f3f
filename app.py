"""Marketing Insight: the list of pages and the frame around them. Run it with `streamlit run app.py`."""

import streamlit as st

from insight.language import _
from ui import server, session
from ui.frame import ICON, frame


def visit() -> None:
    """One run of the app, for one visitor."""
    st.set_page_config("Marketing Insight", ICON, layout="wide")
    session.start()
    sections = {
        _("Start"): [st.Page("pages/start/data.py", title=_("Data"), icon=":material/table:", default=True)],
        _("Explore"): [
            st.Page("pages/explore/overview.py", title=_("Overview"), icon=":material/dashboard:"),
            st.Page("pages/explore/funnel.py", title=_("Funnel"), icon=":material/filter_alt:"),
            st.Page("pages/explore/journeys.py", title=_("Journeys"), icon=":material/route:"),
            st.Page("pages/explore/cohorts.py", title=_("Cohorts"), icon=":material/grid_on:"),
            st.Page("pages/explore/churn.py", title=_("Churn"), icon=":material/person_off:"),
        ],
        _("Decide"): [
            st.Page("pages/decide/segments.py", title=_("Segments"), icon=":material/group_work:"),
            st.Page("pages/decide/clv.py", title=_("Customer value"), icon=":material/savings:"),
            st.Page("pages/decide/campaigns.py", title=_("Campaigns"), icon=":material/campaign:"),
            st.Page("pages/decide/attribution.py", title=_("Attribution"), icon=":material/call_split:"),
            st.Page("pages/decide/audiences.py", title=_("Audiences"), icon=":material/groups:"),
        ],
        _("Learn"): [st.Page("pages/learn/glossary.py", title=_("Glossary"), icon=":material/menu_book:")],
    }
    page = st.navigation(sections, position="hidden")  # the frame draws the menu
    with frame(sections, page):
        page.run()


if st.runtime.exists():
    visit()
else:  # the server imports this file once, before anybody comes
    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
