"""Encryption at rest: bound to its place, under a ring of keys; keyed hashes. The ring of these tests is their own."""
import base64
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from casework.core import crypto
from casework.core.crypto import Undecipherable


def entry(name: str, fill: int) -> str:
    """One entry of a ring."""
    return f"{name}:{base64.b64encode(bytes([fill]) * 32).decode()}"


OLD, NEW, HASH = entry("k1", 1), entry("k2", 2), entry("hash", 9)


@pytest.fixture(autouse=True)
def _ring(settings: Any) -> None:
    settings.FIELD_KEYS = f"{OLD},{HASH}"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_encrypted_comes_back(plain: bytes, context: str) -> None:
    cipher = crypto.encrypt(plain, context)
    assert crypto.decrypt(cipher, context) == plain
    assert crypto.decrypt(memoryview(cipher), context) == plain  # type: ignore[arg-type]  # as PostgreSQL gives it
    assert len(plain) < 4 or plain not in cipher


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert len({crypto.encrypt(b"610825198001010018", "x") for _n in range(50)}) == 50


def test_swapped_ciphertexts_refuse() -> None:
    """The cipher of one place means nothing in another: another person, or another field of the same one."""
    places = ("people.person.id_no:a", "people.person.id_no:b", "people.person.phone:a")
    ciphers = {place: crypto.encrypt(place.encode(), place) for place in places}
    for place in places:
        for other, cipher in ciphers.items():
            if other == place:
                assert crypto.decrypt(cipher, place) == place.encode()
            else:
                with pytest.raises(Undecipherable):
                    crypto.decrypt(cipher, place)


def test_swapped_data_keys_refuse() -> None:
    key_a, key_b = crypto.new_data_key(), crypto.new_data_key()
    wrapped = crypto.wrap(key_a, "person-a")
    assert key_a != key_b and len(key_a) == 32
    assert crypto.unwrap(wrapped, "person-a") == key_a
    with pytest.raises(Undecipherable):
        crypto.unwrap(wrapped, "person-b")
    with pytest.raises(Undecipherable):
        crypto.decrypt(wrapped, "person-a")  # a key is no field of that name
    cipher = crypto.encrypt_with(key_a, b"secret", "here")
    assert crypto.decrypt_with(key_a, cipher, "here") == b"secret"
    for key, place in ((key_b, "here"), (key_a, "there")):
        with pytest.raises(Undecipherable):
            crypto.decrypt_with(key, cipher, place)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_changed_or_missing_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    cipher = crypto.encrypt(plain, "place")
    at = data.draw(st.integers(0, len(cipher) - 1))
    flip = data.draw(st.integers(1, 255))
    for broken in (cipher[:at] + bytes([cipher[at] ^ flip]) + cipher[at + 1 :], cipher[:at], cipher + b"\x00"):
        with pytest.raises(Undecipherable):
            crypto.decrypt(broken, "place")


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_not_a_crash(cipher: bytes) -> None:
    with pytest.raises(Undecipherable):
        crypto.decrypt(cipher, "place")
    with pytest.raises(Undecipherable):
        crypto.decrypt_with(b"k" * 32, cipher, "place")


def test_a_new_key_encrypts_and_the_old_one_still_reads(settings: Any) -> None:
    before = crypto.encrypt(b"old", "x")
    settings.FIELD_KEYS = f"{NEW}, {OLD}, {HASH}"
    after = crypto.encrypt(b"new", "x")
    assert (crypto.key_of(before), crypto.key_of(after), crypto.ring().current) == ("k1", "k2", "k2")
    assert (crypto.decrypt(before, "x"), crypto.decrypt(after, "x")) == (b"old", b"new")
    settings.FIELD_KEYS = f"{NEW},{HASH}"
    assert crypto.decrypt(after, "x") == b"new"
    with pytest.raises(Undecipherable, match="k1"):
        crypto.decrypt(before, "x")


def test_the_id_of_a_key_cannot_be_changed_to_another_that_is_there(settings: Any) -> None:
    settings.FIELD_KEYS = f"{OLD},{NEW},{HASH}"
    cipher = crypto.encrypt(b"secret", "x")
    with pytest.raises(Undecipherable):
        crypto.decrypt(cipher.replace(b"k1", b"k2", 1), "x")


@pytest.mark.parametrize("ring", [
    "k1:AAAA," + HASH, OLD, HASH, f"{entry('', 1)},{HASH}", f"{entry('k' * 21, 1)},{HASH}",
])
def test_a_ring_that_is_wrong_is_told_before_anything_is_encrypted(settings: Any, ring: str) -> None:
    settings.FIELD_KEYS = ring
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.encrypt(b"x", "y")


@pytest.mark.parametrize("ring", ["k1", "k1:not base64!," + HASH, ",", f"{OLD},{HASH},"])
def test_a_ring_that_cannot_be_read_is_told_too(settings: Any, ring: str) -> None:
    settings.FIELD_KEYS = ring
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.encrypt(b"x", "y")


def test_outside_the_embedded_setting_the_ring_must_be_given(settings: Any, tmp_path: Any) -> None:
    settings.FIELD_KEYS, settings.VAR_DIR, settings.EMBEDDED = "", tmp_path, False
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.ring()
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_ring_is_made_once_and_only_its_owner_reads_it(settings: Any, tmp_path: Any) -> None:
    settings.FIELD_KEYS, settings.VAR_DIR, settings.EMBEDDED = "", tmp_path, True
    first, again = crypto.ring(), crypto.ring()
    assert first == again and set(first.keys) == {"k1"} and first.hash_key != first.keys["k1"]
    assert [path.name for path in tmp_path.iterdir()] == ["field_keys"]
    assert (tmp_path / "field_keys").stat().st_mode & 0o077 == 0


def test_hashes_are_keyed_and_kept_apart_by_purpose(settings: Any) -> None:
    number = "610825198001010018"
    found = crypto.keyed_hash(number, "id_no")
    assert found == crypto.keyed_hash(number, "id_no") and len(found) == 64
    others = {crypto.keyed_hash(number, "card_no"), crypto.keyed_hash(number[:-1], "id_no"), crypto.keyed_hash("", "")}
    assert found not in others and len(others) == 3
    # Value and purpose cannot be shifted into each other.
    assert crypto.keyed_hash("ab", "c") != crypto.keyed_hash("b", "ca")
    settings.FIELD_KEYS = f"{OLD},{entry('hash', 8)}"
    assert crypto.keyed_hash(number, "id_no") != found
    settings.FIELD_KEYS = f"{NEW},{HASH}"  # turning the encrypting key leaves look-ups alone
    assert crypto.keyed_hash(number, "id_no") == found
