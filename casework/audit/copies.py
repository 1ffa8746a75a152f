"""The outside copies of the checkpoints, as a verifier reads them: one or several folders, listed at one moment."""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from casework.audit import keys
from casework.audit.findings import Finding
from casework.audit.statements import Statement, numbers_in, read_statement, statement_file


@dataclass(frozen=True)
class Copies:
    """folders: where copies lie, ours first, then those other readers kept. numbers: the checkpoints that were there
    when the check began; what is delivered later belongs to the next check."""

    folders: tuple[Path, ...]
    numbers: tuple[int, ...]
    keys: dict[str, Ed25519PublicKey]

    @property
    def last(self) -> int:
        """The highest number delivered, 0 if none."""
        return self.numbers[-1] if self.numbers else 0

    @classmethod
    def listed(cls, folders: Sequence[Path] = ()) -> "Copies":
        """List the copies now, in settings.CHECKPOINT_DIR and the further folders."""
        all_folders = (Path(settings.CHECKPOINT_DIR), *folders)
        numbers = sorted({n for folder in all_folders for n in numbers_in(folder)})
        found: dict[str, Ed25519PublicKey] = {}
        for folder in all_folders:
            found |= keys.outside_keys(folder)
        return cls(all_folders, tuple(numbers), found)

    def statement(self, n: int) -> tuple[Statement | None, list[Finding]]:
        """Read checkpoint n from every folder that has it. Returns the first sound copy and what is wrong with any."""
        kept: Statement | None = None
        findings = []
        for folder in self.folders:
            path = statement_file(folder, n)
            if not path.exists():
                continue
            try:
                statement = read_statement(path)
            except (OSError, ValueError) as error:
                findings.append(Finding("copy_changed", str(path), f"checkpoint {n}", str(error)))
                continue
            wrong = list(self.wrong_with(statement, str(path)))
            findings += wrong
            if kept is not None and statement.hash != kept.hash:
                findings.append(Finding("split_view", str(path), f"checkpoint {n}", "two readers were told two things"))
            elif kept is None and not wrong:
                kept = statement
        return kept, findings

    def wrong_with(self, statement: Statement, place: str) -> Iterator[Finding]:
        """Check the signature with an outside key, and that the leaves give the signed root."""
        row = f"checkpoint {statement.n}"
        key = self.keys.get(str(statement.body["key_id"]))
        if key is None:
            yield Finding("key_unknown", place, row, f"no outside public key {statement.body['key_id']}")
        elif not statement.signed_by(key):
            yield Finding("signature_wrong", place, row, "the signature does not fit the outside public key")
        if statement.root() != statement.body["root"] or len(statement.leaves) != statement.body["size"]:
            yield Finding("root_wrong", place, row, "the leaves do not give the signed root")
