"""The definition of a channel's credit, with the numbers of the result."""

from insight.attribution.channels import AttributionOf
from insight.attribution.words import MODEL_NAMES
from insight.explain.attribution import touch_words
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, decimal, length, money, plain

FORMULAS = {
    "first": r"\text{credit}_c = \#\{j : \text{first}(j) = c\}",
    "last": r"\text{credit}_c = \#\{j : \text{last}(j) = c\}",
    "last_non_direct": r"\text{credit}_c = \#\{j : \text{last not direct}(j) = c\}",
    "linear": r"\text{credit}_c = \sum_j \frac{\#\{\text{touches of } c \text{ in } j\}}{L_j}",
    "position": r"\text{credit}_c = \sum_j w_{jc}, \quad w = 0.4,\ \tfrac{0.2}{L - 2},\ \dots,\ 0.4",
    "time_decay": r"\text{credit}_c = \sum_j \frac{\sum_{i \in c} 2^{-\Delta_{ji} / H}}{\sum_i 2^{-\Delta_{ji} / H}}",
    "shapley": r"\text{credit}_c = \sum_{j \ni c} \frac{1}{\#\{\text{different channels of } j\}}",
    "markov": r"\text{credit}_c = N \cdot \frac{R_c}{\sum_k R_k}, \quad R_c = 1 - \frac{P_{-c}}{P}",
}


def attribution_card(result: AttributionOf) -> Card:
    """The definition of a channel's credit under the model in front, with the numbers of the largest."""
    top = result.named.iloc[0]
    formula, sentences = FORMULAS[result.model], []
    if result.model == "markov":
        total = result.channels["removal_effect"].sum()
        attributed = result.n_conversions - result.unattributed
        formula += rf" \qquad {_number(attributed)} \cdot \frac{{{top['removal_effect']:.3f}}}{{{total:.3f}}}"
        formula += rf" = {_number(top['conversions'])}"
        sentences += [
            _("In the formula: **{channel}**. P is the chance that a journey converts, P without it the chance when "
              "every state that holds the channel leads nowhere; solved exactly.", channel=plain(top["channel"])),
            _n("The chain of order {order} has {n} state.", "The chain of order {order} has {n} states.",
               result.n_states, order=result.order, n=count(result.n_states)),
        ]  # fmt: skip
        if result.draws:
            sentences.append(
                _("The {level} interval: journeys drawn anew {draws} times (Poisson bootstrap).",
                  level=confidence(result.level), draws=count(result.draws))
            )  # fmt: skip
    if result.model == "time_decay":
        sentences.append(
            _("A touch counts half as much for each {length} before the conversion.", length=length(result.half_life))
        )
    sentences += [
        _("Counted: {n} conversions; every model shares out exactly these.", n=count(result.n_conversions)),
        *_worth(result),
        touch_words(result),
    ]
    if result.touches != "paths":
        sentences.append(
            _("Left out of the chain: {open} journeys that may still convert. Without a touch: {rest} conversions.",
              open=count(result.open), rest=count(result.unattributed))
        )  # fmt: skip
    source = _("Anderl et al. 2016, IJRM 33 (Markov); Zhao et al. 2018, arXiv 1804.05327 (Shapley).")
    title = _("Credit by the model “{model}”", model=MODEL_NAMES[result.model])
    return Card(title, formula, tuple(sentences), source, "insight.attribution.channels.attribution_of")


def _worth(result: AttributionOf) -> list[str]:
    if not result.total_value:
        return []
    worth = money(result.total_value, result.currency)
    if result.currency is None:
        return [_("They are worth {value}, in a currency that the file does not name.", value=worth)]
    return [_("They are worth {value}.", value=worth)]


def _number(n: float) -> str:
    return decimal(n).replace(",", "{,}")
