"""Verify an exported case bundle without the system it came from.

    python verify.py [bundle.zip | folder] [--key public.pem]

Needs Python 3.11 and the package "cryptography"; imports nothing else and asks no network. It checks that
  1. every file of the bundle has the SHA-256 that SHA256SUMS gives;
  2. the events of each chain follow one another and none was changed;
  3. each sealed chain lies under the Merkle root of its checkpoint (RFC 6962);
  4. the checkpoint is signed by the public key (Ed25519). Compare the key's id that is printed with the one the office
     publishes, or give the key you hold with --key: a bundle alone can not prove whose key it carries;
  5. the same of the chains of the payment runs, without the lines of other cases;
  6. every document has the SHA-256 that an event recorded, and none that an event recorded is missing.
Exit code 0: all is as it was written. 1: something is wrong, each place is named. 2: the bundle can not be read.
"""
import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = "0" * 64


def sha256(data: bytes) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> str:
    """Return RFC 8785 JSON of a value that came from a JSON file."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, float):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """Return a finite number as ECMAScript writes it."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa
    power = int(exponent)
    if -7 < power < 0:
        digits = mantissa.lstrip("-").replace(".", "")
        return ("-" if value < 0 else "") + "0." + "0" * (-power - 1) + digits
    return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the Merkle root that a leaf hash and its inclusion path lead to (RFC 6962 §2.1.1)."""
    node = leaf
    while size > 1:
        if index ^ 1 < size:
            sibling = path.pop(0) if path else b""
            pair = sibling + node if index & 1 else node + sibling
            node = hashlib.sha256(b"\x01" + pair).digest()
        index, size = index // 2, (size + 1) // 2
    return node if not path else b""


class Bundle:
    """The files of a bundle by name, from a ZIP or a folder."""

    def __init__(self, place: Path) -> None:
        if place.is_dir():
            self.files = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()}
        else:
            with zipfile.ZipFile(place) as archive:
                self.files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

    def json(self, name: str) -> list[dict]:
        """Read one JSON file of the bundle."""
        return json.loads(self.files[name])


def check_sums(bundle: Bundle) -> list[str]:
    """Compare every file with SHA256SUMS; a file the list does not name is wrong too."""
    lines = [line.split("  ", 1) for line in bundle.files["SHA256SUMS"].decode().splitlines() if line]
    named = {name: digest for digest, name in lines}
    wrong = [f"{name}: missing" for name in named if name not in bundle.files]
    for name, data in bundle.files.items():
        if name == "SHA256SUMS" or name.startswith("__pycache__/"):
            continue
        if named.get(name) != sha256(data):
            wrong.append(f"{name}: not the file that was exported")
    return wrong


def check_events(events: list[dict], masked: bool = False) -> list[str]:
    """Walk the chains: numbers without gaps, each hash over the content and the hash before. masked: of an event from
    which lines of other cases were taken out the content can not be checked."""
    wrong, chain, n, before = [], None, 0, GENESIS
    for event in events:
        name = f"event {event['kind']} {event['subject']} #{event['n']}"
        if chain != (event["kind"], event["subject"]):
            chain, n, before = (event["kind"], event["subject"]), 0, GENESIS
        if event["n"] != n + 1 or event["prev_hash"] != before:
            wrong.append(f"{name}: does not follow event {n}")
        content = {key: value for key, value in event.items() if key != "hash"}
        if not (masked and event.get("masked")) and sha256(canonical(content).encode()) != event["hash"]:
            wrong.append(f"{name}: was changed")
        n, before = event["n"], event["hash"]
    return wrong


def check_proof(proof: dict, events: list[dict], keys: dict[str, Ed25519PublicKey]) -> list[str]:
    """One chain head under one signed checkpoint."""
    leaf, signed = proof["leaf"], proof["checkpoint"]["body"]
    name = f"proof {leaf['kind']} {leaf['subject']} #{leaf['n']}"
    wrong = []
    place = (leaf["kind"], leaf["subject"], leaf["n"])
    held = [event["hash"] for event in events if (event["kind"], event["subject"], event["n"]) == place]
    if held != [leaf["hash"]]:
        wrong.append(f"{name}: the sealed event is not the one in the bundle")
    start = hashlib.sha256(b"\x00" + canonical(leaf).encode()).digest()
    path = [bytes.fromhex(node) for node in proof["path"]]
    if root_of_path(start, proof["index"], signed["size"], path).hex() != signed["root"]:
        wrong.append(f"{name}: does not lie under checkpoint {signed['n']}")
    key = keys.get(signed["key_id"])
    try:
        if key is None:
            raise ValueError("no such key")
        key.verify(bytes.fromhex(proof["checkpoint"]["signature"]), canonical(signed).encode())
    except (InvalidSignature, ValueError):
        wrong.append(f"checkpoint {signed['n']}: not signed by the key {signed['key_id']} that you trust")
    return wrong


def check_documents(bundle: Bundle, events: list[dict]) -> list[str]:
    """Every file under documents/ and papers/ is one whose hash an event recorded, and every one recorded is there."""
    recorded = {item["sha256"]: item for event in events for item in event["data"].get("documents", [])}
    wrong = []
    for name, data in bundle.files.items():
        if name.startswith(("documents/", "papers/")) and sha256(data) not in recorded:
            wrong.append(f"{name}: no event recorded this content")
    there = {sha256(data) for name, data in bundle.files.items() if name.startswith(("documents/", "papers/"))}
    missing = [item["id"] for digest, item in recorded.items() if digest not in there]
    return wrong + [f"document {name}: events recorded it, the bundle does not hold it" for name in missing]


def read_keys(pems: list[bytes]) -> dict[str, Ed25519PublicKey]:
    """Return the Ed25519 public keys by their id: 16 hex digits of the SHA-256 of the raw key."""
    keys = {}
    for pem in pems:
        key = serialization.load_pem_public_key(pem)
        if isinstance(key, Ed25519PublicKey):
            raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            keys[sha256(raw)[:16]] = key
    return keys


def verify(place: Path, trusted: Path | None = None) -> tuple[list[str], list[str]]:
    """Return (what is wrong, what was looked at) of a bundle."""
    bundle = Bundle(place)
    events, proofs = bundle.json("events.json"), bundle.json("proofs.json")
    own = [data for name, data in bundle.files.items() if name.startswith("keys/")]
    keys = read_keys([trusted.read_bytes()] if trusted else own)
    runs = bundle.json("payment_runs.json") if "payment_runs.json" in bundle.files else []
    wrong = check_sums(bundle) + check_events(events) + check_events(runs, masked=True)
    for proof in proofs:
        wrong += check_proof(proof, events + runs, keys)
    wrong += check_documents(bundle, events)
    sealed = {(p["leaf"]["kind"], p["leaf"]["subject"]): p["leaf"]["n"] for p in proofs}
    open_events = sum(1 for e in events + runs if e["n"] > sealed.get((e["kind"], e["subject"]), 0))
    hidden = sum(1 for e in runs if e.get("masked"))
    warning = "" if trusted else " (from the bundle itself: compare it)"
    told = [
        f"{len(bundle.files)} files, {len(events + runs)} events, {len(proofs)} proofs",
        f"{open_events} events are newer than their last checkpoint: nothing outside the office proves them yet",
        f"public key: {', '.join(sorted(keys)) or 'none'}{warning}",
    ]
    if hidden:
        told.append(f"{hidden} events of payment runs lack the lines of other cases: only their chain is checked")
    return wrong, told


def main(arguments: list[str]) -> int:
    """Verify and say so in plain words."""
    parser = argparse.ArgumentParser(description="Verify an exported case bundle.")
    parser.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--key", type=Path, help="public key (PEM) that you hold from elsewhere")
    options = parser.parse_args(arguments)
    try:
        wrong, told = verify(options.bundle, options.key)
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"can not be read as a bundle: {error!r}\n")
        return 2
    for line in [*told, *(f"WRONG  {line}" for line in wrong), "FAILED" if wrong else "OK: all is as it was written"]:
        sys.stdout.write(line + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
