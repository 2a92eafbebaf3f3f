"""The clean-up of event names: rules, what they would do, and only then their use."""

import pandas as pd
import streamlit as st

from insight.errors import InsightError
from insight.journeys import EventKinds, event_kinds
from insight.journeys.naming import read_clean
from insight.language import _, _n, count, plain
from insight.tables import EventLog
from ui import session

MOST_RULES = 12  # of one kind
SHOWN = 10  # kinds in the preview
FOLDERS = [None, 1, 2, 3, 4]
MANY, MOSTLY, FEW = 40, 0.8, 30  # names that are too many, the share of web paths among them, names that are few
HOW = {"contains": _("contain"), "regex": _("match"), "events": _("are")}


def clean_up(choose: session.Choices, events: EventLog) -> None:
    """Rules for names, folded away; what they would do is shown before they are used."""
    n, used = len(events.facts.events), choose["clean"]
    label = _n("Clean up event names ({n} kind)", "Clean up event names ({n} kinds)", n, n=count(n))
    if used:
        label = _("Event names are cleaned up ({n} kinds in the file)", n=count(n))
    fold = st.expander(label, icon=":material/cleaning_services:", key=f"{choose.page}.fold.clean", on_change="rerun")
    if not fold.open:
        return
    with fold:
        memory = session.memory(choose.page)
        key = f"{choose.key('clean')}.{choose.version}.{memory.get('cleaned', 0)}"
        draft = _rules(memory.get("draft", used) or {}, events, key)
        memory["draft"] = draft
        possible = _preview(events, draft)
        with st.container(horizontal=True):
            if st.button(
                _("Use these names"), key=f"{key}.use", icon=":material/check:", disabled=not possible or draft == used,
                help=_("Everything on this page is counted again, with the names as in the preview."),
            ):  # fmt: skip
                _use(choose, draft)
            if st.button(
                _("As in the file"), key=f"{key}.undo", icon=":material/undo:", type="tertiary",
                disabled=not used and not draft, help=_("Take all rules away."),
            ):  # fmt: skip
                _use(choose, None)


def offer_folders(choose: session.Choices, events: EventLog) -> None:
    """Where most of very many names are web paths: a button that keeps their first folders."""
    kinds, rules = events.facts.events, choose["clean"] or {}
    paths = sum("/" in kind for kind in kinds)
    if len(kinds) < MANY or paths < MOSTLY * len(kinds) or "folders" in rules:
        return
    for n in (3, 2, 1):
        left = len(read_clean({**rules, "folders": n}, kinds).names)
        if 1 < left <= FEW:
            label = _n("Keep {n} folder of web paths: {before} kinds become {after}",
                       "Keep {n} folders of web paths: {before} kinds become {after}",
                       n, n=n, before=count(len(kinds)), after=count(left))  # fmt: skip
            if st.button(label, key=f"{choose.page}.folders", icon=":material/folder:"):
                _use(choose, {**rules, "folders": n})
            return


def _use(choose: session.Choices, clean: dict | None) -> None:
    memory = session.memory(choose.page)
    choose["clean"], memory["draft"] = clean or None, clean
    memory["cleaned"] = memory.get("cleaned", 0) + 1  # new inputs, which start from what is used now
    st.rerun()


def _rules(now: dict, events: EventLog, key: str) -> dict | None:
    """The rules as changed by the visitor; None where there are none."""
    kinds = list(events.facts.events)
    merge = _merge(now.get("merge", []), kinds, key)
    folders = _folders(now.get("folders"), kinds, key)
    rename = _rename(now.get("rename", {}), kinds, key)
    hide = _hide(now.get("hide", []), kinds, key)
    rules = {"merge": merge, "folders": folders, "rename": rename, "hide": hide}
    return {name: rule for name, rule in rules.items() if rule} or None


