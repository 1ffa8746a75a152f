"""The sealer's Ed25519 key and the public keys kept with the outside copies."""
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def write_once(path: Path, data: bytes, mode: int) -> bool:
    """Write a whole file that did not exist: temp → fsync → link. Returns False, and writes nothing, if it does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)  # unlike rename, never replaces what another process has just put there
        except FileExistsError:
            return False
    finally:
        os.unlink(name)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def signing_key() -> Ed25519PrivateKey:
    """Return the sealer's private key, made at first use with mode 0600."""
    path = Path(settings.CHECKPOINT_KEY_FILE)
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_once(path, pem, 0o600)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return the public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(key: Ed25519PublicKey) -> str:
    """Return the first 16 hex digits of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_file(folder: Path, name: str) -> Path:
    """Where the public key of that id lies among the outside copies."""
    return folder / f"public-{name}.pem"


def outside_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """Read the public keys that lie with the outside copies, by their id; files that hold none are left out."""
    found = {}
    for path in sorted(folder.glob("public-*.pem")):
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except ValueError:
            continue
        if isinstance(key, Ed25519PublicKey):
            found[key_id(key)] = key
    return found
