"""The people behind the numbers of acquisition in words: what one cell says, after "customers who"."""

from insight.language import _, count


def _cohort_roas(settings: dict[str, object], cell: dict[str, object]) -> str:
    if "days_after" not in cell:
        return _("were acquired by {name}", name=cell["acquired_by"])
    return _("were acquired by {name} at least {n} days ago", name=cell["acquired_by"], n=count(cell["days_after"]))


def _acquisition_payback(settings: dict[str, object], cell: dict[str, object]) -> str:
    if "paid_back" not in cell:
        return _("were acquired by {name}", name=cell["acquired_by"])
    if cell["paid_back"]:
        return _("were acquired by {name} and have paid back what a customer of it costs", name=cell["acquired_by"])
    return _("were acquired by {name} and have not paid back yet", name=cell["acquired_by"])


ACQUISITION_WORDS = {"cohort_roas": _cohort_roas, "acquisition_payback": _acquisition_payback}
