"""python -m benchmarks: this project beside chDB, DuckDB, Polars and pandas, and its models beside their libraries.

    python -m pip install -r benchmarks/requirements.txt
    python -m benchmarks                                    # 1 million rows
    python -m benchmarks 1_000_000 10_000_000               # and how our times grow
    python -m benchmarks --only retention rfm --engines project polars
    python -m benchmarks modes                              # our funnel's modes beside our plain funnel
    python -m benchmarks clv 100_000 1_000_000              # fits of CLV models beside lifetimes
    python -m benchmarks attribution 1_000_000              # attribution beside ChannelAttribution
    python -m benchmarks files                              # what awkward files cost to read
    python -m benchmarks large FOLDER                       # from disk: 1, 10 and 100 million rows, in 8 GB

Equal questions must have equal answers: the run ends with an error where they differ.
"""

import argparse
from pathlib import Path

from benchmarks.engines import NAMES
from benchmarks.models import MODELS, attribution, clv
from benchmarks.questions import QUESTIONS


def main() -> None:
    asked = argparse.ArgumentParser("python -m benchmarks", description=__doc__, formatter_class=_AsWritten)
    asked.add_argument(
        "what", nargs="*", help="sizes; or modes, files, clv or attribution and sizes, large and a folder and sizes"
    )
    names = [*(one.name for one in QUESTIONS), *MODELS]
    asked.add_argument("--only", nargs="+", choices=names, help="these questions, or models of clv")
    asked.add_argument("--engines", nargs="+", choices=list(NAMES), default=list(NAMES), help="these engines")
    asked.add_argument("--rounds", type=int, default=7, help="warm answers an engine")
    given = asked.parse_args()
    match given.what:
        case ["modes"]:
            from benchmarks.modes import modes

            modes()
        case ["files"]:
            from benchmarks.files import files

            files()
        case ["clv", *sizes]:
            models = [name for name in MODELS if given.only is None or name in given.only]
            clv([int(n) for n in sizes] or [100_000], models, given.rounds)
        case ["attribution", *sizes]:
            attribution([int(n) for n in sizes] or [1_000_000], given.rounds)
        case ["large", folder, *sizes]:
            from benchmarks.large import large

            large(Path(folder), [int(n) for n in sizes] or [1_000_000, 10_000_000, 100_000_000])
        case sizes:
            from benchmarks.compare import compare

            questions = [one for one in QUESTIONS if given.only is None or one.name in given.only]
            compare([int(n) for n in sizes] or [1_000_000], questions, given.engines, given.rounds)


class _AsWritten(argparse.RawDescriptionHelpFormatter):
    """The help as it stands above."""


if __name__ == "__main__":
    main()
