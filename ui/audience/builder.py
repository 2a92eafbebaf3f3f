"""The rule builder: conditions and groups of conditions, one below the other; the rule is what they say."""

import streamlit as st

from insight.audiences import in_words
from insight.language import _
from ui import session
from ui.audience.condition import condition_inputs, usual
from ui.audience.fields import Fields
from ui.audience.form import GROUPS, form_of, rule_of

JOINED = {"all": _("all of these"), "any": _("any of these")}
MOST = 20  # conditions side by side


def rule_builder(choose: session.Choices, name: str, fields: Fields) -> None:
    """The rule, condition by condition: choose, turn round, remove, add."""
    memory, form = session.memory(choose.page), form_of(choose[name])
    key = f"{choose.key(name)}.{choose.version}.{memory.get('edits', 0)}"  # new widgets once the list is rearranged
    changed = _parts(form, fields, key)
    added = _add(form, fields, key)
    choose[name] = rule_of(form)
    if changed or added:
        memory["edits"] = memory.get("edits", 0) + 1
        st.rerun()


def _parts(form: dict, fields: Fields, key: str) -> bool:
    """The parts of a form; whether the list was rearranged."""
    if len(form["parts"]) > 1:
        form["how"] = st.segmented_control(
            _("Customers who fit"), list(GROUPS), default=form["how"], format_func=JOINED.get, key=f"{key}.how",
            required=True, help=_("Whether every condition has to hold, or one is enough."),
        )  # fmt: skip
    done = [_part(part, fields, f"{key}.{i}") for i, part in enumerate(form["parts"])]
    form["parts"] = [part for part, what in zip(form["parts"], done, strict=True) if what != "removed"]
    return any(done)


def _part(part: dict, fields: Fields, key: str) -> str:
    """One condition or group; "removed" or "rearranged" where the visitor did that, else ""."""
    with st.container(border=True, gap="small"):
        kind = fields.kind_of(part["rule"]) if "rule" in part else None
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if kind is not None:
                kind = _kind(part, kind, fields, key)
            else:
                st.markdown(_("**A group**") if "parts" in part else _("**As it was given**"), width="stretch")
            part["not"] = st.toggle(_("Not"), part["not"], key=f"{key}.not", help=_("Those who do not fit it."))
            removed = st.button(
                _("Remove"), key=f"{key}.remove", type="tertiary", help=_("Take this condition out of the rule.")
            )
        if removed:
            return "removed"
        if "parts" in part:
            changed = _parts(part, fields, key)
            return "rearranged" if _add(part, fields, key, inside=True) or changed else ""
        if kind is None:
            st.text(in_words(part["rule"]))
        else:
            part["rule"] = condition_inputs(kind, part["rule"], fields, f"{key}.{kind}")
    return ""


def _kind(part: dict, now: str, fields: Fields, key: str) -> str:
    kinds = list(fields.kinds)
    kind = st.selectbox(
        _("Condition on"), kinds, kinds.index(now), format_func=fields.kinds.get, key=f"{key}.kind",
        label_visibility="collapsed", width="stretch", help=_("What the condition is about."),
    )  # fmt: skip
    if kind != now:
        part["rule"] = usual(kind, fields)
    return kind


def _add(form: dict, fields: Fields, key: str, inside: bool = False) -> bool:
    """Buttons that add a condition, or a group; whether one was added."""
    if len(form["parts"]) >= MOST or not fields.kinds:
        return False  # of customers of whom nothing but the id is known, nothing can be asked
    new = {"not": False, "rule": usual(next(iter(fields.kinds)), fields)}
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Add a condition"), icon=":material/add:", key=f"{key}.add", type="tertiary"):
            form["parts"].append(new)
            return True
        if not inside and form["parts"] and st.button(
            _("Add a group"), icon=":material/add_box:", key=f"{key}.group", type="tertiary",
            help=_("Conditions of which any is enough, beside those above."),
        ):  # fmt: skip
            form["parts"].append({"not": False, "how": "any", "parts": [new, dict(new)]})
            return True
    return False
