"""RFC 6962 trees against the published vectors of the reference implementation, and every path against its root."""
import hashlib

import pytest

from casework.audit import merkle

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_LEAF_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def test_the_empty_tree() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_vectors(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_path_of_the_reference_vectors() -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    assert [node.hex() for node in merkle.path(5, hashes)] == PATH_OF_LEAF_5_OF_8


@pytest.mark.promise("A5")
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 13, 33, 64])
def test_every_path_leads_to_the_root_and_to_no_other(size: int) -> None:
    hashes = [merkle.leaf_hash(str(i).encode()) for i in range(size)]
    top = merkle.root(hashes)
    for index in range(size):
        path = merkle.path(index, hashes)
        assert merkle.root_of_path(hashes[index], index, size, path) == top
        assert merkle.root_of_path(merkle.leaf_hash(b"other"), index, size, path) != top
        with pytest.raises(ValueError, match="too long"):
            merkle.root_of_path(hashes[index], index, size, [*path, top])
        if path:
            with pytest.raises(ValueError, match="too short"):
                merkle.root_of_path(hashes[index], index, size, path[:-1])


def test_a_leaf_outside_the_tree() -> None:
    with pytest.raises(IndexError):
        merkle.path(1, [merkle.leaf_hash(b"")])
    with pytest.raises(ValueError, match="outside"):
        merkle.root_of_path(merkle.leaf_hash(b""), 2, 2, [])
