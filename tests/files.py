"""Small files, written as a reader would write them on paper."""

import io

import openpyxl
import pyarrow as pa
from hypothesis import settings

from insight.tables import read_events, read_orders

patient = settings(deadline=None)  # a busy machine is no fault


def events(text, **settings):
    """An event log from lines under `user,event,time`."""
    return read_events(("user,event,time\n" + text).encode(), **settings)


def orders(text, header="order,customer,date,amount", **settings):
    """Orders from lines under a header."""
    return read_orders((header + "\n" + text).encode(), **settings)


def times(*written, **settings):
    """An event log with one event at each time, as it is written."""
    return events("".join(f'ana,visit,"{time}"\n' for time in written), **settings)


def column(*values):
    """Cells as a reader of values meets them."""
    return pa.chunked_array([pa.array(values, pa.string())])


def excel(*sheets, top=1, left=1):
    """A workbook with these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"sheet {number}")
        for at, row in enumerate(rows, top):
            for place, cell in enumerate(row, left):
                if cell is not None:
                    sheet.cell(at, place, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet(frame):
    """A frame as the bytes of a Parquet file."""
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


def noted(table):
    """What was noticed: {finding: (how many rows, example rows)}."""
    found = table.findings
    return dict(zip(found["finding"], zip(found["rows"], found["examples"], strict=True), strict=True))
