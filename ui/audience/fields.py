"""What a condition can ask of the tables at hand: kinds of condition, columns, events, measures."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from insight.audiences.rules import KINDS as WITH_CUSTOMERS
from insight.audiences.rules import MEASURES
from insight.catalog import catalog
from insight.language import _
from insight.rfm.settings import SEGMENTS as GRID
from insight.tables.select import MOMENTS
from ui import session
from ui.conditions import WHO_AND_WHEN, fits_inputs

SEGMENTS = "rfm"  # the analysis whose segments a condition can ask for
NOT_ASKED = WHO_AND_WHEN | {"amount_minor", "order_id"}
OF_ROWS = ("any", "first", "last")
OUTCOMES = ("sent", "open", "click", "unsub")


@dataclass(frozen=True, eq=False)
class Fields:
    """The tables with customers as they were brought, by kind."""

    tables: dict[str, object]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kinds of condition that can be asked, and what each is called."""
        there = {
            "did": ("events", _("What they did")),
            "contacted": ("contacts", _("How they were contacted")),
            "measure": (("orders", "events"), _("Orders, revenue, days")),
            "status": (("orders", "events"), _("New, returning, gone")),
            "segment": ("orders" if SEGMENTS in catalog else (), _("RFM segment")),
            "column": (tuple(kind for kind, _name in self.columns), _("A column of the data")),
        }
        return {name: said for name, (kinds, said) in there.items() if self._has(kinds)}

    def _has(self, kinds: str | tuple[str, ...]) -> bool:
        return bool({kinds} & set(self.tables) if isinstance(kinds, str) else set(kinds) & set(self.tables))

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """(kind of table, column): what the file of customers says first, then the others."""
        order = ["customers", *(kind for kind in WITH_CUSTOMERS if kind != "customers")]
        found = [(kind, name) for kind in order if kind in self.tables for name in session.columns_of(self._own(kind))]
        return [one for one in found if one[1] not in NOT_ASKED]

    def _own(self, kind: str):
        """The table without what another says of its customers."""
        return session.current().tables[kind]

    def frame(self, kind: str) -> pd.DataFrame:
        """Rows that show what the columns of a table hold."""
        return session.cells(self._own(kind))

    def doings(self, kind: str) -> list[str]:
        """What somebody can have done, the commonest first; of contacts their outcomes."""
        if kind == "events":
            counts = session.active(self.tables["events"]).kinds
            return sorted(counts, key=lambda name: (-counts[name], name))
        known = [name for name in self.tables["contacts"].frame["outcome"].dropna().unique()]
        return sorted(known, key=lambda name: OUTCOMES.index(name) if name in OUTCOMES else len(OUTCOMES))

    @cached_property
    def measures(self) -> list[tuple[str, str]]:
        """(measure, kind of table) for each that can be taken."""
        return [(name, kind) for name, kinds in MEASURES.items() for kind in kinds if kind in self.tables]

    @property
    def activities(self) -> list[str]:
        """Tables that say when somebody came."""
        return [kind for kind in MEASURES["last_day"] if kind in self.tables]

    @cached_property
    def segments(self) -> list[str]:
        """The names of the segments, as the analysis gives them with its usual settings."""
        return list(dict.fromkeys(name for row in GRID for name in row))

    def has_dates(self, kind: str) -> bool:
        return any(name in session.columns_of(self._own(kind)) for name in MOMENTS)

    def last_day(self, kind: str) -> date:
        """The last day of a table that has dates."""
        return session.extent(self.tables[kind]).last

    def kind_of(self, rule: dict) -> str | None:
        """Which inputs can show a condition without changing it; None where none can."""
        match rule:
            case {"did": _events}:
                return self._kind_of_doing(rule)
            case {"measure": measure, **more}:
                pair = (measure, more.get("table", next(iter(MEASURES[measure]))))
                return "measure" if pair in self.measures and not _has_odd_period(rule) else None
            case {"status": _status, **more}:
                return "status" if more.get("table", "orders") in self.activities else None
            case {"members": name, "settings": {}, "cell": {"segment": segment, **rest}}:
                own = name == SEGMENTS and not rest and not rule["settings"] and segment in self.segments
                return "segment" if own and "segment" in self.kinds else None
            case {"column": name, **more}:
                return "column" if self._shows_column(name, more) else None
        return None

    def _kind_of_doing(self, rule: dict) -> str | None:
        kind = rule.get("table", "events")
        if kind not in self.tables:
            return None
        events = [rule["did"]] if isinstance(rule["did"], str) else rule["did"]
        where = all(fits_inputs(one, self.frame(kind)) for one in rule.get("where") or [] if one[0] in self.frame(kind))
        known = set(events) <= set(self.doings(kind)) and len(set(events)) == len(events)
        if not known or not where or any(one[0] not in self.frame(kind) for one in rule.get("where") or []):
            return None
        least, most = rule.get("at_least"), rule.get("at_most")
        if (most is not None and least not in (None, 0, most)) or (most is None and least == 0):
            return None  # from so often to so often; or whatever they did
        return "did" if kind == "events" else "contacted"

    def _shows_column(self, name: str, more: dict) -> bool:
        there = (kind for kind in WITH_CUSTOMERS if kind in self.tables)
        kind = more.get("table") or next((one for one in there if name in session.columns_of(self.tables[one])), None)
        if (kind, name) not in self.columns:
            return False
        rest = [more["value"]] if "value" in more else []
        return fits_inputs([name, more["is"], *rest], self.frame(kind))


def _has_odd_period(rule: dict) -> bool:
    """A period beside a number of days or a day: the inputs do not offer it."""
    return "day" in rule["measure"] and any(rule.get(key) is not None for key in ("days", "from", "to"))
