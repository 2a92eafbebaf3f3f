"""The file of an audience for a campaign: who may be contacted, step by step; made when asked, never kept anywhere."""

from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from insight.audiences import Audience
from insight.audiences.consent import consent_columns
from insight.audiences.export import AudienceExport, export_audience
from insight.audiences.reading import disparity_reading, export_reading
from insight.audiences.size import EVERYONE
from insight.charts.audiences import audience_export_steps
from insight.language import _, _n, count, decimal, percent, plain
from ui import session
from ui.parts import draw, main_button
from ui.sections import Shown
from ui.take_away import download

SHARES = [0.0, 0.05, 0.1, 0.2, 0.3, 0.5]
DAYS = [None, 7, 14, 30, 60, 90]
CAPS = [None, 1, 2, 3, 4, 5, 7]
AUTO, NOBODY = "auto", None
WITHOUT = "not_asked"  # of consent: the step is switched off


def export_settings() -> dict[str, tuple]:
    """The settings of the section, name=(default, allowed)."""
    return {
        "campaign": (_("spring"), lambda name: isinstance(name, str) and 0 < len(name) <= 60),
        "consent": (AUTO, lambda column: isinstance(column, str)),
        "suppress": (30, DAYS),
        "cap": (3, CAPS),
        "holdout": (0.1, SHARES),
        "hashed": (True, [True, False]),
        "traits": ([], lambda names: all(isinstance(name, str) for name in names)),
        "protected": ([], lambda names: all(isinstance(name, str) for name in names)),
    }


def export_section(choose: session.Choices, answer: session.Answer) -> Shown:
    """The steps, what to expect, and the file."""
    tables = session.everything()
    customers = tables.get("customers")
    traits = [name for name in customers.frame if name != "customer_id"] if customers is not None else []
    settings_side, shown_side = st.columns([5, 6], gap="large")
    with settings_side:
        _inputs(choose, customers, traits)
    asked = _asked(choose, traits)
    rule = EVERYONE if choose["rule"] is None else choose["rule"]
    with shown_side:
        found = session.export_answer({"rule": rule, "as_of": choose["as_of"]}, asked)
        result = found.result
        st.markdown(export_reading(result, answer.result.currency))
        draw(found, audience_export_steps, alt=_("Customers left after each step."))
        for warning in result.warnings:
            st.warning(plain(warning), icon=":material/warning:")
    _disparity(result, traits)
    _file(choose, Audience(rule, choose["as_of"]), tables, asked)
    _log()
    return None


def _inputs(choose: session.Choices, customers, traits: list[str]) -> None:
    look = {"persist_state": "session"}
    st.text_input(
        _("Campaign"), key=choose.key("campaign"), max_chars=60, **look,
        help=_("Its name decides who is held out: the same people each time, others for another campaign."),
    )  # fmt: skip
    columns = [AUTO, *consent_columns(customers), WITHOUT]
    words = {AUTO: _("as the data say"), WITHOUT: _("do not ask (say why to yourself)")}
    now = choose["consent"] if choose["consent"] in columns else AUTO
    choose["consent"] = st.selectbox(
        _("Consent"), columns, columns.index(now), format_func=lambda name: words.get(name, name),
        key=f"{choose.key('consent')}.input.{choose.version}",
        help=_("Only who said yes in this column. Who said nothing did not agree. Who refused in a column such as "
               "unsubscribed or opt_out is always left out."),
    )  # fmt: skip
    with st.grid(2, min_column_width=180):
        st.selectbox(
            _("Leave out who bought in the last"), DAYS, key=choose.key("suppress"), **look,
            format_func=lambda n: _("nobody") if n is None else _n("{n} day", "{n} days", n, n=n),
            help=_("Who has just bought needs no reminder."),
        )  # fmt: skip
        st.selectbox(
            _("Leave out who was sent in 7 days"), CAPS, key=choose.key("cap"), **look,
            format_func=lambda n: _("nobody") if n is None else _n("{n} message", "{n} or more messages", n, n=n),
            help=_("A cap on how often somebody is written to. It needs the table of contacts."),
        )  # fmt: skip
        st.selectbox(
            _("Hold out"), SHARES, key=choose.key("holdout"), format_func=lambda share: percent(share, 0), **look,
            help=_("People who are not contacted. Only the difference to them tells what the campaign did."),
        )  # fmt: skip
    st.toggle(
        _("Pseudonyms in place of ids"), key=choose.key("hashed"), **look,
        help=_("A keyed hash of each id: who has the key and the ids can match them, nobody else."),
    )  # fmt: skip
    if traits:
        usual = [name for name in choose["traits"] if name in traits], [n for n in choose["protected"] if n in traits]
        version = choose.version
        choose["protected"] = st.multiselect(
            _("Check that no group is left out"), traits, usual[1], key=f"{choose.key('protected')}.input.{version}",
            help=_("How often customers of each age, gender or region are in the file, against the group most taken."),
        )  # fmt: skip
        choose["traits"] = st.multiselect(
            _("Columns beside the id"), traits, usual[0], key=f"{choose.key('traits')}.input.{version}",
            help=_("None unless the campaign needs them: what is not in the file cannot leak."),
        )  # fmt: skip


