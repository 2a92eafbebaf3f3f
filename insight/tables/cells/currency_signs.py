"""How currencies are written: in cells, and in the names of columns.

To teach a sign, add it; a sign that several currencies share (¥, kr) stays the sign, since the file does not say which.
"""

import re

SIGNS = {
    **{"$": "USD", "US$": "USD", "USD$": "USD", "€": "EUR", "£": "GBP", "₪": "ILS", "₽": "RUB", "₴": "UAH", "₹": "INR"},
    **{"₺": "TRY", "₩": "KRW", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₸": "KZT", "₾": "GEL", "R$": "BRL"},
    **{"A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD", "NT$": "TWD"},
    **{"MX$": "MXN", "RM": "MYR", "Rp": "IDR", "Rs.": "INR", "Rs": "INR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF"},
    **{"руб.": "RUB", "руб": "RUB", "р.": "RUB", "грн.": "UAH", "грн": "UAH", "元": "CNY", "人民币": "CNY"},
    **{
        "円": "JPY",
        "ש״ח": "ILS",
        'ש"ח': "ILS",
        "שח": "ILS",
        "NIS": "ILS",
        "RMB": "CNY",
        "¥": "¥",
        "kr": "kr",
        "kr.": "kr",
    },
}
_SHARED = {  # what a sign is taken for -> currencies that are written with it too
    "USD": "ARS AUD CAD CLP COP HKD MXN NZD SGD TWD UYU",
    "¥": "CNY JPY",
    "kr": "DKK ISK NOK SEK",
    "INR": "LKR PKR",
    "GBP": "EGP",
    "CNY": "TWD",
}
_CODES = (
    "AED ARS AUD BDT BGN BHD BRL BYN CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JOD JPY KES "
    "KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD "
    "UYU UZS VND ZAR"
)
_WORLDWIDE = "USD|EUR|GBP|CHF|JPY|CNY|INR|ILS|RUB|UAH|PLN|CAD|AUD"  # known at the end of a name too
_BY_LOWER = {sign.casefold(): code for sign, code in SIGNS.items()} | {code.casefold(): code for code in _CODES.split()}
_MARK = "|".join(re.escape(sign) for sign in sorted([*SIGNS, *_CODES.split()], key=lambda sign: (-len(sign), sign)))
_IN_NAME = re.compile(
    rf"[(\[（]\s*(?P<inside>{_MARK})\s*[)\]）]|,\s*(?P<listed>{_MARK})\s*$|[\s_-](?P<last>{_WORLDWIDE})$",
    re.IGNORECASE,
)


def known_code(mark: str) -> str | None:
    """The code of a currency that is written so; None where it is none that is known.

    >>> known_code("руб."), known_code("usd"), known_code("pcs")
    ('RUB', 'USD', None)
    """
    return _BY_LOWER.get(mark.strip().casefold())


def currency_code(mark: str) -> str:
    """A sign or a code as its code; an unknown one in upper case.

    >>> currency_code("€"), currency_code("eur"), currency_code("¥"), currency_code("doge")
    ('EUR', 'EUR', '¥', 'DOGE')
    """
    return known_code(mark) or mark.strip().upper()


def contradicts(mark: str, code: str) -> bool:
    """Whether a sign, as its code, cannot stand for this currency.

    >>> contradicts("GBP", "USD"), contradicts("USD", "CAD"), contradicts("USD", "USD")
    (True, False, False)
    """
    return mark != code and code not in _SHARED.get(mark, "").split()


def currency_in_name(name: str) -> tuple[str, str | None]:
    """The name of a column without the currency it mentions, and the currency; None where it mentions none.

    >>> currency_in_name("Amount spent (EUR)"), currency_in_name("Сумма, руб."), currency_in_name("price_usd")
    (('Amount spent', 'EUR'), ('Сумма', 'RUB'), ('price', 'USD'))
    >>> currency_in_name("first_try")
    ('first_try', None)
    """
    found = _IN_NAME.search(name)
    if not found or not found.start():
        return name, None
    return (name[: found.start()] + name[found.end() :]).strip(), currency_code(found[found.lastgroup])
