"""One engine in a process of its own, so that the peak of its memory is its own.

The process answers one line of JSON at a time: {"ask": "funnel", "with": [7]} gives {"seconds": ..., "megabytes": ...,
"total": ..., "answer": ...}.
"""

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

MEGABYTE = 1_000_000
ROOT = Path(__file__).parents[1]


class Worker:
    """A process that runs one engine, seen from outside.

    seconds, megabytes : of the last question: how long it took, and the highest memory so far, without what the
        process had before it read anything;  total : with that
    """

    seconds = megabytes = total = 0.0

    def __init__(self, module: str):
        command = [sys.executable, "-m", "benchmarks.worker", module]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def ask(self, name: str, *given: object) -> object:
        """What one method of the engine gives; None, in no time at all, where it has no such method.

        Raises SystemExit where the process ended: what it said stands above.
        """
        self.process.stdin.write(json.dumps({"ask": name, "with": given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[-1]} ended while it was asked for {name}{given}.")
        found = json.loads(line)
        self.seconds, self.megabytes, self.total = found["seconds"], found["megabytes"], found["total"]
        return found["answer"]

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def peak_megabytes() -> float:
    """The highest memory of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux includes the process that started this one
        return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) * 1024 / MEGABYTE
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE


def answer_lines(module: str) -> None:
    """Serve one engine until the input ends."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever an engine prints goes beside the answers
    engine = importlib.import_module(module).Engine()
    before = peak_megabytes()
    for line in sys.stdin:
        asked = json.loads(line)
        method = getattr(engine, asked["ask"], _no_answer)
        begin = time.perf_counter()
        answer = method(*asked["with"])
        seconds = 0.0 if method is _no_answer else time.perf_counter() - begin
        total = peak_megabytes()
        found = {"seconds": seconds, "megabytes": total - before, "total": total, "answer": answer}
        print(json.dumps(found, default=int), file=said, flush=True)


def _no_answer(*given: object) -> None:
    """What an engine says to a question it is not made for."""


if __name__ == "__main__":
    answer_lines(sys.argv[1])
