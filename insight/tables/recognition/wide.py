"""Campaign files with one column a channel (tv_spend, search_spend ...) -> one row a channel.

What belongs together is told by a pattern: "*_spend" are the columns that end so, and the channel is what the star
stands for. A pattern can stand in a mapping in place of a column: {"spend": "*_spend", "channel": "*"}.
"""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa

from insight.language import _
from insight.tables.opening.raw import RawTable
from insight.tables.recognition.vocabulary import column_names

CHANNEL = "*"
MEASURES = ("spend", "impressions", "clicks", "conversions", "revenue", "reach", "new_customers", "other_cost")
LETTERS = {"spend": "*_S", "impressions": "*_I"}  # of Robyn, a package for media mixes
WHOLE = ("total", "totals", "all", "sum", "overall", "итого", "всего", "общий", "סהכ", "总", "合计")  # no channels
BETWEEN = r"[\s_.:|-]"


def channels(pattern: str, names: list[str]) -> dict[str, str]:
    """Channel -> column, for the columns that a pattern means.

    >>> channels("*_spend", ["date", "tv_spend", "search_spend", "total_spend"])
    {'tv': 'tv_spend', 'search': 'search_spend'}
    """
    before, _star, after = pattern.partition("*")
    found = {name[len(before) : len(name) - len(after)]: name for name in names if _has(name, before, after)}
    return {channel: name for channel, name in found.items() if channel.strip().casefold() not in WHOLE}


def _has(name: str, before: str, after: str) -> bool:
    return len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)


def families(names: list[str]) -> dict[str, str]:
    """Measure -> pattern, where a file has a column of spend for each of several channels; else nothing.

    >>> families(["DATE", "revenue", "tv_S", "facebook_S", "facebook_I", "newsletter"])
    {'spend': '*_S', 'impressions': '*_I'}
    """
    spend = next((pattern for pattern in _patterns("spend", names) if len(channels(pattern, names)) > 1), None)
    if spend is None:
        return {}
    known = channels(spend, names).keys()
    found = {"spend": spend}
    for measure in MEASURES[1:]:
        for pattern in _patterns(measure, names):
            if known & channels(pattern, names).keys():
                found.setdefault(measure, pattern)
    return found


def _patterns(measure: str, names: list[str]) -> list[str]:
    """The patterns by which these columns may hold a measure, those of most columns first."""
    words = "|".join(sorted((re.escape(word).replace("_", BETWEEN) for word in _words(measure)), key=len, reverse=True))
    ends = re.compile(rf"^.+?({BETWEEN}+(?:{words}))$", re.IGNORECASE)
    starts = re.compile(rf"^((?:{words}){BETWEEN}+).+$", re.IGNORECASE)
    found = [f"*{match[1]}" for name in names if (match := ends.match(name))]
    found += [f"{match[1]}*" for name in names if (match := starts.match(name))]
    found += [LETTERS[measure] for name in names if measure in LETTERS and name.endswith(LETTERS[measure][1:])]
    return sorted(dict.fromkeys(found), key=lambda pattern: -found.count(pattern))


def _words(measure: str) -> list[str]:
    return [word for word in column_names("campaigns", measure) if len(word) > 3 or not word.isascii()]


def melted(raw: RawTable, patterns: dict[str, str]) -> RawTable:
    """One row a row and channel: the channel is in the column "*", each measure in a column called by its pattern.

    The columns that belong to no channel are repeated on the rows of a record.

    >>> wide = pa.table({"day": ["1"], "tv_cost": ["5"], "web_cost": ["7"]})
    >>> melted(RawTable(wide, "CSV"), {"spend": "*_cost"}).columns.to_pylist()
    [{'day': '1', '*': 'tv', '*_cost': '5'}, {'day': '1', '*': 'web', '*_cost': '7'}]
    """
    names, size = raw.columns.column_names, raw.columns.num_rows
    by_channel = {pattern: channels(pattern, names) for pattern in patterns.values()}
    known = list(by_channel[patterns["spend"]])
    used = {name for columns in by_channel.values() for channel, name in columns.items() if channel in known}
    record = pa.array(np.repeat(np.arange(size), len(known)))
    by_record = pa.array(np.arange(size * len(known)).reshape(len(known), size).T.ravel())
    columns = {name: raw.columns[name].take(record) for name in names if name not in used}
    columns[CHANNEL] = pa.chunked_array([pa.array(known).take(pa.array(np.tile(np.arange(len(known)), size)))])
    for pattern, of in by_channel.items():
        parts = [raw.columns[of[channel]] if channel in of else pa.nulls(size, pa.string()) for channel in known]
        chunks = [
            part for column in parts for part in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])
        ]
        columns[pattern] = pa.chunked_array(chunks, pa.string()).take(by_record)
    said = {
        "finding": _("One column a channel: read as one row a day and channel"),
        "severity": "note",
        "column": ", ".join(by_channel[patterns["spend"]].values()),
        "suggestion": _(
            "What belongs to no channel, such as a total revenue, is repeated on each of them and not used."
        ),
        "code": "wide",
    }
    rows = np.repeat(raw.every_row_number(), len(known))
    return replace(raw, columns=pa.table(columns), rows=rows, notes=[*raw.notes, said])