def _asked(choose: session.Choices, traits: list[str]) -> dict[str, object]:
    """The settings as `export_audience` takes them."""
    return {
        "campaign": choose["campaign"],
        "consent": NOBODY if choose["consent"] == WITHOUT else choose["consent"],
        "suppress_days": choose["suppress"],
        "cap": choose["cap"],
        "share": choose["holdout"],
        "pseudonymous": choose["hashed"],
        "traits": [name for name in choose["traits"] if name in traits],
        "protected": [name for name in choose["protected"] if name in traits],
    }


def _disparity(result: AudienceExport, traits: list[str]) -> None:
    if result.disparity is None:
        if traits:
            hint = _("Choose age, gender or region above to see whether the rule takes some groups far more often.")
            st.markdown(f":small[{hint}]")
        return
    st.markdown(disparity_reading(result.disparity))
    shown = disparity_shown(result.disparity)
    right = {name: st.column_config.Column(name, alignment="right") for name in list(shown)[1:3]}
    st.dataframe(shown, hide_index=True, column_config=right, alt=_("How often each group is taken"))


def disparity_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The groups as people read them."""
    told = zip(rows["selected"], rows["n_customers"], rows["selection_rate"], strict=True)
    several = rows["trait"].nunique() > 1
    who = [f"{t}: {g}" if several else g for t, g in rows[["trait", "group"]].to_numpy()]
    notes = zip(rows["flagged"], rows["by_chance"], rows["small"], strict=True)
    return pd.DataFrame(
        {
            _("Group"): who,
            _("In the file"): [
                _("{n} of {all} ({share})", n=count(n), all=count(m), share=percent(p)) for n, m, p in told
            ],
            _("Of the most taken"): rows["ratio"].map(decimal),
            _("Note"): [_note_on(*one) for one in notes],
        }
    )


def _note_on(flagged: bool, by_chance: bool, small: bool) -> str:
    said = [_("below 0.8") + (_(", chance alone may do that") if by_chance else "")] if flagged else []
    return " · ".join([*said, *([_("few customers")] if small else [])])


def _file(choose: session.Choices, audience: Audience, tables: dict, asked: dict[str, object]) -> None:
    """The file: made when asked, with a key that is shown once."""
    st.subheader(_("The file"), anchor=False)
    memory, signature = session.memory(choose.page), repr((audience, asked))
    form = st.form("audiences.export", clear_on_submit=True, border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        key = ""
        if choose["hashed"]:
            key = st.text_input(
                _("Key of the pseudonyms"), type="password", key="audiences.export.key", width="stretch",
                placeholder=_("Empty: a random one, shown once"), autocomplete="off",
                help=_("A secret of your own. With the same key, the same customers get the same pseudonyms. It is "
                       "used once, and kept nowhere."),
            )  # fmt: skip
        make = st.form_submit_button(_("Make the file"), type=main_button(), icon=":material/lock:")
    if make:
        made = export_audience(audience, tables, key=key or None, **asked)
        memory["export"] = (signature, made.file_name, made.csv)
        _note(made)
        if made.key:
            st.markdown(_("The key of this file. **It is shown this once**; without it nobody can match the file to "
                          "your customers again."))  # fmt: skip
            st.code(made.key, language=None)
    kept, name, csv = memory.get("export", ("", "", b""))
    if kept == signature:
        download(_("Download {name}", name=name), partial(bytes, csv), name, "audiences.export.file",
                 _("The file for the tool that sends: send only to the group “treatment”."))  # fmt: skip


def _note(made: AudienceExport) -> None:
    """Write down, in this visit only, that a file was made."""
    line = {
        _("When"): datetime.now().strftime("%Y-%m-%d %H:%M"),
        _("File"): made.file_name,
        _("To be contacted"): count(made.n_treatment),
        _("Held out"): count(made.n_holdout),
        _("Columns"): ", ".join(made.frame.columns),
    }
    session.memory("audiences").setdefault("exports", []).append(line)


def _log() -> None:
    """What was exported in this visit."""
    if lines := session.memory("audiences").get("exports"):
        st.markdown(_("Made in this visit; the list is gone with it."))
        st.dataframe(lines, hide_index=True, alt=_("Files made in this visit"))