def _merge(rules: list, kinds: list[str], key: str) -> list[dict]:
    """Names that contain or match something, or are listed, get one name; without that a rule goes away."""
    st.markdown(":small[" + _("Merge events that mean the same") + "]")
    kept = []
    for k, rule in enumerate([*rules, {}][:MOST_RULES]):
        how = next((name for name in HOW if name in rule), "contains")
        with st.grid(3, min_column_width=110, gap="small"):
            how = st.selectbox(
                _("Names that"), list(HOW), list(HOW).index(how), format_func=HOW.get, key=f"{key}.merge.{k}.how",
                help=_("Contain a text, match a regular expression (RE2), or are one of a list."),
            )  # fmt: skip
            if how == "events":
                what = st.multiselect(
                    _("these"), kinds, [one for one in rule.get("events", []) if one in kinds], placeholder=_("None"),
                    key=f"{key}.merge.{k}.events", help=_("Events that become one."),
                )  # fmt: skip
            else:
                what = st.text_input(
                    _("this"), rule.get(how, ""), key=f"{key}.merge.{k}.{how}", max_chars=200,
                    placeholder=_("Add a rule"), help=_("Capital letters count. Clear it to take the rule away."),
                )  # fmt: skip
            name = st.text_input(
                _("are called"), rule.get("name", ""), key=f"{key}.merge.{k}.name", max_chars=60,
                placeholder=what if isinstance(what, str) else (what or [""])[0], help=_("One name for all of them."),
            )  # fmt: skip
        if what:
            kept.append({how: what, "name": name.strip() or (what if isinstance(what, str) else what[0])})
    return kept


def _folders(now: int | None, kinds: list[str], key: str) -> int | None:
    if now is None and not any("/" in kind for kind in kinds):
        return None  # no web paths
    return st.selectbox(
        _("Of web paths keep"), FOLDERS, FOLDERS.index(now) if now in FOLDERS else 0, key=f"{key}.folders", width=260,
        format_func=lambda n: _("everything") if n is None else _n("{n} folder", "{n} folders", n, n=n),
        help=_("/shop/shoes/42?size=8 with 2 folders is /shop/shoes; what follows ? or # is cut."),
    )  # fmt: skip


def _rename(rules: dict, kinds: list[str], key: str) -> dict[str, str]:
    st.markdown(":small[" + _("Rename") + "]")
    kept = {}
    for k, (event, name) in enumerate([*rules.items(), (None, "")][:MOST_RULES]):
        options = kinds if event is None or event in kinds else [event, *kinds]
        with st.grid(2, min_column_width=110, gap="small"):
            chosen = st.selectbox(
                _("Event"), options, options.index(event) if event else None, key=f"{key}.rename.{k}.event",
                placeholder=_("Add a rule"), help=_("Clear it to take the rule away."),
            )  # fmt: skip
            called = st.text_input(
                _("is called"), name, key=f"{key}.rename.{k}.name", max_chars=60,
                help=_("Two events may get the same name."),
            )  # fmt: skip
        if chosen and called.strip():
            kept[chosen] = called.strip()
    return kept


def _hide(rules: list, kinds: list[str], key: str) -> list:
    """Names to leave out; patterns that a link brings stay as they are."""
    patterns = [rule for rule in rules if not isinstance(rule, str)]
    listed = [rule for rule in rules if isinstance(rule, str)]
    options = list(dict.fromkeys([*kinds, *listed]))
    hidden = st.multiselect(
        _("Hide"), options, listed, key=f"{key}.hide", placeholder=_("Nothing hidden"),
        help=_("As if the file did not have them: what comes before and after stands side by side."),
    )  # fmt: skip
    return [*hidden, *patterns]


def _preview(events: EventLog, draft: dict | None) -> bool:
    """How many kinds would remain, and which; False with the reason where the rules cannot be used."""
    try:
        found = event_kinds(events, clean=draft)
    except InsightError as problem:
        st.error(plain(problem), icon=":material/error:")
        return False
    if not draft:
        said = _n("The file has {n} kind of event.", "The file has {n} kinds of event.", found.n_before,
                  n=count(found.n_before))  # fmt: skip
    else:
        said = _(
            "{before} kinds of event become **{after}**.", before=count(found.n_before), after=count(found.n_after)
        )
    if found.hidden:
        said += " " + _("{n} of {all} rows are hidden.", n=count(found.hidden), all=count(found.rows))
    st.markdown(said)
    _kinds_table(found)
    return True


def _kinds_table(found: EventKinds) -> None:
    made_of_many = found.kinds["names"] > 1  # what the rules make comes first
    shown = pd.concat([found.kinds[made_of_many], found.kinds[~made_of_many]]).head(SHOWN)
    of = found.names[found.names["event"].notna()].groupby("event")["name"].agg(lambda own: ", ".join(own.head(4)))
    frame = shown[["event", "rows"]].assign(of=shown["event"].map(of))
    columns = {
        "event": _("Event"),
        "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
        "of": _("Made of"),
    }
    st.dataframe(frame, hide_index=True, column_config=columns, alt=_("The kinds of event that would remain"))
    more = len(found.kinds) - len(shown)
    if more > 0:
        st.markdown(":small[" + _n("and {n} more kind", "and {n} more kinds", more, n=count(more)) + "]")
