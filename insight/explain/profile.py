"""Profiles and personas in words."""

from datetime import date

from insight.clusters.persona import ABOVE, COMMON, MOST_LINES
from insight.clusters.profile import Profile
from insight.clusters.words import feature_name, trait_amount
from insight.explain.cards import Card
from insight.explain.notes import row_notes
from insight.language import _, _n, chance, confidence, count, day, interval, percent, plain

MOST_GROUPS, MOST_SAID = 5, 2  # groups, and lines of each, named in the reading


def profile_reading(result: Profile) -> str:
    """What it says, as Markdown: what sets each group apart, what was compared and hidden."""
    values = {"n": count(result.n_customers), "groups": count(len(result.groups))}
    said = [_("{n} customers in {groups} groups, each beside everybody else.", **values)]
    with_lines = [name for name in result.groups["group"] if (result.lines["group"] == name).any()]
    if not with_lines:
        said = [_("{n} customers in {groups} groups: **nothing compared here sets one of them clearly apart** from "
                  "everybody else.", **values)]  # fmt: skip
    rows = [f"- **{plain(name)}**: {'; '.join(_shortest(result, name))}." for name in with_lines[:MOST_GROUPS]]
    more = len(with_lines) - MOST_GROUPS
    if more > 0:
        rows.append("- " + _n("and {n} more.", "and {n} more.", more, n=count(more)))
    return "\n\n".join(filter(None, [" ".join(said), "\n".join(rows), " ".join(_notes(result))]))


def _shortest(result: Profile, group: str) -> list[str]:
    lines = result.lines[result.lines["group"] == group]
    return [_trait(result, row) for row in renamed(lines)[:MOST_SAID].itertuples()]


def _trait(result: Profile, row) -> str:
    """One line of a persona, short: what, how many, and how much more than in all."""
    values = {"what": line_in_words(result, row), "share": percent(row.share, 0)}
    values["of_all"] = percent(100 * row.share / row.index_, 0)
    return _("{what} ({share}, of all {of_all})", **values)


def line_in_words(result: Profile, row, markdown: bool = True) -> str:
    """What a line says: a trait and its value, or from where to where the middle half lies."""
    name, written = feature_name(row.trait), trait_amount(result)
    safe = plain if markdown else str
    if row.trait_value is not None and row.trait_value == row.trait_value:
        return _("{trait}: {value}", trait=safe(name), value=safe(row.trait_value))
    low, high = written(row.trait, row.quartile_low, False), written(row.trait, row.quartile_high)
    if row.quartile_low == row.quartile_high:
        return _("{trait}: {value}", trait=safe(name), value=high)
    return _("{trait}: {low} to {high}", trait=safe(name), low=low, high=high)


def renamed(lines):
    """The lines with the index as `index_`, which a named tuple can hold."""
    return lines.rename(columns={"index": "index_"})


def _notes(result: Profile) -> list[str]:
    values = {"q": chance(1 - result.level).removeprefix("= "), "n": count(result.minimum)}
    said = [
        _("Clear means a q-value of {q} or less: the test against everybody else, corrected for all that was compared.",
          **values),
        _("What is true of fewer than {n} customers is not shown, nor the value that would tell it.", **values),
    ]  # fmt: skip
    if result.ignored:
        names = ", ".join(plain(feature_name(name)) for name in result.ignored)
        said.append(_("Not compared, with too many different values or one only: {names}.", names=names))
    if result.no_group:
        said.append(_n("{n} customer is in no group.", "{n} customers are in no group.", result.no_group,
                       n=count(result.no_group)))  # fmt: skip
    said.append(_("A difference is no cause: it does not say why a group is as it is."))
    return [*said, *row_notes(result)]


def profile_caption(result: Profile) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [_("groups by {by}", by=by_in_words(result.by)), _("{n} customers", n=count(result.n_customers))]
    if result.as_of:
        said.append(_("as of {day}", day=day(date.fromisoformat(result.as_of))))
    return " · ".join(said)


def by_in_words(by: object) -> str:
    """What makes the groups, as plain text."""
    if isinstance(by, dict) and "column" not in by:
        return _("RFM segments") if "segments" in by else _("clusters")
    return by["column"] if isinstance(by, dict) else str(by)


