"""How large a file may be, packed and unpacked, and the refusals that say so before memory goes.

On a machine of one's own: 200 MB packed, 1 GB unpacked. Hosted, where visitors share the memory: 50 and 200 MB.
Environment variables override:

INSIGHT_HOSTED=1               the limits of a hosted app
INSIGHT_MAX_PACKED_MB=100      of a packed file as it is brought: gzip, zip, Excel, Parquet
INSIGHT_MAX_UNPACKED_MB=500    of what it unfolds to, and of a file that is not packed
"""

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass

from insight.errors import InsightError, UnreadableFile
from insight.language import _, count

MEGABYTE = 1_000_000
LOCAL_MB, HOSTED_MB = (200, 1_000), (50, 200)  # packed, unpacked
RATIO, HARMLESS = 120, MEGABYTE  # how many times its size a file may unfold to; real ones stay far below
CELL_BYTES = 32  # what the Excel reader reserves for a cell, empty or not


@dataclass(frozen=True)
class Limits:
    """Bytes of a packed file, and bytes of what it unfolds to."""

    packed: int
    unpacked: int

    @property
    def sheet_cells(self) -> int:
        """Cells of the rectangle around a sheet."""
        return self.unpacked // CELL_BYTES


def limits() -> Limits:
    """The limits in force, read from the environment each time.

    >>> limits().packed <= limits().unpacked
    True
    """
    packed, unpacked = HOSTED_MB if os.environ.get("INSIGHT_HOSTED", "0") not in ("", "0") else LOCAL_MB
    return Limits(
        packed=_megabytes("INSIGHT_MAX_PACKED_MB", packed), unpacked=_megabytes("INSIGHT_MAX_UNPACKED_MB", unpacked)
    )


def refuse_packed(size: int) -> None:
    """Raise UnreadableFile where a packed file is larger than may be opened."""
    if size > limits().packed:
        raise UnreadableFile(
            _(
                "The packed file has {size} MB; up to {most} MB can be opened here. Bring fewer rows or columns.",
                size=_in_megabytes(size),
                most=count(limits().packed / MEGABYTE),
            )
        )


def refuse_unpacked(size: int) -> None:
    """Raise UnreadableFile where the content is larger than fits in memory."""
    if size > limits().unpacked:
        most = count(limits().unpacked / MEGABYTE)
        raise UnreadableFile(
            _("The file holds more than {most} MB, the most that can be opened here. Bring fewer rows.", most=most)
        )


def refuse_ratio(unpacked: int, packed: int) -> None:
    """Raise UnreadableFile where a small file says it unfolds to a huge one."""
    if unpacked > max(RATIO * packed, HARMLESS):
        raise UnreadableFile(
            _(
                "The file unfolds to {times} times its size, which no real table does. Bring the table as a CSV file.",
                times=count(unpacked / packed),
            )
        )


def joined(pieces: Iterable[bytes], packed: int) -> bytes:
    """The pieces of an unpacked file as one, refused as soon as they are too many, whatever was declared."""
    kept = io.BytesIO()  # hands its buffer over without a copy
    for piece in pieces:
        refuse_unpacked(kept.tell() + len(piece))
        refuse_ratio(kept.tell() + len(piece), packed)
        kept.write(piece)
    return kept.getvalue()


def _megabytes(variable: str, default: int) -> int:
    written = os.environ.get(variable, "")
    if written and not (written.isdecimal() and int(written)):
        raise InsightError(f"{variable}={written!r} is no size. Write whole megabytes, like {variable}=100.")
    return int(written or default) * MEGABYTE


def _in_megabytes(size: int) -> str:
    return count(max(size / MEGABYTE, 1))
