"""Files as people bring them, and what each must give: its cells and what is said of it, or the refusal."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time

import openpyxl
import pyarrow as pa
import xlwt
from pyarrow import feather
from pyarrow import parquet as pq

from tests.files import excel

EVENTS = "user,event,time\nana,visit,2026-01-01 09:00\nben,buy,2026-01-02 10:30\n"
COLUMNS = ["user", "event", "time"]


@dataclass(frozen=True)
class Reads:
    """A table: its names, how many records, some of them, their row numbers, and everything that is noted."""

    columns: list[str]
    n_rows: int
    first: list[str | None] | None = None
    last: list[str | None] | None = None
    rows: list[int] | None = None
    notes: dict[str, tuple[str, list[int]]] = field(default_factory=dict)  # finding -> severity, example rows
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header: bool = True


@dataclass(frozen=True)
class Refuses:
    """No table: the whole sentence."""

    sentence: str


def text(written: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: written.encode(encoding)


def zipped(password: bool = False, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    content = bytearray(out.getvalue())
    if password:  # the bit that says so, in the list at the end
        content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def saved(book: openpyxl.Workbook | xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_excel(rows: list[list[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bestellungen")
    moment = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell, *([moment] if isinstance(cell, datetime) else []))
    return saved(book)


def far_old_excel() -> bytes:
    book = xlwt.Workbook()
    for name in "ab":
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "user")
        sheet.write(65_535, 255, "stray")
    return saved(book)


def parquet_bytes(columns: dict[str, object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def feather_bytes() -> bytes:
    out = io.BytesIO()
    feather.write_feather(pa.table({"user": ["ana"]}), out)
    return out.getvalue()


def ods() -> bytes:
    return zipped(**{"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})


def with_hidden_first() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "raw"
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("orders")
    for own in (book["raw"], sheet):
        own.append(["customer", "date", "amount"])
        own.append(["ana", datetime(2026, 1, 1), 5])
    return saved(book)


def only_hidden() -> bytes:
    book = openpyxl.Workbook()
    hidden = book.create_sheet("data")
    hidden.sheet_state = "hidden"
    for row in (["customer", "date"], ["ana", "2026-01-01"]):
        hidden.append(row)
    return saved(book)


def with_errors_and_formulas() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Shares of May", "#REF!"])
    for row in (["customer", "amount", "share"], ["ana", 5, "=B3/10"], [None, "#N/A", 0.5], ["cid", 7, "#DIV/0!"]):
        sheet.append(row)
    for place in ("B1", "B4", "C5"):
        sheet[place].data_type = "e"
    sheet["A4"].number_format = "0.00"  # an empty cell that is written all the same
    return saved(book)


def with_merged_names() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Campaigns in May", None, None, None, None])
    sheet.append(["Day", "Search", None, "Social", None])
    sheet.append([None, "clicks", "cost", "clicks", "cost"])
    sheet.append([date(2026, 5, 1), 10, 1.5, 20, 2.5])
    for merged in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        sheet.merge_cells(merged)
    return saved(book)


GA4 = """# ----------------------------------------
# Acme shop
# Traffic acquisition: Session default channel group
# 20260101-20260131
# ----------------------------------------

