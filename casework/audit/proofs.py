"""Proof that a chain was sealed: the newest leaf of a subject and its inclusion path under a checkpoint."""
from dataclasses import dataclass

from casework.audit import merkle
from casework.audit.checkpoints import statement_of
from casework.audit.models import CheckpointLeaf
from casework.audit.statements import Leaf, Statement


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Events 1 to leaf.n of the chain are covered: each carries the hash of the one before, the leaf that of the last.

    index: place of the leaf in the tree; path: sibling hashes in hex, lowest first.
    """

    statement: Statement
    leaf: Leaf
    index: int
    path: tuple[str, ...]

    def holds(self) -> bool:
        """Whether leaf and path lead to the signed root."""
        siblings = [bytes.fromhex(node) for node in self.path]
        try:
            found = merkle.root_of_path(self.leaf.leaf_hash(), self.index, int(self.statement.body["size"]), siblings)
        except ValueError:
            return False
        return found.hex() == self.statement.body["root"]

    def as_json(self) -> dict[str, object]:
        """The proof for an exported bundle; the checkpoint without its other leaves."""
        return {
            "checkpoint": {"body": self.statement.body, "signature": self.statement.signature},
            "leaf": {"kind": self.leaf.kind, "subject": self.leaf.subject, "n": self.leaf.n, "hash": self.leaf.hash},
            "index": self.index, "path": list(self.path),
        }


def inclusion(kind: str, subject: str) -> Inclusion | None:
    """Return the proof for the newest sealed event of a chain, None if none is sealed yet."""
    row = (
        CheckpointLeaf.objects.filter(subject_kind=kind, subject_id=subject)
        .select_related("checkpoint").order_by("-checkpoint__n").first()
    )
    if row is None:
        return None
    statement = statement_of(row.checkpoint)
    if row.index >= len(statement.leaves):
        return None
    hashes = [leaf.leaf_hash() for leaf in statement.leaves]
    path = tuple(node.hex() for node in merkle.path(row.index, hashes))
    leaf = Leaf(row.subject_kind, row.subject_id, row.n, row.head_hash)
    return Inclusion(statement, leaf, row.index, path)
