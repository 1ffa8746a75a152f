"""Encryption of fields at rest: AES-GCM under a key ring, bound to its place by a context; keyed hashes for search.

The ring comes from the setting FIELD_KEYS ("id:base64,id:base64", the first encrypts), or in the embedded setting
from var/field_keys, made once. It is never derived from SECRET_KEY.
"""
import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = b"\x01"
NONCE = 12
KEY_BYTES = 32


class Undecipherable(Exception):
    """The ciphertext does not belong to this place, or its key is gone."""


class Ring(NamedTuple):
    """keys: by id, the first one encrypts. hash_key: for keyed hashes, its own."""

    keys: dict[str, bytes]
    hash_key: bytes

    @property
    def current(self) -> str:
        """Id of the key that encrypts."""
        return next(iter(self.keys))


def _kept_ring() -> str:
    """The embedded ring in var/field_keys, made by exactly one process."""
    path = settings.VAR_DIR / "field_keys"
    if not path.exists():
        if not settings.EMBEDDED:
            raise ImproperlyConfigured("FIELD_KEYS: set it in the environment outside the embedded setting")
        entries = [f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}" for name in ("k1", "hash")]
        draft = path.with_name(f"field_keys.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(",".join(entries))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first; its ring counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=4)
def _parse(text: str) -> Ring:
    keys: dict[str, bytes] = {}
    for entry in text.split(","):
        name, _colon, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES or not 0 < len(name) <= 20:
            raise ImproperlyConfigured("FIELD_KEYS: each entry is id:base64 of 32 bytes")
        keys[name] = key
    hash_key = keys.pop("hash", None)
    if not keys or hash_key is None:
        raise ImproperlyConfigured("FIELD_KEYS: needs an encryption key and one named hash")
    return Ring(keys, hash_key)


def ring() -> Ring:
    """The key ring of this installation. Raises ImproperlyConfigured."""
    return _parse(settings.FIELD_KEYS or _kept_ring())


def encrypt_with(key: bytes, plain: bytes, context: str) -> bytes:
    """AES-GCM with a given key; context is the associated data."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt_with(key: bytes, cipher: bytes, context: str) -> bytes:
    """Undo encrypt_with. Raises Undecipherable for another key, another context or a changed byte."""
    try:
        return AESGCM(key).decrypt(cipher[:NONCE], cipher[NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Undecipherable(context) from error


def encrypt(plain: bytes, context: str) -> bytes:
    """Encrypt under the ring's current key; its id stands in the header."""
    keys = ring()
    name = keys.current.encode()
    return VERSION + bytes([len(name)]) + name + encrypt_with(keys.keys[keys.current], plain, context)


def decrypt(cipher: bytes, context: str) -> bytes:
    """Undo encrypt, with whichever key of the ring it names. Raises Undecipherable."""
    name, body = _split(cipher)
    key = ring().keys.get(name)
    if key is None:
        raise Undecipherable(f"key {name} is not in the ring")
    return decrypt_with(key, body, context)


def _split(cipher: bytes) -> tuple[str, bytes]:
    cipher = bytes(cipher)
    if cipher[:1] != VERSION or len(cipher) < 3:
        raise Undecipherable("unknown format")
    end = 2 + cipher[1]
    return cipher[2:end].decode(errors="replace"), cipher[end:]


def key_of(cipher: bytes) -> str:
    """Id of the ring key a ciphertext was made with."""
    return _split(cipher)[0]


def new_data_key() -> bytes:
    """A fresh key, for one person."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(data_key: bytes, context: str) -> bytes:
    """Encrypt a data key under the ring."""
    return encrypt(data_key, f"key:{context}")


def unwrap(wrapped: bytes, context: str) -> bytes:
    """Undo wrap. Raises Undecipherable, also when the key was destroyed."""
    return decrypt(wrapped, f"key:{context}")


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA256 in hex, for look-ups by equality. The same value hashes differently for another purpose."""
    return hmac.new(ring().hash_key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()
