"""Which currencies a table is in, and which rows stay when one of them is asked for."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import UnknownValue
from insight.language import _
from insight.tables.cells.currency_signs import currency_code, currency_in_name
from insight.tables.cells.money import currency_codes
from insight.tables.cells.values import present, valid_mask
from insight.tables.draft import Draft
from insight.tables.settings import check_currency


def settle_currency(draft: Draft, marks: pa.ChunkedArray | None, wanted: str | None) -> tuple[list[str], str | None]:
    """The currencies of the rows that stay, and the setting in force; rows in another than `wanted` are left out."""
    if draft.has("currency"):
        name, codes = "currency", currency_codes(present(draft.cells("currency")))
    else:
        name, codes = next(part for part in ("amount", "unit_price", "spend") if draft.has(part)), marks
        named = currency_in_name(draft.columns[name])[1]
        if named:  # "Amount spent (EUR)"; a sign in a cell still says more
            codes = pa.array([named] * len(draft.keep)) if codes is None else codes
            codes = pc.fill_null(pc.if_else(pc.equal(codes, ""), named, codes), named)
    check_currency(wanted)
    wanted = currency_code(wanted) if wanted else None
    if codes is not None:
        codes = draft.made["currency"] = pc.if_else(pc.equal(codes, ""), None, codes)
        found = sorted(filter(None, codes.filter(pa.array(draft.keep)).unique().to_pylist()))
    if codes is None or not found:
        if wanted:
            draft.note(
                _("The file does not say its currency; it is taken as {code}", code=wanted),
                "note",
                name,
                code="no_currency",
            )
        return ([wanted], wanted) if wanted else ([], None)
    if wanted:
        if wanted not in found:
            raise UnknownValue("currency", wanted, found)
        others = draft.keep & ~np.asarray(pc.fill_null(pc.equal(codes, wanted), False))
        finding = _("Rows in another currency, or in none, left out")
        draft.note(finding, "note", name, others, code="other_currency")
        draft.keep &= ~others
        return [wanted], wanted
    if len(found) > 1:
        finding = _("Several currencies: {codes}", codes=", ".join(found))
        hint = _("Amounts of different currencies cannot be added up. Keep one: currency={code!r}.", code=found[0])
        draft.note(finding, "warning", name, draft.keep & valid_mask(codes), hint, code="several_currencies")
    hint = _("They are taken to be in the currency of the others.") if len(found) == 1 else ""
    without = draft.keep & ~valid_mask(codes)
    draft.note(_("Rows without a currency"), "warning", name, without, hint, code="rows_without_currency")
    if len(found) == 1:
        draft.made["currency"] = pc.fill_null(codes, found[0])
    return found, None
