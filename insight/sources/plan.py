"""What the rows of a source told, settled: everything that a part needs in order to be read like all others."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.language import _
from insight.log import Facts
from insight.sources.cells import check_notation
from insight.sources.reading import Reading, note
from insight.sources.rows import Told
from insight.sources.survey import Survey, all_told
from insight.tables.order_log import FREE, PURCHASE, REFUND
from insight.tables.quality.findings import LEFT_OUT, WORDS, findings_table

KINDS_OF_ORDER = (FREE, PURCHASE, REFUND)


@dataclass(frozen=True)
class Plan:
    """How every part of a source is read.

    told : the source's name of a column -> what all rows tell of it
    events : all kinds of event;  timezone : of the times;  dates_only : no row has a clock time
    currencies : of the rows that count;  says_currency : some row names one;  decimals : of the amounts
    cancelled : order numbers such as C536379 are cancellations
    varying : further columns of orders that differ between the lines of some order, and so belong to no order
    """

    reading: Reading
    told: Told
    events: tuple[str, ...]
    timezone: str | None
    dates_only: bool
    currencies: tuple[str, ...] = ()
    says_currency: bool = False
    decimals: int = 0
    cancelled: bool = False
    varying: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_currency(self) -> bool:
        """Whether the table has a column with the currency."""
        return bool(self.reading.columns.get("currency") or self.says_currency)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the table's columns, in the order of a table that was read from a file."""
        further = [name for name in self.reading.further if name not in self.varying]
        if self.reading.kind == "events":
            return ("customer_id", "timestamp", "event", *further)
        others = [name for name in further if self.reading.further[name].holds == "other"]
        known = [name for name in further if name not in others] + ["currency"] * self.has_currency
        return ("order_id", "customer_id", "timestamp", "amount", "amount_minor", *known, *others, "event")

    def untold(self, columns: Iterable[str], told: Told) -> list[str]:
        """Those of the further columns whose reading is not settled yet, by what is told here and in `told`."""
        further = self.reading.further
        asked = [name for name in columns if name in further and further[name].holds not in ("text", "date")]
        return [name for name in asked if further[name].source not in self.told.keys() | told.keys()]

    def knowing(self, told: Told) -> "Plan":
        """The plan, with what was told of further columns since."""
        return replace(self, told=all_told(self.told, told)) if told else self

    def facts(self, first: int, last: int) -> Facts:
        """The facts of a table whose rows happened from the first to the last of these times."""
        return Facts(
            self.events, self.columns, first, last, self.timezone, self.dates_only, self.currencies, self.decimals
        )


def settled(reading: Reading, survey: Survey) -> Plan:
    """How every part is read, by what all rows told.

    Raises NotEnoughData where no row has everything; UnknownValue for a currency that no row has; InsightError for
    dates and numbers that only the readers of files in memory can tell apart.
    """
    for name in ("customer_id", reading.when, *reading.amounts):
        if survey.n_rows and survey.lacking[name, "none"] + survey.lacking[name, "unreadable"] == survey.n_rows:
            raise InsightError(
                f"No value in the column {reading.columns[name]!r} can be read as {name}. "
                f"Choose another column: columns={{{name!r}: ...}}."
            )
    if not survey.n_kept:
        raise NotEnoughData(f"No row of the source has everything a table of {reading.kind} needs in each row.")
    column = reading.columns[reading.when]
    times = survey.told[column]
    _check_times(times, column)
    for name in reading.amounts:
        check_notation(survey.told.get(reading.columns[name], set()), reading.columns[name])
    zones = sorted(word.removeprefix("zone ") for word in times if word.startswith("zone "))
    numbers = survey.told.get(reading.columns.get("order_id"), set())
    of_orders = {} if reading.kind == "events" else {"currencies": _currencies(reading, survey)}
    if of_orders:
        of_orders |= {"decimals": survey.decimals, "says_currency": any(survey.currencies)}
        of_orders["cancelled"] = numbers >= {"cancelled", "digits"}
    return Plan(
        reading,
        survey.told,
        tuple(sorted(survey.events)) if reading.kind == "events" else KINDS_OF_ORDER,
        reading.timezone or next(iter(zones), None),
        "clock" not in times,
        **of_orders,
    )


def _check_times(told: set[str], column: str) -> None:
    if "order" in told:
        raise InsightError(
            f"Some dates in {column!r} are written like 31/01/2026: set dayfirst=True where the day comes first, "
            "dayfirst=False where the month does."
        )
    units = sorted(word.removeprefix("epoch ") for word in told if word.startswith("epoch "))
    if len(units) > 1:
        raise InsightError(f"The times in {column!r} count {' and '.join(units)} since 1970: write them in one unit.")


def _currencies(reading: Reading, survey: Survey) -> tuple[str, ...]:
    """The currencies of the rows that stay."""
    found, wanted = sorted(filter(None, survey.currencies)), reading.currency
    if wanted and found and wanted not in found:
        raise UnknownValue("currency", wanted, found)
    return (wanted,) if wanted else tuple(found)


def findings(plan: Plan, survey: Survey, notes: list[dict]) -> pd.DataFrame:
    """What was noticed, as every table has it; without examples, since the rows of a source have no numbers."""
    found, columns = list(notes), plan.reading.columns
    for (name, how), rows in survey.lacking.items():
        if rows:
            absent, unreadable = WORDS[name]
            words, code = (absent, f"no_{name}") if how == "none" else (unreadable, f"unreadable_{name}")
            found.append(note(words, "error", columns[name], rows, LEFT_OUT, code))
    if plan.reading.kind == "orders":
        found += _of_money(plan, survey)
    if plan.dates_only:
        hint = _("The order of events inside a day is unknown; equal times count as in order.")
        found.append(note(_("Dates without clock times"), "note", columns[plan.reading.when], 0, hint, "dates_only"))
    return findings_table(found)


def _of_money(plan: Plan, survey: Survey) -> list[dict]:
    found, reading, by_code = [], plan.reading, survey.currencies
    column = reading.columns[reading.amounts[-1]]
    if survey.rounded:
        hint = _("Each is rounded once to {n} decimals, half to even.", n=plan.decimals)
        finding = _("Amounts with more decimals than are kept")
        found.append(note(finding, "note", column, survey.rounded, hint, "rounded"))
    column = reading.columns.get("currency", column)
    wanted, others = reading.currency, sum(by_code.values()) - by_code[reading.currency]
    if wanted and not any(by_code):
        finding = _("The file does not say its currency; it is taken as {code}", code=wanted)
        found.append(note(finding, "note", column, 0, "", "no_currency"))
    elif wanted and others:
        finding = _("Rows in another currency, or in none, left out")
        found.append(note(finding, "note", column, others, "", "other_currency"))
    if len(plan.currencies) > 1:
        finding = _("Several currencies: {codes}", codes=", ".join(plan.currencies))
        hint = _(
            "Amounts of different currencies cannot be added up. Keep one: currency={code!r}.", code=plan.currencies[0]
        )
        rows = sum(rows for code, rows in by_code.items() if code)
        found.append(note(finding, "warning", column, rows, hint, "several_currencies"))
    return found
