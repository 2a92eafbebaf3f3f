"""Which currencies a table is in, and which rows stay when one of them is asked for."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import UnknownValue
from insight.language import _
from insight.tables.cells.currency_signs import contradicts, currency_code, currency_in_name
from insight.tables.cells.money import currency_codes
from insight.tables.cells.values import present, valid_mask
from insight.tables.draft import Draft
from insight.tables.settings import check_currency


def settle_currency(draft: Draft, marks: pa.ChunkedArray | None, wanted: str | None) -> tuple[list[str], str | None]:
    """The currencies of the rows that stay, and the setting in force; rows in another than `wanted` are left out."""
    if draft.has("currency"):
        name, codes = "currency", currency_codes(present(draft.cells("currency")))
        if marks is not None:
            _note_contradictions(draft, marks, codes)
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


def _note_contradictions(draft: Draft, marks: pa.ChunkedArray, codes: pa.ChunkedArray) -> None:
    """Say where an amount is written with the sign of another currency than its row says."""
    marks = pc.if_else(pc.equal(marks, ""), None, marks)
    pairs = pc.binary_join_element_wise(marks, codes, " ")
    wrong = [pair for pair in pairs.unique().drop_null().to_pylist() if contradicts(*pair.split(" ", 1))]
    at = draft.keep & np.asarray(pc.is_in(pairs, pa.array(wrong, pa.string())))
    name = next(part for part in ("amount", "unit_price", "spend") if draft.has(part))
    finding = _("Amounts with the sign of another currency than their row says")
    hint = _("The column of currencies is believed. Correct these rows in the file if the sign is right.")
    draft.note(finding, "warning", name, at, hint, code="other_currency_sign")
