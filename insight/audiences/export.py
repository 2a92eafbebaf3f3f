"""An audience as a file for a campaign: who may be contacted, who is held out, and no more of them than is needed."""

import hmac
import re
import secrets
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from insight.audiences import Audience, audience_ids
from insight.audiences.disparity import disparity
from insight.audiences.expected import Expected, expected
from insight.audiences.export_steps import Step, last_day, steps_of
from insight.audiences.holdout import HOLDOUT, TREATMENT, holdout
from insight.errors import InsightError, UnknownValue
from insight.language import _, _n, count
from insight.log.ids import ascending
from insight.tables.fixes.cells import DIGITS
from insight.tables.spreadsheet import as_csv, looks_like_formula

SHORT_KEY = 12  # characters; a shorter key can be tried out
UNCHECKED = "consent_not_checked"  # stands in the file's name and in its header
OURS = {"customer_id", "pseudonym", "group"}  # columns that no trait takes the name of


@dataclass(frozen=True, eq=False)
class AudienceExport:
    """Result of :func:`export_audience`.

    frame : the file, one row a customer, in the order of the ids it holds
        pseudonym (or customer_id)  str  who; the name says so where nobody was asked for consent
        group                       str  "treatment", or "holdout": not to be contacted; only with a holdout
        and the traits that were asked for; one called like these, or "pseudonym", is marked: "group (file)"
    csv : the file's bytes: UTF-8, with every text disarmed that a spreadsheet would run
    file_name : says the campaign and the day, and where nobody was asked for consent
    steps : one row a step: step (str, in words), n_customers (int, left after it), removed (int)
    expected : what those to be contacted would bring in anyway (see Expected); None where that cannot be said
    disparity : one row a group of each trait that was checked (see `disparity`); None without one
    warnings : sentences, plain text
    n_customers, n_treatment, n_holdout : in the file
    key : the key of the pseudonyms where it was made up here; None where it was given, or ids are not hashed. It stands
        nowhere else: who loses it cannot tell again who a pseudonym is
    campaign, as_of, share : as given; the share held out
    """

    frame: pd.DataFrame
    csv: bytes
    file_name: str
    steps: pd.DataFrame
    expected: Expected | None
    disparity: pd.DataFrame | None
    warnings: tuple[str, ...]
    n_customers: int
    n_treatment: int
    n_holdout: int
    campaign: str
    as_of: str | None
    share: float
    key: str | None = field(default=None, repr=False)


def export_audience(
    audience: Audience,
    tables: object,
    *,
    campaign: str = "campaign",
    consent: str | None = "auto",
    unsubscribed: bool = True,
    suppress_days: int | None = 30,
    cap: int | None = 3,
    share: float = 0.1,
    pseudonymous: bool = True,
    key: str | None = None,
    traits: tuple[str, ...] = (),
    protected: tuple[str, ...] = (),
    days: int = 90,
    level: float = 0.95,
) -> AudienceExport:
    """An audience as a file: who agreed, was not written to too often and has not just bought, without a holdout.

    tables : as for `audience_ids`; consents and traits stand in the table of customers
    campaign : its name; together with the id it decides who is held out, the same people whenever it is asked
    consent : the column that says who agreed; "auto": consent_email, or else the first there is; None: not asked
    unsubscribed : leave out who ever unsubscribed, whatever the audience's day, by the table of contacts; and who
        refused, by columns of the customers such as unsubscribed, opt_out or do_not_email
    suppress_days : leave out who bought in the last so many days of the orders; None: nobody
    cap : leave out who was sent so many messages in the last 7 days of the contacts; None: nobody
    share : of the customers that are left, held out to see the effect
    pseudonymous : a keyed hash of the id (HMAC-SHA256, 16 hex digits) in place of the id; `key` the secret it takes, or
        None for a random one, which the result hands back once. A file read with pseudonyms of the same key matches
    traits : columns of the customers to add; none by default
    protected : columns of the customers across which to check that no group is taken far more often
    days : so far ahead goes what to expect, and so far back the customers who say it; level : of its interval

    Raises InsightError where nobody is left, or a setting cannot be; UnknownValue for a column there is not; otherwise
    as `audience_ids`.

    >>> from insight import read_customers
    >>> table = read_customers(b"id,consent_email\\nana,yes\\nben,no\\ncyd,yes\\n")
    >>> made = export_audience(Audience({"not": {"ids": []}}), table, campaign="tea", key="a long secret of mine")
    >>> made.steps["n_customers"].tolist(), list(made.frame), made.file_name
    ([3, 2], ['pseudonym', 'group'], 'audience_tea.csv')
    """
    given = tables if isinstance(tables, dict) else {tables.kind: tables}
    customers = given.get("customers")
    asked = {"consent": consent, "unsubscribed": unsubscribed, "suppress_days": suppress_days, "cap": cap}
    dated = replace(audience, as_of=audience.as_of or last_day(given))
    steps, warnings = steps_of(audience_ids(audience, tables).tolist(), dated, given, asked)
    ids = steps[-1].ids
    if not ids:
        emptied = next(step for step in steps if not step.ids)
        raise InsightError(_("Nobody is left to export after: {step}.", step=emptied.name))
    held = holdout(ids, campaign=campaign, share=share)
    unchecked = not any(step.kind == "consent" for step in steps)
    made_up = secrets.token_hex(16) if pseudonymous and not key else None
    frame = _frame(ids, held if share else None, customers, key or made_up if pseudonymous else None, traits, unchecked)
    n_held = int(held.sum())
    return AudienceExport(
        frame=frame,
        csv=as_csv(frame),
        file_name=_file_name(campaign, dated.as_of, unchecked),
        steps=_steps_table(steps),
        expected=expected(dated, given, asked, (len(ids) - n_held, n_held), days=days, level=level),
        disparity=disparity(_needed(customers, "protected"), ids, traits=protected, level=level) if protected else None,
        warnings=(*warnings, *_warnings(frame, key, pseudonymous, share, traits, held)),
        n_customers=len(ids),
        n_treatment=len(ids) - n_held,
        n_holdout=n_held,
        campaign=campaign,
        as_of=dated.as_of,
        share=share,
        key=made_up,
    )


