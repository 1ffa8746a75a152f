"""What a verification found wrong: one row a place, so that an auditor can go and look."""
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    code: stable key, e.g. ``event_changed``. table: the database table or outside file concerned. row: what names the
    row there ("case 1f0c… #3", "checkpoint 12"). detail: plain English for logs; pages translate the code.
    """

    code: str
    table: str
    row: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.table} {self.row}" + (f" ({self.detail})" if self.detail else "")

    def as_json(self) -> dict[str, str]:
        """The finding as plain JSON."""
        return asdict(self)


def event_row(kind: str, subject: str, n: int) -> str:
    """Name one event of one chain."""
    return f"{kind} {subject} #{n}"
