"""Clusters in words."""

from datetime import date

from insight.clusters import APART, CLEARLY, STABLE_LEAST, STABLE_MEAN, Clusters
from insight.clusters.evidence import CLOUDS, EVIDENCE_CUSTOMERS, FIT_CUSTOMERS, SAMPLES
from insight.clusters.names import cluster_name
from insight.clusters.scaling import OUTLYING
from insight.clusters.words import amount_of, feature_name, is_value
from insight.explain.cards import Card
from insight.explain.notes import row_notes
from insight.language import _, _n, count, day, decimal, percent, plain

CLEAR = 0.2  # standard deviations from the mean of all: what is nearer says little of a group
MOST_SAID = 3  # features named of a group
FEW_DIFFERENT = 30  # customers who differ: with fewer, clusters are but the combinations of values there are
MOST_NAMED = 6  # groups described in the reading


def clusters_reading(result: Clusters) -> str:
    """What it says, as Markdown: how many groups and why, what each is like, what to know."""
    if result.k is None:
        return "\n\n".join(filter(None, [_none(result), " ".join(_notes(result))]))
    groups = [f"- {cluster_in_words(result, number)}" for number in result.sizes["cluster"][:MOST_NAMED]]
    more = len(result.sizes) - MOST_NAMED
    if more > 0:
        groups.append("- " + _n("and {n} more.", "and {n} more.", more, n=count(more)))
    return "\n\n".join([_answer(result), "\n".join(groups), " ".join(_notes(result))])


def _answer(result: Clusters) -> str:
    chosen = result.evidence[result.evidence["is_chosen"]].iloc[0]
    values = {"k": count(result.k), "n": count(result.n_clustered), "features": _features(result)}
    values |= {"again": _two(chosen["stability"]), "worst": _two(chosen["stability_least"])}
    values |= {"apart": _two(chosen["silhouette"]), "cloud": _two(result.reference_silhouette)}
    if not result.is_stable:
        return _("You asked for **{k} clusters** of {n} customers, by {features}. **The evidence does not speak for "
                 "them**: drawn anew they come out with a stability of {again} (lowest {worst}), and their silhouette "
                 "is {apart}. Another draw of customers may give other groups.", **values)  # fmt: skip
    if not result.is_separate:
        return _slices(result.is_forced, values)
    if result.is_forced:
        return _("You asked for **{k} clusters** of {n} customers, by {features}. They come out again when customers "
                 "are drawn anew (stability {again}, lowest {worst}), with a silhouette of {apart}; one cloud without "
                 "groups reaches {cloud}.", **values)  # fmt: skip
    return _("**{k} clusters** of {n} customers, by {features}: of the numbers tried that come out again when "
             "customers are drawn anew (stability {again}, lowest {worst}), these lie furthest apart (silhouette "
             "{apart}; one cloud without groups reaches {cloud}).", **values)  # fmt: skip


def _slices(is_forced: bool, values: dict[str, str]) -> str:
    """Stable, but no further apart than the parts of a cloud without groups: a fair cut, and nothing that was found."""
    why = _("They come out again when customers are drawn anew (stability {again}, lowest {worst}), but so do the "
            "parts of any long cloud: their silhouette is {apart}, and one cloud without groups reaches {cloud}.",
            **values)  # fmt: skip
    if is_forced:
        said = _("You asked for **{k} clusters** of {n} customers, by {features}. These groups are **slices of one "
                 "cloud**: useful for sorting, not natural groups.", **values)  # fmt: skip
    else:
        said = _("**{k} clusters** of {n} customers, by {features}. These groups are **slices of one cloud**: useful "
                 "for sorting, not natural groups.", **values)  # fmt: skip
    return f"{said} {why}"


def _none(result: Clusters) -> str:
    if result.is_forced:
        return _("These {n} customers have too few different values for so many clusters.", n=count(result.n_clustered))
    values = {"n": count(result.n_clustered), "features": _features(result)}
    best = result.evidence.sort_values("silhouette").iloc[-1]
    values |= {"k": count(best["k"]), "apart": _two(best["silhouette"]), "again": _two(best["stability"])}
    values |= {"worst": _two(best["stability_least"])}
    return _("**No stable groups were found** among {n} customers, by {features}. The number of clusters that lies "
             "furthest apart, {k}, has a silhouette of {apart} and a stability of {again} (lowest {worst}). That is an "
             "answer: these customers differ by degrees, not in groups.", **values)  # fmt: skip