def profile_card(result: Profile) -> Card:
    """The definition of the index, with the value that stands out most."""
    formula = r"\text{index} = 100 \cdot \frac{x_g / n_g}{x / n}"
    shown = result.shares[~result.shares["is_hidden"]]
    example = []
    if len(shown):
        row = shown.loc[shown["index"].idxmax()]
        formula += rf" = 100 \cdot \frac{{{row['share']:.3f}}}{{{row['average_share']:.3f}}} = {row['index']:.0f}"
        values = {"group": plain(row["group"]), "value": plain(row["trait_value"]), "trait": plain(row["trait"])}
        ends = f"{count(row['index_low'])}–{count(row['index_high'])}"
        example = [
            _("In the formula: {trait} {value} in {group}, {n} of {known} customers; index {ends} with the {level} "
              "interval of the share.", n=count(row["n_customers"]), known=count(row["n_known"]), ends=ends,
              level=confidence(result.level), **values)
        ]  # fmt: skip
    return Card(
        title=_("Index"),
        formula=formula,
        sentences=(
            _("100 is the average of all customers with a group; 150 is half as common again."),
            *example,
            _("Numbers are compared by their medians (Mann and Whitney’s test), texts by their shares (z-test); the "
              "q-values allow for how many comparisons there are."),
            _("Out of: {n} customers. What is true of fewer than {few} of them is hidden, and so is the next smallest "
              "value of the group where the hidden one would else be the rest.",
              n=count(result.n_customers), few=count(result.minimum)),
        ),
        source=_("Wilson 1927, JASA 22; Mann & Whitney 1947, Annals of Mathematical Statistics 18; Benjamini & "
                 "Hochberg 1995, JRSS B 57."),
        function="insight.clusters.profile.profile",
    )  # fmt: skip


# -- personas ----------------------------------------------------------------------------------------------------------


def profile_persona(result: Profile, group: str) -> str:
    """The persona of a group as plain text to copy: its lines with their evidence, and how many match all of them."""
    row = result.groups.set_index("group").loc[group]
    lines = renamed(result.lines[result.lines["group"] == group])
    head = [_("{group} (illustrative)", group=group), _("{n} customers, {share} of all", n=count(row["n_customers"]),
                                                        share=percent(row["group_share"]))]  # fmt: skip
    if lines.empty:
        return "\n".join([*head, "", _why_no_lines(result, row)])
    body = [
        _("- {what}. {share} of the segment ({interval}, {n} of {known} customers), index {index}",
          what=line_in_words(result, line, markdown=False), share=percent(line.share),
          interval=interval(line.ci_low, line.ci_high), n=count(line.n_customers), known=count(line.n_known),
          index=count(line.index_))
        for line in lines.itertuples()
    ]  # fmt: skip
    return "\n".join([*head, "", *body, "", persona_warning(result, group), _made_of(result)])


def persona_warning(result: Profile, group: str) -> str:
    """How many of a group match all lines of its persona: what keeps it from being taken for everybody."""
    row = result.groups.set_index("group").loc[group]
    n = int((result.lines["group"] == group).sum())
    if n < 2:
        return _("A persona of one line is a share, not a person.")
    if row["n_matching"] != row["n_matching"]:
        return _("Nearly nobody is like this: fewer than {few} of {n} customers match all {lines} lines.",
                 few=count(result.minimum), n=count(row["n_customers"]), lines=n)  # fmt: skip
    values = {"share": percent(row["matching_share"]), "n": count(row["n_matching"]), "lines": n}
    return _("Not everybody is like this: {share} of the segment ({n} customers) match all {lines} lines.", **values)


def _made_of(result: Profile) -> str:
    return _("Each line is an observed share; index 100 is the average of all customers. Groups by {by}, {level} "
             "intervals.", by=by_in_words(result.by), level=confidence(result.level))  # fmt: skip


def _why_no_lines(result: Profile, row) -> str:
    if row["is_hidden"]:
        return _("Fewer than {n} customers: too few to say anything of them.", n=count(result.minimum))
    return _("Nothing that was compared sets this segment clearly apart: a line needs a share of {common} or more, an "
             "index of {above} or more, and a clear difference from everybody else. At most {most} lines are taken.",
             common=percent(COMMON, 0), above=count(ABOVE), most=count(MOST_LINES))  # fmt: skip
