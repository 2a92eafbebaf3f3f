"""Which currencies a table is in, and which rows stay when one of them is asked for."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import UnknownValue
from insight.language import _
from insight.tables.draft import Draft
from insight.tables.money import SYMBOLS, currency_codes
from insight.tables.settings import check_currency
from insight.tables.values import present, valid_mask


def settle_currency(draft: Draft, marks: pa.ChunkedArray | None, wanted: str | None) -> tuple[list[str], str | None]:
    """The currencies of the rows that stay, and the setting in force; rows in another than `wanted` are left out."""
    if draft.has("currency"):
        name, codes = "currency", currency_codes(present(draft.cells("currency")))
    else:
        name, codes = next(part for part in ("amount", "unit_price", "spend") if draft.has(part)), marks
    check_currency(wanted)
    wanted = SYMBOLS.get(wanted, wanted.upper()) if wanted else None
    if codes is not None:
        codes = draft.made["currency"] = pc.if_else(pc.equal(codes, ""), None, codes)
        found = sorted(filter(None, codes.filter(pa.array(draft.keep)).unique().to_pylist()))
    if codes is None or not found:
        if wanted:
            draft.note(_("The file does not say its currency; it is taken as {code}", code=wanted), "note", name)
        return ([wanted], wanted) if wanted else ([], None)
    if wanted:
        if wanted not in found:
            raise UnknownValue("currency", wanted, found)
        others = draft.keep & ~np.asarray(pc.fill_null(pc.equal(codes, wanted), False))
        draft.note(_("Rows in another currency, or in none, left out"), "note", name, others)
        draft.keep &= ~others
        return [wanted], wanted
    if len(found) > 1:
        finding = _("Several currencies: {codes}", codes=", ".join(found))
        hint = _("Amounts of different currencies cannot be added up. Keep one of them with currency.")
        draft.note(finding, "warning", name, draft.keep & valid_mask(codes), hint)
    hint = _("They are taken to be in the currency of the others.") if len(found) == 1 else ""
    draft.note(_("Rows without a currency"), "warning", name, draft.keep & ~valid_mask(codes), hint)
    if len(found) == 1:
        draft.made["currency"] = pc.fill_null(codes, found[0])
    return found, None
