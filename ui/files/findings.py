"""What was noticed about the tables, worst first, each with the click that mends it; and what was mended."""

import pandas as pd
import streamlit as st

from insight.language import _, _n, count, plain
from insight.tables.fixes import FIXES, name_of
from insight.tables.join import join_findings
from insight.tables.quality import SEVERITIES as WORST_FIRST
from ui import session
from ui.files import intake
from ui.files.visit import File
from ui.words import KIND_NAMES

SEVERITIES = {
    "error": ":red-badge[:material/block: " + _("Left out") + "]",
    "warning": ":orange-badge[:material/warning: " + _("May mislead") + "]",
    "note": ":blue-badge[:material/info: " + _("Good to know") + "]",
}
SHOWN = 6  # findings in front; the others are folded away
MEND = ":material/auto_fix_high:"
NAMED = 5  # names in a sentence
PERSONAL = "personal_"  # how the codes of findings of personal data begin
DONE = "fixed_"  # how the codes of what a fix did begin: the list of fixes says it


def what_was_noticed(tables: dict[str, object], files: dict[str, File]) -> None:
    """Everything odd about the tables: how many rows, which ones, what to do. Fixes need a file of the visitor."""
    found = all_findings(tables)
    if files:
        found = found[~found["code"].str.startswith((PERSONAL, DONE))]
    serious = found[found["severity"] != "note"]
    if any(map(session.is_source, tables.values())):
        less = _("In data of this size less is looked for than in a file: no copies, no gaps, no test customers.")
        said = less if len(serious) else _("Every row could be read. {less}", less=less)
        st.markdown(f":material/check_circle: {said}")
    elif serious.empty:
        st.markdown(":material/check_circle: " + _("Every row could be read, and nothing looks wrong."))
    front = serious[:SHOWN]
    rest = found.drop(front.index)
    if len(front):
        with st.container(border=True):
            for finding in front.itertuples():
                _finding(finding, files)
    if len(rest):
        label = _n("{n} more thing to know", "{n} more things to know", len(rest), n=count(len(rest)))
        with st.expander(label, icon=":material/list:", key="data.fold.findings"):
            for finding in rest.itertuples():
                _finding(finding, files)


def all_findings(tables: dict[str, object]) -> pd.DataFrame:
    """The findings of every table and of the tables together, worst first, of equals those that a click mends.

    kind : of table; empty for what concerns several
    """
    found = [table.findings.assign(kind=kind) for kind, table in tables.items()]
    if not any(map(session.is_source, tables.values())):
        found.append(join_findings(tables).assign(kind=""))
    found = pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)
    rank = found["severity"].map(WORST_FIRST.index).astype("int64")
    found = found.assign(rank=rank, mended=found["fix"].notna())
    return found.sort_values(["rank", "mended", "rows"], ascending=[True, False, False], ignore_index=True)


def applied_fixes(files: dict[str, File]) -> None:
    """What was changed by a click, each with the click that takes it back."""
    done = [(file, fix) for file in files.values() for fix in file.fixes]
    if not done:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown("**" + _("Changed as you asked") + "**")
        for number, (file, fix) in enumerate(done):
            with st.container(horizontal=True, vertical_alignment="center"):
                name = f"{plain(file.name)}: " if len(files) > 1 else ""
                st.markdown(f":material/check: {name}{fix_done(fix)}")
                st.button(
                    _("Undo"),
                    key=f"data.undo.{file.number}.{number}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=intake.undo,
                    args=[file, fix],
                    help=_("Reads the file again without this change."),
                )


def personal_data(tables: dict[str, object], files: dict[str, File]) -> None:
    """Columns that look personal, with two ways out: pseudonyms, or leaving the column out."""
    for kind, file in files.items():
        found = tables[kind].findings
        found = found[found["code"].str.startswith(PERSONAL)]
        if found.empty:
            continue
        names = list(dict.fromkeys(found["column"]))
        said = "; ".join(f"{plain(row.column)} ({plain(row.finding)})" for row in found.itertuples())
        key = [tables[kind].columns.get(name) for name in ("customer_id", "order_id")]
        kept = [name for name in names if name in key]  # ids are needed: a pseudonym does their work
        with st.container(border=True):
            st.markdown(":material/shield_person: **" + _("Some columns look personal") + "**")
            st.markdown(f"{plain(file.name)}: {said}" if len(files) > 1 else said)
            why = _("No analysis needs names or addresses. A pseudonym stays the same for one person in this visit.")
            st.markdown(f":small[{why}]")
            with st.container(horizontal=True):
                hide = [{"fix": "pseudonymise", "columns": names, "key": None}]
                _fix_button([file], hide, _("Replace them by pseudonyms"), "hide", ":material/fingerprint:")
                leave = [{"fix": "drop_columns", "columns": [name for name in names if name not in kept]}]
                if kept:
                    leave = [{"fix": "pseudonymise", "columns": kept, "key": None}, *leave]
                if len(kept) < len(names):
                    label = _("Leave them out; ids become pseudonyms") if kept else _("Leave them out")
                    _fix_button([file], leave, label, "leave", ":material/visibility_off:")