def cluster_in_words(result: Clusters, number: int) -> str:
    """One group: how many it is, what they brought, and what sets it apart, the most telling first."""
    size = result.sizes.set_index("cluster").loc[number]
    values = {"name": cluster_name(number, result.kind), "n": count(size["n_customers"])}
    values |= {"share": percent(size["share"], 0)}
    said = _("**{name}**, {n} customers ({share}):", **values)
    if size["revenue_share"] == size["revenue_share"]:
        values |= {"revenue": percent(size["revenue_share"], 0)}
        said = _("**{name}**, {n} customers ({share}, {revenue} of the revenue):", **values)
    return f"{said} {'; '.join(traits_in_words(result, number))}."


def traits_in_words(result: Clusters, number: int) -> list[str]:
    """What sets a group apart from all customers: the features whose means lie furthest from theirs."""
    rows = result.profile[result.profile["cluster"] == number]
    rows = rows.reindex(rows["z_score"].abs().sort_values(ascending=False, kind="stable").index)
    clear, written = rows[rows["z_score"].abs() >= CLEAR][:MOST_SAID], amount_of(result)
    if clear.empty:
        return [_("like all customers in these features")]
    return [_trait(row, written) for row in clear.itertuples()]


def _trait(row, written) -> str:
    values = {"feature": plain(feature_name(row.feature))}
    if is_value(row.feature):
        values["share"] = written(row.feature, row.mean)
        return _("more often {feature} ({share})", **values) if row.z_score > 0 else _(
            "less often {feature} ({share})", **values)  # fmt: skip
    values["amount"] = written(row.feature, row.median)
    if row.z_score > 0:
        return _("{feature} higher (median {amount})", **values)
    return _("{feature} lower (median {amount})", **values)


def _notes(result: Clusters) -> list[str]:
    """What was done with the customers and their values."""
    return [
        *_apart(result),
        *_missing(result),
        *_scaled(result),
        *_combinations(result),
        *_sample(result),
        *row_notes(result),
    ]


def _apart(result: Clusters) -> list[str]:
    said = []
    if result.one_time and result.one_time_asked == "apart":
        values = {"n": count(result.one_time)}
        if result.kind == "orders":
            said.append(_("{n} customers who ordered once are so alike that they are kept apart.", **values))
        else:
            said.append(_("{n} customers who came on one day only are so alike that they are kept apart.", **values))
    if result.without_purchase:
        said.append(_n("{n} customer without a purchase is left out.", "{n} customers without a purchase are left out.",
                       result.without_purchase, n=count(result.without_purchase)))  # fmt: skip
    return said


def _missing(result: Clusters) -> list[str]:
    said = []
    if result.n_missing:
        named = ", ".join(f"{plain(feature_name(name))} {count(n)}" for name, n in result.missing.items())
        said.append(_n("{n} customer without a value is left out ({named}).",
                       "{n} customers without a value are left out ({named}).", result.n_missing,
                       n=count(result.n_missing), named=named))  # fmt: skip
    if result.constant:
        names = ", ".join(plain(feature_name(name)) for name in result.constant)
        said.append(_("The same for all, so not used: {names}.", names=names))
    return said


def _scaled(result: Clusters) -> list[str]:
    logged = result.features[result.features["is_log"]]["feature"]
    said = [_("Each feature counts the same: it is divided by its standard deviation.")]
    if len(logged):
        names = ", ".join(plain(feature_name(name)) for name in logged)
        said.append(_("Logs, log(1 + x), were taken of {names}.", names=names))
    if (result.features["column"] != result.features["feature"]).any():
        said.append(_("A text counts as one column of 0 and 1 for each value."))
    if result.n_outlying:
        said.append(
            _n("{n} customer has a value more than {far} standard deviations out, which counts as if it lay there.",
               "{n} customers have a value more than {far} standard deviations out, which counts as if it lay there.",
               result.n_outlying, n=count(result.n_outlying), far=count(OUTLYING))
        )  # fmt: skip
    return said


