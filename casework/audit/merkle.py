"""Merkle trees of RFC 6962 §2.1: root, inclusion path, and the root a path leads to. Works on bytes only."""
import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the tree head over leaf hashes; the empty tree has SHA-256("")."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    # Pairing neighbours and carrying an odd last one up gives the same tree as the split by powers of two.
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return the inclusion path of leaf `index`, lowest sibling first. Raises IndexError outside the tree."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"leaf {index} of {len(hashes)}")
    siblings: list[bytes] = []
    level = list(hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            siblings.append(level[sibling])
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
        index //= 2
    return siblings


def root_of_path(leaf: bytes, index: int, size: int, siblings: Sequence[bytes]) -> bytes:
    """Return the root that a leaf hash and its inclusion path lead to. Raises ValueError for a path of wrong length."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    rest = list(siblings)
    node = leaf
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                raise ValueError("the path is too short")
            sibling = rest.pop(0)
            node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index, size = index // 2, (size + 1) // 2
    if rest:
        raise ValueError("the path is too long")
    return node
