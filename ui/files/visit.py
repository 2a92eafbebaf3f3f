"""What the Data page remembers of a visit; it lives in the visitor's session and is forgotten with their data."""

import secrets
from dataclasses import dataclass, field

from insight.errors import InsightError
from insight.recipe import Recipe
from insight.tables import FileReport
from ui import session


@dataclass
class File:
    """One use of a file: what is in it, as which kind of table it is read, and why it cannot be read that way."""

    name: str
    content: bytes
    number: int  # of this visit's files, so that each has inputs of its own
    report: FileReport | None = None
    kind: str | None = None
    columns: dict[str, str | None] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    problem: InsightError | None = None
    ready: bool = False  # it is among the visitor's tables

    @property
    def fixes(self) -> list:
        return list(self.settings.get("fixes", []))


class Files:
    """All that the Data page remembers of a visit: the files in use, the one in question, what was refused."""

    def __init__(self, memory: dict):
        self.memory = memory
        memory.setdefault("opened", 0)
        memory.setdefault("files", {})  # kind of table -> File

    @property
    def ready(self) -> dict[str, File]:
        return self.memory["files"]

    @property
    def asked(self) -> File | None:
        """The file that cannot be used before the visitor has said more about it."""
        return self.memory.get("asked")

    @property
    def recipe(self) -> Recipe:
        """The saved set-up that was brought, or an empty one."""
        return self.memory.get("recipe") or Recipe({})

    @property
    def key(self) -> str:
        """This visit's key of pseudonyms: one for all files, so that the same person has the same one in each."""
        return self.memory.setdefault("key", secrets.token_hex(16))

    def number(self) -> int:
        self.memory["opened"] += 1
        return self.memory["opened"]

    def say(self, sentence: str) -> None:
        """What the visitor is told at the next look, once."""
        self.memory.setdefault("said", []).append(sentence)

    def said(self) -> list[str]:
        return self.memory.pop("said", [])


def visit() -> Files:
    """The files of this visitor."""
    return Files(session.memory("data"))