def _combinations(result: Clusters) -> list[str]:
    if result.k is None or result.n_different > FEW_DIFFERENT:
        return []
    return [_("These features take {n} different combinations of values only, so clusters are such combinations rather "
              "than something new.", n=count(result.n_different))]  # fmt: skip


def _sample(result: Clusters) -> list[str]:
    if result.n_clustered <= EVIDENCE_CUSTOMERS:
        return []
    values = {"n": count(result.n_evidence), "most": count(FIT_CUSTOMERS)}
    if result.n_clustered <= FIT_CUSTOMERS:
        return [_("The evidence is of a sample of {n} customers, chosen by a hash of their ids.", **values)]
    return [_("The evidence is of a sample of {n} customers and the fit of one of {most}, chosen by a hash of their "
              "ids; all customers are assigned.", **values)]  # fmt: skip


def _features(result: Clusters) -> str:
    return ", ".join(plain(feature_name(name)) for name in result.feature_names)


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def clusters_caption(result: Clusters) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    groups = _("no stable groups") if result.k is None else _n("{n} cluster", "{n} clusters", result.k, n=result.k)
    said = [groups, *([_("slices of one cloud")] if result.is_stable and not result.is_separate else [])]
    said.append(_("{n} customers", n=count(result.n_customers)))
    said.append(_("by {features}", features=", ".join(feature_name(name) for name in result.feature_names)))
    if result.as_of:
        said.append(_("as of {day}", day=day(date.fromisoformat(result.as_of))))
    return " · ".join(said)


def clusters_card(result: Clusters) -> Card:
    """The definition of the clusters, and of the two measures that choose their number."""
    formula = r"\min_{C} \sum_{g=1}^{k} \sum_{i \in C_g} \lVert z_i - \mu_g \rVert^2 \qquad "
    formula += r"s_i = \frac{b_i - a_i}{\max(a_i, b_i)}"
    chosen = result.evidence[result.evidence["is_chosen"]]
    if len(chosen):
        formula += rf" \qquad k = {result.k}, \quad \bar s = {chosen['silhouette'].iloc[0]:.2f}"
        formula += rf", \quad \bar s_\text{{cloud}} = {result.reference_silhouette:.2f}"
    return Card(
        title=_("Clusters"),
        formula=formula,
        sentences=(
            _("z: the features on one scale. Each customer belongs to the nearest centre μ."),
            _("Silhouette s: a is the mean distance to one’s own cluster, b to the nearest other. 1 is far apart, 0 no "
              "groups."),
            _("Stability: the adjusted Rand index of the grouping and that of {n} bootstrap samples. 1 is the same "
              "groups again, 0 what chance gives.", n=count(SAMPLES)),
            _("Taken: of 2 to 8 clusters with a mean stability of {mean} or more, none below {least}, and a silhouette "
              "of {apart} or more, the number with the largest silhouette.", mean=decimal(STABLE_MEAN),
              least=decimal(STABLE_LEAST), apart=decimal(APART)),
            _("Separate: with a silhouette {clearly} or more above that of one cloud, the largest of {n} samples from "
              "one normal distribution with the same covariance. Otherwise they are slices of one cloud.",
              clearly=decimal(CLEARLY), n=count(CLOUDS)),
            _("Out of: {n} customers, {clustered} of them clustered.", n=count(result.n_customers),
              clustered=count(result.n_clustered)),
            " ".join(_missing(result)) or _("Nobody was left out for a missing value."),
        ),
        source=_("MacQueen 1967, 5th Berkeley Symposium 1; Rousseeuw 1987, J. Comput. Appl. Math. 20; Hubert & Arabie "
                 "1985, J. Classification 2; Hennig 2007, Comput. Stat. Data Anal. 52; Tibshirani, Walther & Hastie "
                 "2001, JRSS B 63."),
        function="insight.clusters.clusters",
    )  # fmt: skip