def pseudonym(customer: str, key: str) -> str:
    """The keyed hash of an id, the same that reading a file with pseudonyms gives.

    >>> pseudonym("ana", "secret") == pseudonym("ana", "secret") != pseudonym("ana", "another")
    True
    """
    return hmac.digest(key.encode(), customer.encode(), "sha256").hex()[:DIGITS]


def _frame(ids: list[str], held, customers, key: str | None, traits: tuple[str, ...], unchecked: bool) -> pd.DataFrame:
    shown = ids if key is None else [pseudonym(one, key) for one in ids]
    name = "customer_id" if key is None else "pseudonym"
    frame = pd.DataFrame({f"{name} ({UNCHECKED})" if unchecked else name: pd.array(shown, dtype="str")})
    if held is not None:
        frame["group"] = pd.array(np.where(held, HOLDOUT, TREATMENT), dtype="str")
    if traits:
        known = _needed(customers, "traits").frame
        allowed = [column for column in known if column != "customer_id"]
        for column in dict.fromkeys(traits):
            if column not in allowed:
                raise UnknownValue("traits", column, allowed)
            shown_as = column
            while shown_as in frame or shown_as.casefold() in OURS:
                shown_as += " (file)"
            frame[shown_as] = known.set_index("customer_id")[column].reindex(ids).reset_index(drop=True)
    return frame.take(ascending(np.array(shown, dtype=object))).reset_index(drop=True)


def _needed(customers, setting: str):
    if customers is None:
        raise InsightError(_("{setting} needs a table of customers, where their columns stand.", setting=setting))
    return customers


def _steps_table(steps: list[Step]) -> pd.DataFrame:
    left = [len(step.ids) for step in steps]
    removed = [0, *(before - now for before, now in zip(left, left[1:], strict=False))]
    names = pd.array([step.name for step in steps], dtype="str")
    return pd.DataFrame({"step": names, "n_customers": left, "removed": removed})


def _file_name(campaign: str, as_of: str | None, unchecked: bool) -> str:
    said = re.sub(r"[^\w-]+", "_", campaign).strip("_")[:40] or "campaign"
    parts = ["audience", said, *([as_of] if as_of else []), *([UNCHECKED.upper()] if unchecked else [])]
    return "_".join(parts) + ".csv"


def _warnings(frame: pd.DataFrame, key: str | None, pseudonymous: bool, share: float, traits: tuple, held) -> list[str]:
    said = []
    if pseudonymous and key is not None and len(key) < SHORT_KEY:
        said.append(_("The key is short: who has the ids could try keys until one fits. Use {n} characters or more.",
                      n=SHORT_KEY))  # fmt: skip
    if not pseudonymous:
        said.append(_("The file holds the ids themselves: whoever gets it can look people up."))
        changed = int(frame.iloc[:, 0].map(looks_like_formula).sum())
        if changed:
            said.append(_n("{n} id begins like a formula; it has an apostrophe in front in the file.",
                           "{n} ids begin like a formula; they have an apostrophe in front in the file.",
                           changed, n=count(changed)))  # fmt: skip
    if traits:
        said.append(_("Columns beside the id may tell who somebody is. Send only what the campaign needs: {names}.",
                      names=", ".join(traits)))  # fmt: skip
    if not share:
        said.append(_("Nobody is held out: what the campaign changes cannot be told afterwards."))
    elif not held.any():
        said.append(_("The audience is so small that chance held nobody out."))
    return said