Session default channel group,Sessions,Total revenue
Organic Search,1200,340.5
Direct,800,120
,2000,460.5
"""
ADS = """Campaign report
"January 1, 2026 - January 31, 2026"
Campaign,Currency code,Impr.,Clicks,Cost
Brand,EUR,"1,200",34,56.70
Generic,EUR,"8,000",120,340.10
Total: Account, --,"9,200",154,396.80
Total: Search campaigns, --,"9,200",154,396.80
"""
ABOVE = "Rows above the table, left aside"
TOTALS = "Rows of totals, left out"
SHORT = "Rows with fewer cells than the table has columns"
LONG = "Rows with more cells than the table has columns, left out"
NAMELESS = "The table has no row of names; its columns are called column 1, column 2, …"


def guessed(encoding: str) -> dict[str, tuple[str, list[int]]]:
    return {f"The file is not UTF-8; it is read as {encoding}": ("note", [])}


RUSSIAN = "Клиент;Дата;Событие;Город\n" + "".join(
    f"{name};2026-01-0{day};{event};{city}\n"
    for day, (name, event, city) in enumerate(
        [("Иванов", "визит", "Москва"), ("Смирнова", "корзина", "Казань"), ("Орлов", "покупка", "Тула")], 1
    )
)
CHINESE = (
    "客户,日期,金额,城市\n"
    "王小明,2026-01-01,12.50,北京\n"
    "李娜,2026-01-02,8,上海\n"
    "张伟,2026-01-03,99,广州\n"
    "陈静,2026-01-04,7,深圳\n"
)
HEBREW = (
    "לקוח,תאריך,סכום,עיר\n"
    "כהן,2026-01-01,12,ירושלים\n"
    "לוי,2026-01-02,8,חיפה\n"
    "מזרחי,2026-01-03,5,אילת\n"
    "פרץ,2026-01-04,5,אשדוד\n"
)
POLISH = (
    "Klient;Data;Kwota;Miasto\n"
    "Żółtowska;2026-01-01;12,50;Łódź\n"
    "Świątek;2026-01-02;8,00;Gdańsk\n"
    "Górski;2026-01-03;7;Kraków\n"
    "Łęcki;2026-01-04;9;Poznań\n"
)
GERMAN = (
    "Kunde;Datum;Betrag\n"
    "Müller;01.02.2026;1.234,50\n"
    "Größe;02.02.2026;5,00\n"
    "Jäger;03.02.2026;7,10\n"
    "Schön;04.02.2026;1,00\n"
    "Voß;05.02.2026;2,00\n"
    "Köhler;06.02.2026;3,00\n"
    "Bär;07.02.2026;3,00\n"
    "Lüders;08.02.2026;3,00\n"
)
JAPANESE = (
    "顧客,日付,金額,都市\n"
    "田中さくら,2026-01-01,1200,東京\n"
    "佐藤,2026-01-02,800,大阪\n"
    "鈴木,2026-01-03,500,名古屋\n"
    "高橋,2026-01-04,500,京都\n"
)

FILES: dict[str, tuple[Callable[[], bytes], Reads | Refuses]] = {
    # separators
    "semicolons with decimal commas": (
        text("Kunde;Datum;Betrag\nana;01.02.2026;1,50\nben;02.02.2026;2,75\n"),
        Reads(["Kunde", "Datum", "Betrag"], 2, ["ana", "01.02.2026", "1,50"], separator=";"),
    ),
    "semicolons, decimal commas and no names": (
        text("1,5;2,5;2026-01-01\n3,5;4,5;2026-01-02\n"),
        Reads(
            ["column 1", "column 2", "column 3"],
            2,
            ["1,5", "2,5", "2026-01-01"],
            separator=";",
            header=False,
            rows=[1, 2],
            notes={NAMELESS: ("warning", [])},
        ),
    ),
    "tabs": (text(EVENTS.replace(",", "\t")), Reads(COLUMNS, 2, separator="\t")),
    "vertical bars": (text(EVENTS.replace(",", "|")), Reads(COLUMNS, 2, separator="|")),
    "Excel says the separator": (
        text("sep=;\r\nuser;event;time\r\nana;visit, then buy;2026-01-01\r\n"),
        Reads(COLUMNS, 1, ["ana", "visit, then buy", "2026-01-01"], rows=[2], separator=";"),
    ),
    "Excel says a separator nobody else uses": (
        text("sep=^\nuser^event^time\nana^visit^2026-01-01\n"),
        Reads(COLUMNS, 1, separator="^"),
    ),
    "Excel says a separator that is none": (
        lambda: b"sep=\x80\nuser^event\nana^visit\n",
        Reads(["sep=€"], 2, notes={"The file is not UTF-8; Windows-1252 is a guess from few letters": ("warning", [])}),
    ),
    "a decimal comma in one of two columns": (
        text("day;cost\n2026-01-01;1,5\n2026-01-02;3,5\n"),
        Reads(["day", "cost"], 2),
    ),
    # encodings
    "UTF-8 with a mark": (text(EVENTS, "utf-8-sig"), Reads(COLUMNS, 2, encoding="UTF-8 with BOM")),
    "UTF-16 of Excel's Unicode text": (
        text(EVENTS.replace(",", "\t").replace("\n", "\r\n"), "utf-16"),
        Reads(COLUMNS, 2, ["ana", "visit", "2026-01-01 09:00"], encoding="UTF-16 LE", separator="\t"),
    ),
    "UTF-16 the other way round": (
        lambda: b"\xfe\xff" + EVENTS.encode("utf-16-be"),
        Reads(COLUMNS, 2, encoding="UTF-16 BE"),
    ),
    "UTF-32": (text(RUSSIAN, "utf-32"), Reads(["Клиент", "Дата", "Событие", "Город"], 3, encoding="UTF-32 LE")),
    "UTF-32 the other way round": (
        lambda: b"\0\0\xfe\xff" + EVENTS.encode("utf-32-be"),
        Reads(COLUMNS, 2, encoding="UTF-32 BE"),
    ),
    "UTF-16 without a mark": (
        text(RUSSIAN, "utf-16-le"),
        Reads(["Клиент", "Дата", "Событие", "Город"], 3, encoding="UTF-16 LE"),
    ),
    "UTF-16 the other way round without a mark": (
        text(CHINESE, "utf-16-be"),
        Reads(["客户", "日期", "金额", "城市"], 4, encoding="UTF-16 BE"),
    ),
    "Windows-1251 from Russia": (
        text(RUSSIAN, "cp1251"),
        Reads(
            ["Клиент", "Дата", "Событие", "Город"],
            3,
            ["Иванов", "2026-01-01", "визит", "Москва"],
            encoding="Windows-1251",
            notes=guessed("Windows-1251"),
        ),
    ),
    "IBM866 from a Russian till": (
        text(RUSSIAN, "cp866"),
        Reads(["Клиент", "Дата", "Событие", "Город"], 3, encoding="IBM866", notes=guessed("IBM866")),
    ),
    "Windows-1252 from Germany": (
        text(GERMAN, "cp1252"),
        Reads(
            ["Kunde", "Datum", "Betrag"],
            8,
            ["Müller", "01.02.2026", "1.234,50"],
            encoding="Windows-1252",
            notes=guessed("Windows-1252"),
        ),
    ),
    "Windows-1250 from Poland": (
        text(POLISH, "cp1250"),
        Reads(
            ["Klient", "Data", "Kwota", "Miasto"],
            4,
            ["Żółtowska", "2026-01-01", "12,50", "Łódź"],
            notes=guessed("Windows-1250"),
        ),
    ),
    "Windows-1255 from Israel": (
        text(HEBREW, "cp1255"),
        Reads(
            ["לקוח", "תאריך", "סכום", "עיר"], 4, ["כהן", "2026-01-01", "12", "ירושלים"], notes=guessed("Windows-1255")
        ),
    ),
    "GB18030 from China": (
        text(CHINESE, "gb18030"),
        Reads(
            ["客户", "日期", "金额", "城市"],
            4,
            ["王小明", "2026-01-01", "12.50", "北京"],
            encoding="GB18030",
            notes=guessed("GB18030"),
        ),
    ),
    "GBK from China": (
        text(CHINESE, "gbk"),
        Reads(["客户", "日期", "金额", "城市"], 4, encoding="GB18030", notes=guessed("GB18030")),
    ),
    "Shift-JIS from Japan": (
        text(JAPANESE, "cp932"),
        Reads(
            ["顧客", "日付", "金額", "都市"],
            4,
            ["田中さくら", "2026-01-01", "1200", "東京"],
            encoding="Shift-JIS",
            notes=guessed("Shift-JIS"),
        ),
    ),
    "one letter beyond ASCII, so the encoding is a guess": (
        text("user,event\nMüller,visit\nana,buy\n", "cp1252"),
        Reads(
            ["user", "event"],
            2,
            ["Müller", "visit"],
            notes={"The file is not UTF-8; Windows-1252 is a guess from few letters": ("warning", [])},
        ),
    ),
    "UTF-8 with a byte of another encoding in it": (
        lambda: "user,event\nÅsa,visit\nJürgen,buy\nBjörn,visit\n".encode() + b"M\xfcller,buy\n",
        Refuses("Row 5 is not UTF-8 text like the rest of the file. Save the file again as CSV UTF-8."),
    ),
    "a letter cut in half at the end of the file": (
        lambda: "user,event\nÅsa,visit\nJürgen,buy\nBjörn,bü".encode()[:-1],
        Refuses("Row 4 is not UTF-8 text like the rest of the file. Save the file again as CSV UTF-8."),
    ),
    "UTF-16 with an odd byte at the end": (
        lambda: EVENTS.encode("utf-16") + b"x",
        Refuses("Row 4 is not UTF-16 LE text like the rest of the file. Save the file again as CSV UTF-8."),
    ),
    # line ends
    "lines that end as on an old Macintosh": (text(EVENTS.replace("\n", "\r")), Reads(COLUMNS, 2)),
    "lines that end as on Windows": (text(EVENTS.replace("\n", "\r\n")), Reads(COLUMNS, 2)),
    "lines that end in every way": (
        text("user,event\r\nana,visit\nben,buy\rcid,buy\r\n"),
        Reads(["user", "event"], 3, last=["cid", "buy"], rows=[2, 3, 4]),
    ),
    "old and new line ends with a blank line between": (
        text("user,event\nana,visit\rben,buy\n\ncid,buy\n"),
        Reads(["user", "event"], 3, rows=[2, 3, 5]),
    ),
    "no line end at the end": (text(EVENTS[:-1]), Reads(COLUMNS, 2)),
    # above the table
    "a title and a blank line above": (
        text("Report: events of May\n\n" + EVENTS),
        Reads(COLUMNS, 2, rows=[4, 5], notes={ABOVE: ("note", [1])}),
    ),
    "a title padded with separators": (
        text("Umsatzbericht;;;\nZeitraum;01.05.2026;;\n;;;\nKunde;Datum;Betrag;Land\nana;01.05.2026;5,00;DE\n"),
        Reads(["Kunde", "Datum", "Betrag", "Land"], 1, rows=[5], notes={ABOVE: ("note", [1, 2])}),
    ),
    "a heading that looks like a record": (
        text(
            "Account,Acme,From,2026-05-01\n\nuser,event,time,channel\nana,visit,2026-05-01,ads\nben,buy,2026-05-02,ads\ncid,buy,2026-05-03,mail\n"
        ),
        Reads(["user", "event", "time", "channel"], 3, rows=[4, 5, 6], notes={ABOVE: ("note", [1])}),
    ),
    "a report of Google Analytics": (
        text(GA4),
        Reads(
            ["Session default channel group", "Sessions", "Total revenue"],
            2,
            ["Organic Search", "1200", "340.5"],
            rows=[8, 9],
            notes={ABOVE: ("note", [1, 2, 3, 4, 5]), TOTALS: ("warning", [10])},
        ),
    ),
    "a report of Google Ads": (
        text(ADS),
        Reads(
            ["Campaign", "Currency code", "Impr.", "Clicks", "Cost"],
            2,
            ["Brand", "EUR", "1,200", "34", "56.70"],
            rows=[4, 5],
            notes={ABOVE: ("note", [1, 2]), TOTALS: ("warning", [6, 7])},
        ),
    ),
    "a report of Google Ads for Excel": (
        text(ADS.replace(",", "\t"), "utf-16"),
        Reads(
            ["Campaign", "Currency code", "Impr.", "Clicks", "Cost"],
            2,
            rows=[4, 5],
            notes={ABOVE: ("note", [1, 2]), TOTALS: ("warning", [6, 7])},
        ),
    ),
    "an exploration of Google Analytics with its total on top": (
        text("# Free form\n# 20260131\n\nEvent name,Active users,Totals\n,500,Grand total\nvisit,400,\nbuy,100,\n"),
        Reads(
            ["Event name", "Active users", "Totals"],
            2,
            ["visit", "400", None],
            rows=[6, 7],
            notes={ABOVE: ("note", [1, 2]), TOTALS: ("warning", [5])},
        ),
    ),
    "blank lines above and inside": (
        text("\n\nuser,event\n\nana,visit\n\n\nben,buy\n\n"),
        Reads(["user", "event"], 2, rows=[5, 8]),
    ),
    "a table of one column": (text("emails\nana@example.org\nben@example.org\n"), Reads(["emails"], 2)),
    "a comment with separators in it": (
        text("# users, events, and times\nuser,event,time\nana,visit,2026-01-01\n"),
        Reads(COLUMNS, 1, rows=[3], notes={ABOVE: ("note", [1])}),
    ),
    "names that begin like a comment": (
        text("# of orders,customer\n5,ana\n7,ben\n"),
        Reads(["# of orders", "customer"], 2),
    ),
    "months as names": (text("customer,2026-01,2026-02\nana,5,7\n"), Reads(["customer", "2026-01", "2026-02"], 1)),
    # below the table and inside it
    "a total in Russian": (
        text("Кампания;Показы;Расход\nБренд;100;5,5\nОбщая;200;7,5\nИтого;300;13\n"),
        Reads(["Кампания", "Показы", "Расход"], 2, last=["Общая", "200", "7,5"], notes={TOTALS: ("warning", [4])}),
    ),
    "a total in Hebrew": (
        text("קמפיין,קליקים\nא,10\nב,20\nסה״כ,30\n"),
        Reads(["קמפיין", "קליקים"], 2, notes={TOTALS: ("warning", [4])}),
    ),
    "a total in Chinese": (
        text("渠道,点击,花费\n搜索,10,1.5\n社交,20,2.5\n合计,30,4\n"),
        Reads(["渠道", "点击", "花费"], 2, notes={TOTALS: ("warning", [4])}),
    ),
    "a sum that nobody calls a total": (
        text("channel,clicks,cost\nads,10,1.5\nmail,20,2.5\nsearch,5,1\n,35,5\n"),
        Reads(["channel", "clicks", "cost"], 3, notes={TOTALS: ("warning", [5])}),
    ),
    "a row without a name that is no sum": (
        text("channel,clicks,cost\nads,10,1.5\nmail,20,2.5\nsearch,5,1\n,36,5.5\n"),
        Reads(["channel", "clicks", "cost"], 4, last=[None, "36", "5.5"]),
    ),
    "subtotals between the rows": (
        text("channel,campaign,cost\nads,a,1\nads,b,2\nSubtotal,,3\nmail,c,4\nSubtotal,,4\nGrand total,,7\n"),
        Reads(["channel", "campaign", "cost"], 3, rows=[2, 3, 5], notes={TOTALS: ("warning", [4, 6, 7])}),
    ),
    "a customer called Total": (
        text("customer,event,day\nTotal,visit,2026-01-01\nTotal Wine,buy,2026-01-02\n"),
        Reads(["customer", "event", "day"], 2),
    ),
    "remarks below the table": (
        text(EVENTS + "\nSource: shop database as of May\n* times are local\n"),
        Reads(
            COLUMNS,
            2,
            rows=[2, 3],
            notes={"Rows below the table, left aside": ("note", [5, 6])},
        ),
    ),
    "comments between the rows": (
        text("user,event\nana,visit\n# restarted\nben,buy\n"),
        Reads(
            ["user", "event"], 2, rows=[2, 4], notes={"Lines of comment between the rows, left aside": ("note", [3])}
        ),
    ),
    # names
    "no row of names": (
        text("ana,visit,2026-01-01\nben,buy,2026-01-02\n"),
        Reads(
            ["column 1", "column 2", "column 3"],
            2,
            ["ana", "visit", "2026-01-01"],
            rows=[1, 2],
            header=False,
            notes={NAMELESS: ("warning", [])},
        ),
    ),
    "no row of names, but a title": (
        text("Export\n\n17;buy;12,50\n18;visit;3,00\n"),
        Reads(
            ["column 1", "column 2", "column 3"],
            2,
            rows=[3, 4],
            header=False,
            notes={ABOVE: ("note", [1]), NAMELESS: ("warning", [])},
        ),
    ),
    "years as names": (text("country,2024,2025\nUkraine,5,6\nIsrael,7,8\n"), Reads(["country", "2024", "2025"], 2)),
    "one name twice": (
        text("item,price,price\npen,1,2\n"),
        Reads(
            ["item", "price", "price (2)"],
            1,
            ["pen", "1", "2"],
            notes={"Several columns are called price; this one is read as price (2)": ("note", [])},
        ),
    ),
    "names that are empty, blank, broken or endless": (
        text(f'user,, ,"event\nname",{"x" * 300}\nana,1,2,visit,3\n'),
        Reads(["user", "column 2", "column 3", "event name", "x" * 199 + "…"], 1, ["ana", "1", "2", "visit", "3"]),
    ),
    "a separator too many at the end of each row": (
        text("user,event\nana,visit,\nben,buy,\n"),
        Reads(["user", "event"], 2),
    ),
    "a separator too many at the end of the names": (
        text("user,event,\nana,visit\nben,buy\n"),
        Reads(["user", "event"], 2),
    ),
    "two thousand columns": (
        text(",".join(f"q{n}" for n in range(2000)) + "\n" + ",".join(map(str, range(2000))) + "\n"),
        Reads([f"q{n}" for n in range(2000)], 1, [str(n) for n in range(2000)]),
    ),
    # rows of other lengths
    "short rows": (
        text('user,event,time,channel\n\nana,"vi\nsit",2026-01-01,ads\nben,buy\ncid,buy,2026-01-03,ads\n'),
        Reads(["user", "event", "time", "channel"], 3, rows=[3, 4, 5], notes={SHORT: ("warning", [4])}),
    ),
    "one long row among many": (
        text(
            "user,event,time\n"
            + "ana,visit,2026-01-01\n" * 30
            + "Smith, John,visit,2026-01-02\n"
            + "ben,buy,2026-01-03\n"
        ),
        Reads(COLUMNS, 31, last=["ben", "buy", "2026-01-03"], rows=[*range(2, 32), 33], notes={LONG: ("error", [32])}),
    ),
    "an amount that holds the separator": (
        text("order,user,time,amount\n" + "1,ana,2026-01-01,5.00\n" * 38 + "1,ben,2026-01-01,1,234.50\n"),
        Reads(
            ["order", "user", "time", "amount"],
            38,
            last=["1", "ana", "2026-01-01", "5.00"],
            notes={LONG: ("error", [40])},
        ),
    ),
    "one long row among few": (
        text("user,event,time\nana,visit,2026-01-01\nSmith, John,visit,2026-01-02\nben,buy,2026-01-03\n"),
        Reads(COLUMNS, 2, rows=[2, 4], last=["ben", "buy", "2026-01-03"], notes={LONG: ("error", [3])}),
    ),
    "a long row and no other": (
        text("user,event\n1,ana,visit\n"),
        Refuses(
            "Row 2 has 3 cells where the table has 2 columns, and it is the only record. "
            "Put cells that hold the separator in quotation marks, and give each column a name."
        ),
    ),
    "names that stand over too few cells": (
        text("user,event\n1,ana,visit\n2,ben,buy\n"),
        Refuses(
            "Row 2 has 3 cells where the table has 2 columns, and it is not the only one of its kind. "
            "Put cells that hold the separator in quotation marks, and give each column a name."
        ),
    ),
    # quotation marks and other signs
    "line breaks inside cells": (
        text('user,comment,time\nana,"good\nvery good",2026-01-01\nben,"a ""5"" disk",2026-01-02\n'),
        Reads(
            ["user", "comment", "time"],
            2,
            ["ana", "good\nvery good", "2026-01-01"],
            ["ben", 'a "5" disk', "2026-01-02"],
            rows=[2, 3],
        ),
    ),
    "a quotation mark never closed": (
        text('user,event,time\nana,visit,2026-01-01\nben,"buy,2026-01-02\ncid,buy,2026-01-03\n'),
        Refuses('A quotation mark (") opened in row 3 is never closed. Close it or take it out.'),
    ),
    "stray quotation marks that swallow a row": (
        text('user,event,time\nana,"visit,2026-01-01\nben,buy",2026-01-02\ncid,buy,2026-01-03\n'),
        Reads(COLUMNS, 2, rows=[2, 3], notes={"One cell holds what looks like whole rows": ("warning", [2])}),
    ),
    "zero bytes inside the text": (
        text("user,event,time\nana\0\0,visit,2026-01-01\nben,buy,2026-01-02\n"),
        Reads(
            COLUMNS, 2, ["ana", "visit", "2026-01-01"], notes={"Zero bytes inside the text, taken out": ("note", [2])}
        ),
    ),
    # packed
    "gzip": (lambda: gzip.compress(EVENTS.encode()), Reads(COLUMNS, 2)),
    "a zip of one file made on a Mac": (
        lambda: zipped(
            **{
                "export/": b"",
                "export/log.csv": EVENTS.encode(),
                "__MACOSX/export/._log.csv": b"\0\1",
                "export/.DS_Store": b"\0",
            }
        ),
        Reads(COLUMNS, 2),
    ),
    "a gzip inside a zip": (lambda: zipped(**{"log.csv.gz": gzip.compress(EVENTS.encode())}), Reads(COLUMNS, 2)),
    "a workbook inside a zip": (
        lambda: zipped(**{"book.xlsx": excel([COLUMNS, ["ana", "visit", "2026-01-01"]])}),
        Reads(COLUMNS, 1),
    ),
    "a zip of several files": (
        lambda: zipped(**{"orders.csv": b"a,b\n1,2\n", "events.csv": b"a,b\n1,2\n"}),
        Refuses("The zip file holds 2 files: orders.csv, events.csv. Unpack it and bring one of them."),
    ),
    "a zip of nothing": (lambda: zipped(), Refuses("The zip file is empty. Bring the table itself.")),
    "a zip with a password": (
        lambda: zipped(password=True, **{"orders.csv": b"a,b\n1,2\n"}),
        Refuses("The zip file is protected by a password. Unpack it and bring the table inside."),
    ),
    "packed three times": (
        lambda: gzip.compress(gzip.compress(gzip.compress(EVENTS.encode()))),
        Refuses("The file is packed more than twice. Unpack it and bring the table inside."),
    ),
    "a zip cut off": (
        lambda: zipped(**{"orders.csv": EVENTS.encode()})[:-30],
        Refuses("The zip file is damaged or cut off. Compress the table again."),
    ),
    "a gzip cut off": (
        lambda: gzip.compress(EVENTS.encode())[:-9],
        Refuses("The gzip file is damaged or cut off. Compress it again."),
    ),
    "a zip that unfolds to a thousand times its size": (
        lambda: zipped(**{"orders.csv": b"0" * 5_000_000}),
        Refuses("The file unfolds to 1,001 times its size, which no real table does. Bring the table as a CSV file."),
    ),
    # workbooks
    "a workbook with titles above its table": (
        lambda: excel(
            [
                ["Sales of May"],
                ["made by ana"],
                [],
                ["customer", "date", "amount"],
                ["ana", datetime(2026, 5, 1), 5.5],
                ["Total", None, 5.5],
            ]
        ),
        Reads(
            ["customer", "date", "amount"],
            1,
            ["ana", "2026-05-01", "5.5"],
            rows=[5],
            notes={ABOVE: ("note", [1, 2]), TOTALS: ("warning", [6])},
        ),
    ),
    "a workbook that begins with a cover sheet": (
        lambda: excel([["Sales"], ["of the shop"], ["2026"]], [["customer", "date"], ["ana", "2026-01-01"]]),
        Reads(["customer", "date"], 1, sheet="sheet 2"),
    ),
    "a workbook whose first sheet is hidden": (
        with_hidden_first,
        Reads(["customer", "date", "amount"], 1, sheet="orders"),
    ),
    "a workbook whose only table is hidden": (
        only_hidden,
        Refuses("No visible sheet holds a table. Choose one of the hidden sheets, sheet=...: data."),
    ),
    "a workbook without a table": (
        lambda: excel([["nothing here"]]),
        Refuses("No sheet of the workbook holds a table. Bring one with a row of names and rows below it."),
    ),
    "errors and formulas without a value": (
        with_errors_and_formulas,
        Reads(
            ["customer", "amount", "share"],
            3,
            ["ana", "5", None],
            ["cid", "7", None],
            notes={
                ABOVE: ("note", [1]),
                "Cells with an error such as #N/A or #DIV/0!": ("warning", [4, 5]),
                "Formulas without a value": ("warning", [3]),
            },
        ),
    ),
    "names in merged cells over two rows": (
        with_merged_names,
        Reads(
            ["Day", "Search clicks", "Search cost", "Social clicks", "Social cost"],
            1,
            ["2026-05-01", "10", "1.5", "20", "2.5"],
            rows=[4],
            notes={ABOVE: ("note", [1])},
        ),
    ),
    "dates and times of a workbook": (
        lambda: excel([["day", "clock", "moment"], [date(2026, 1, 2), time(8, 30), datetime(2026, 1, 2, 8, 26, 59)]]),
        Reads(["day", "clock", "moment"], 1, ["2026-01-02", "08:30:00", "2026-01-02 08:26:59"]),
    ),
    "a workbook without names": (
        lambda: excel([["ana", datetime(2026, 1, 1), 5], ["ben", datetime(2026, 1, 2), 7]]),
        Reads(["column 1", "column 2", "column 3"], 2, rows=[1, 2], header=False, notes={NAMELESS: ("warning", [])}),
    ),
    "an old workbook": (
        lambda: old_excel(
            [
                ["Kunde", "Datum", "Betrag"],
                ["Müller", datetime(2026, 1, 2, 8, 26, 59), 12.5],
                ["ana", datetime(2026, 1, 3), 7],
            ]
        ),
        Reads(
            ["Kunde", "Datum", "Betrag"],
            2,
            ["Müller", "2026-01-02 08:26:59", "12.5"],
            ["ana", "2026-01-03", "7"],
            sheet="Bestellungen",
        ),
    ),
    "an old workbook with cells at the far end": (
        far_old_excel,
        Refuses(
            "The sheets of the workbook reach over 33,554,432 cells, too many to be read safely. "
            "Delete stray cells far from the table, or save the sheet as CSV."
        ),
    ),
    "an old workbook cut off": (
        lambda: old_excel([["user"], ["ana"]])[:700],
        Refuses("The old Excel file (.xls) is damaged or cut off. Save it again, as .xlsx or CSV."),
    ),
    "a workbook with a password": (
        lambda: password_protected(),
        Refuses("The workbook is protected by a password. Open it in Excel, remove the password and save it again."),
    ),
    "an OpenDocument spreadsheet": (ods, Refuses("The file is an OpenDocument file (.ods). Save it as .xlsx or CSV.")),
    "a binary workbook": (
        lambda: zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"\0"}),
        Refuses("The file is a binary workbook (.xlsb). Save it in Excel as .xlsx or CSV."),
    ),
    "a web page that calls itself .xls": (
        text("<html><body><table><tr><td>ana</td></tr></table></body></html>"),
        Refuses("The file is a web page, not a table. Open it where it came from and save it as CSV or .xlsx."),
    ),
    # Parquet and its relatives
    "Parquet with structures and lists": (
        lambda: parquet_bytes(
            {"user": ["ana", None], "geo": [{"city": "Kyiv", "at": {"lat": 50.5}}, None], "items": [[1], []]}
        ),
        Reads(
            ["user", "geo.city", "geo.at.lat"],
            1,
            ["ana", "Kyiv", "50.5"],
            notes={"The cells are tables or binary data; the column is left aside": ("note", [])},
        ),
    ),
    "Parquet with one name twice": (
        lambda: parquet_twice(),
        Reads(
            ["user", "user (2)"],
            1,
            ["ana", "7"],
            notes={"Several columns are called user; this one is read as user (2)": ("note", [])},
        ),
    ),
    "Parquet cut off": (
        lambda: parquet_bytes({"user": ["ana"]})[:-20],
        Refuses("The Parquet file is damaged or uses features that cannot be read. Write it again, or bring CSV."),
    ),
    "Feather": (
        feather_bytes,
        Refuses("The file is a Feather file, not a table. Open it where it came from and save it as CSV or .xlsx."),
    ),
    # JSON
    "JSON lines with a broken line": (
        text('{"user": "ana"}\n\n{"user": "ben"\n{"user": "cid"}\n'),
        Refuses("Line 3 is not one JSON object. Write one object a line, complete."),
    ),
    "JSON inside JSON": (
        text('{"user": {"id": "ana", "geo": {"city": "Kyiv"}}, "tags": ["a"]}\n{"user": {"id": "ben"}}\n'),
        Reads(["user.id", "user.geo.city", "tags"], 2, ["ana", "Kyiv", '["a"]'], ["ben", None, None]),
    ),
    "the answer of an API": (
        text(json.dumps({"status": "ok", "data": [{"user": "ana", "n": 1}, {"user": "ben", "n": 2}]}, indent=2)),
        Reads(
            ["user", "n"],
            2,
            ["ana", "1"],
            notes={"The rows are those of the array data; what stands beside it is left aside": ("note", [])},
        ),
    ),
    "the answer of an API in one line": (
        text('{"meta": {"n": 1}, "result": {"rows": [{"user": "ana"}]}}'),
        Reads(
            ["user"],
            1,
            ["ana"],
            notes={"The rows are those of the array result.rows; what stands beside it is left aside": ("note", [])},
        ),
    ),
    "JSON with two arrays": (
        text('{\n"users": [{"a": 1}],\n"orders": [{"b": 2}]\n}'),
        Refuses("The JSON object must hold one array of objects; it holds: users, orders. Bring that array."),
    ),
    "a JSON array cut off": (
        text('[{"user": "ana"},\n {"user": "be'),
        Refuses("The file is not valid JSON: line 2 breaks off or has a mistake. Export it again."),
    ),
    "JSON in UTF-16": (text('[{"user": "ana"}]', "utf-16"), Reads(["user"], 1, ["ana"], encoding="UTF-16 LE")),
    # nothing
    "nothing at all": (
        lambda: b"",
        Refuses("The file is empty. Bring one with a row of column names and rows below it."),
    ),
    "blanks only": (
        text(" \n\n \n"),
        Refuses("The file is empty. Bring one with a row of column names and rows below it."),
    ),
    "only a row of names": (
        text("user,event,time\n"),
        Refuses("The file has a row of column names but no rows below it. Export it with its rows."),
    ),
    "a title and a row of names": (
        text("Report\n\nuser,event,time\n\n"),
        Refuses("The file has a row of column names but no rows below it. Export it with its rows."),
    ),
    "a picture": (
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(99),
        Refuses("The file is a picture, not a table. Open it where it came from and save it as CSV or .xlsx."),
    ),
    "bytes of no meaning": (
        lambda: bytes(range(256)) * 40,
        Refuses("The file is not a table: it holds binary data. Bring CSV, Excel, Parquet or JSON lines."),
    ),
}


def parquet_twice() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table([pa.array(["ana"]), pa.array([7])], names=["user", "user"]), out)
    return out.getvalue()


def password_protected() -> bytes:
    """What Excel makes of a workbook with a password: an old container with one encrypted stream in it."""
    name = "EncryptedPackage"
    content = bytearray(saved_container())
    place = content.index("Workbook".encode("utf-16-le"))
    content[place : place + 2 * len(name)] = name.encode("utf-16-le")
    content[place + 64 : place + 66] = (2 * len(name) + 2).to_bytes(2, "little")
    return bytes(content)


def saved_container() -> bytes:
    return old_excel([["user"], ["ana"]])