def _finding(finding, files: dict[str, File]) -> None:
    """One finding, and the button that mends it. Names and values of the file stand in it: shown as they are."""
    badge = SEVERITIES[finding.severity]
    where = [KIND_NAMES[finding.kind]] if finding.kind and len(files) > 1 else []
    where += [plain(finding.column)] if finding.column else []
    where += [_n("{n} row", "{n} rows", finding.rows, n=count(finding.rows))] if finding.rows else []
    if finding.examples:
        rows = ", ".join(map(str, finding.examples))
        where.append(_n("in row {rows}", "for example in rows {rows}", len(finding.examples), rows=rows))
    allowed = FIXES[name_of(finding.fix)].kinds if finding.fix else ()
    concerned = [file for kind, file in files.items() if finding.kind in (kind, "") and kind in allowed]
    text, button = st.columns([3, 1], vertical_alignment="center")
    with text.container(gap=None):
        st.markdown(f"{badge} {plain(finding.finding)}")
        st.markdown(f":small[{' · '.join([*where, plain(finding.suggestion)])}]")
    if concerned:
        with button:
            _fix_button(concerned, [finding.fix], fix_offer(finding.fix), str(finding.Index))


def _fix_button(files: list[File], fixes: list, label: str, name: str, icon: str = MEND) -> None:
    st.button(
        label,
        key=f"data.fix.{files[0].number}.{name}",
        icon=icon,
        on_click=intake.fix,
        args=[files, fixes],
        width="stretch" if icon == MEND else "content",
        help=_("Reads the file again with this change; it can be undone. Your file itself stays as it is."),
    )


def fix_offer(fix: str | dict) -> str:
    """What a button says that applies a fix.

    >>> fix_offer({"fix": "merge_events", "into": "buy", "names": ["Buy", "BUY"]}), fix_offer("drop_duplicates")
    ('Merge into buy', 'Leave the copies out')
    """
    match name_of(fix):
        case "pseudonymise":
            return _("Replace them by pseudonyms")
        case "drop_columns":
            return _("Leave the column out")
        case "lower_ids":
            return _("Take ids in lower case")
        case "strip_zeros":
            return _("Take ids without leading zeros")
        case "merge_events" | "merge_values":
            return _("Merge into {name}", name=plain(fix["into"]))
        case "drop_outside":
            return _("Leave these days out")
        case "drop_duplicates":
            return _("Leave the copies out")
        case "drop_repeated_events":
            return _("Leave the repeats out")
        case "total_per_order":
            return _("Count the total once an order")
        case "decimal_comma":
            return _("Take the comma before decimals")
        case "decimal_point":
            return _("Take the point before decimals")
    return _("Leave them out")


def fix_done(fix: str | dict) -> str:
    """What a fix did, in the list of fixes.

    >>> fix_done({"fix": "drop_customers", "ids": ["test"]}), fix_done("lower_ids")
    ('Left out customers: test', 'Customer ids in lower case')
    """
    match fix if isinstance(fix, dict) else {"fix": fix}:
        case {"fix": "pseudonymise", "columns": columns}:
            return _("Pseudonyms in: {columns}", columns=_listed(columns))
        case {"fix": "drop_columns", "columns": columns}:
            return _("Left out columns: {columns}", columns=_listed(columns))
        case {"fix": "lower_ids"}:
            return _("Customer ids in lower case")
        case {"fix": "strip_zeros"}:
            return _("Customer ids without leading zeros")
        case {"fix": "merge_events" | "merge_values", "names": names, "into": into}:
            return _("{names} counted as {into}", names=_listed(names), into=plain(into))
        case {"fix": "drop_rows", "column": column, "values": values}:
            return _("Left out rows whose {column} is {values}", column=plain(column), values=_listed(values))
        case {"fix": "drop_customers", "ids": ids}:
            return _("Left out customers: {ids}", ids=_listed(ids))
        case {"fix": "drop_outside", **days}:
            days = {"first": days.get("from", "…"), "last": days.get("to", "…")}
            return _("Only the days from {first} to {last}", **days)
        case {"fix": "drop_future"}:
            return _("Left out dates far after all others")
        case {"fix": "drop_duplicates"}:
            return _("Left out exact copies of earlier rows")
        case {"fix": "drop_repeated_events"}:
            return _("Left out events recorded twice")
        case {"fix": "total_per_order"}:
            return _("The amount is the total of its order")
        case {"fix": "decimal_comma"}:
            return _("A comma stands before decimals, points group thousands")
        case {"fix": "decimal_point"}:
            return _("A point stands before decimals, commas group thousands")
    return plain(name_of(fix))


def _listed(names: list[str]) -> str:
    """Names of a file in a sentence, the first few."""
    more = [_("{n} more", n=count(len(names) - NAMED))] if len(names) > NAMED else []
    return ", ".join([*map(plain, names[:NAMED]), *more])
