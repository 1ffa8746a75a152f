"""A checkpoint as it is signed and delivered: one JSON file that says what the log held, readable without us."""
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from casework.audit import merkle
from casework.core.json import canonical

FORMAT = "casework-checkpoint-1"
BODY = ("format", "n", "at", "prev_hash", "root", "size", "key_id")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One chain head as it was sealed: chain, number of its last event, that event's hash."""

    kind: str
    subject: str
    n: int
    hash: str

    def content(self) -> bytes:
        """The leaf's content under the tree: canonical JSON."""
        return canonical({"kind": self.kind, "subject": self.subject, "n": self.n, "hash": self.hash})

    def leaf_hash(self) -> bytes:
        """RFC 6962 hash of the leaf."""
        return merkle.leaf_hash(self.content())


@dataclass(frozen=True, slots=True)
class Statement:
    """body: what is signed (keys BODY); hash: SHA-256 of its canonical JSON; signature: Ed25519 over the same bytes."""

    body: dict[str, Any]
    signature: str
    leaves: tuple[Leaf, ...]

    @property
    def n(self) -> int:
        """Number of the checkpoint."""
        return int(self.body["n"])

    @property
    def hash(self) -> str:
        """Hex SHA-256 of the signed bytes; the next checkpoint carries it."""
        return hashlib.sha256(canonical(self.body)).hexdigest()

    def root(self) -> str:
        """The Merkle root the leaves give, in hex."""
        return tree_root(self.leaves)

    def signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is of this key over this body."""
        try:
            key.verify(bytes.fromhex(self.signature), canonical(self.body))
        except (InvalidSignature, ValueError):
            return False
        return True

    def text(self) -> str:
        """The file's content."""
        leaves = [[leaf.kind, leaf.subject, leaf.n, leaf.hash] for leaf in self.leaves]
        parts = {"body": self.body, "hash": self.hash, "signature": self.signature, "leaves": leaves}
        return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"


def tree_root(leaves: Sequence[Leaf]) -> str:
    """Return the hex Merkle root over leaves in their order."""
    return merkle.root([leaf.leaf_hash() for leaf in leaves]).hex()


def statement_file(folder: Path, n: int) -> Path:
    """Where the checkpoint of that number lies among the outside copies."""
    return folder / f"checkpoint-{n:09d}.json"


def read_statement(path: Path) -> Statement:
    """Read an outside copy. Raises ValueError if it is not one, OSError if it cannot be read."""
    try:
        parts = json.loads(path.read_bytes())
        leaves = tuple(Leaf(str(a), str(b), int(n), str(digest)) for a, b, n, digest in parts["leaves"])
        body = {name: parts["body"][name] for name in BODY}
        statement = Statement(body, str(parts["signature"]), leaves)
        if set(parts["body"]) != set(BODY) or statement.hash != parts["hash"]:
            raise ValueError("the body does not give the hash")
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is no checkpoint: {error}") from error
    return statement


def numbers_in(folder: Path) -> list[int]:
    """Return the numbers of the outside copies in a folder, ascending."""
    return sorted(int(path.stem.split("-")[1]) for path in folder.glob("checkpoint-*.json") if path.stem[11:].isdigit())
