"""Persons: found by keyed hash, encrypted under their own key, shown masked, revealed only with a reason."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.audit import record
from casework.core import crypto
from casework.core.compiled import Compiled
from casework.core.identifiers import bank_card
from casework.core.json import canonical
from casework.core.masks import mask_id, mask_phone
from casework.core.problems import Problem, Refused
from casework.people.models import BankAccount, Person, PersonKey

REASON_LEAST = 5
_FOUND = Compiled(lambda digest: Person.objects.select_related("key").filter(id_hash=digest), "«digest»")


def id_hash(id_no: str) -> str:
    """Keyed hash of a resident ID number: the identity of a person."""
    return crypto.keyed_hash(id_no.upper(), "id_no")


def phone_hash(phone: str) -> str:
    """Keyed hash of a phone number."""
    return crypto.keyed_hash(phone, "phone") if phone else ""


def card_hash(card_no: str) -> str:
    """Keyed hash of a card number."""
    return crypto.keyed_hash(card_no, "card_no")


def find(id_no: str) -> Person | None:
    """The person of an ID number, if known, with his key."""
    return _FOUND.first(id_hash(id_no))


def find_or_make(id_no: str, name: str, phone: str = "", *, now: datetime) -> Person:
    """The person of an ID number, made on first sight with a data key of his own. A known person's name and phone
    are never changed by the way."""
    person = find(id_no)
    if person is not None:
        return person
    try:
        with transaction.atomic():
            return _make(name, phone, id_no)
    except IntegrityError:
        found = find(id_no)  # somebody else was first
        if found is None:
            raise
        return found


def make_contact(name: str, phone: str = "") -> Person:
    """Somebody who called or wrote without an ID number, perhaps without a name: a new person each time, for nobody can
    tell whether two are one (domain §5.4)."""
    with transaction.atomic():
        return _make(name or "匿名", phone, "")


def _make(name: str, phone: str, id_no: str) -> Person:
    person = Person.objects.create(
        name=name, name_pinyin=pinyin_of(name), id_hash=id_hash(id_no) if id_no else None, phone_hash=phone_hash(phone)
    )
    data_key = crypto.new_data_key()
    PersonKey.objects.create(
        person=person, wrapped=crypto.wrap(data_key, str(person.public_id)), ring_key=crypto.ring().current
    )
    if id_no:
        person.id_cipher = crypto.encrypt_with(data_key, id_no.upper().encode(), _context(person, "id_no"))
    if phone:
        person.phone_cipher = crypto.encrypt_with(data_key, phone.encode(), _context(person, "phone"))
    person.save(update_fields=["id_cipher", "phone_cipher"])
    return person


def pinyin_of(name: str) -> str:
    """The key Chinese names are sorted and searched by."""
    # Its dictionaries are slow to load: only a process that writes names does.
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(name, style=Style.NORMAL))[:200]


def _context(person: Person, field: str) -> str:
    return f"people.person.{field}:{person.public_id}"


def _data_key(person: Person) -> bytes:
    return crypto.unwrap(bytes(person.key.wrapped), str(person.public_id))


def encrypt_for(person: Person, plain: bytes, context: str) -> bytes:
    """Encrypt under the person's own key."""
    return crypto.encrypt_with(_data_key(person), plain, context)


def decrypt_for(person: Person, cipher: bytes, context: str) -> bytes:
    """Undo encrypt_for. Raises crypto.Undecipherable, also after lawful erasure."""
    return crypto.decrypt_with(_data_key(person), bytes(cipher), context)


def plain_for_system(person: Person, field: str) -> str:
    """The clear ID number or phone, for bank files and message delivery only; never for a page."""
    cipher = bytes(person.id_cipher if field == "id_no" else person.phone_cipher)
    return decrypt_for(person, cipher, _context(person, field)).decode() if cipher else ""


def plain_card(account: BankAccount) -> str:
    """The clear card number, for bank files only."""
    return decrypt_for(account.person, bytes(account.card_cipher), f"people.account:{account.public_id}").decode()


def doubtful_card(account: BankAccount) -> bool:
    """Does the check digit of the card number not fit? It may be a passbook, or mistyped (domain §4.1). After erasure
    nobody can tell, and nothing is paid any more."""
    try:
        return bool(bank_card(plain_card(account))[1])
    except crypto.Undecipherable:
        return False


def id_ending_matches(person: Person | None, ending: str) -> bool:
    """Do the last six characters of the ID number fit? Without a person, or after erasure, never; the same work is
    done, so that the time taken tells nothing (promise W2)."""
    try:
        number = plain_for_system(person, "id_no") if person is not None else _nobody()
    except crypto.Undecipherable:
        number = ""
    return hmac.compare_digest(number[-6:].encode(), ending.encode()) and len(number) > 6 and person is not None


def _nobody() -> str:
    key = crypto.new_data_key()
    key = crypto.unwrap(crypto.wrap(key, "nobody"), "nobody")
    return crypto.decrypt_with(key, crypto.encrypt_with(key, b"0" * 18, "nobody"), "nobody").decode()


def masked_id(person: Person) -> str:
    """The ID number as lists show it."""
    return mask_id(plain_for_system(person, "id_no"))


def masked_phone(person: Person) -> str:
    """The phone as lists show it."""
    return mask_phone(plain_for_system(person, "phone"))


def _need_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < REASON_LEAST:
        raise Refused(
            [Problem("REASON", _("Say why you need the full value (at least 5 characters)."), place="reason")]
        )
    return reason[:300]


def reveal(person: Person, field: str, stamp: Mapping[str, Any], reason: str, now: datetime) -> str:
    """The full ID number ("id_no") or phone ("phone"), against a reason; the look is an event the person can see
    (promise A2). Raises Refused without a reason."""
    words = _need_reason(reason)
    with transaction.atomic():
        record.record("access", str(person.public_id), "reveal", stamp, {"field": field, "reason": words}, now)
        return plain_for_system(person, field)


def reveal_card(account: BankAccount, stamp: Mapping[str, Any], reason: str, now: datetime) -> str:
    """The full card number, against a reason; an event like every look."""
    words = _need_reason(reason)
    with transaction.atomic():
        facts = {"field": "card_no", "reason": words, "account": str(account.public_id)}
        record.record("access", str(account.person.public_id), "reveal", stamp, facts, now)
        return plain_card(account)


def add_account(person: Person, holder: str, card_no: str, bank: str, branch: str, now: datetime) -> BankAccount:
    """A payee account of the person; an account is never edited, a change is a new row."""
    account = BankAccount(
        person=person, holder=holder, bank=bank, branch=branch, last4=card_no[-4:], card_hash=card_hash(card_no)
    )
    account.card_cipher = encrypt_for(person, card_no.encode(), f"people.account:{account.public_id}")
    account.save()
    return account


def account_digest(account: BankAccount) -> str:
    """SHA-256 over what a payment to this account depends on; signed at approval, compared at the batch."""
    return hashlib.sha256(canonical([account.holder, account.card_hash, account.bank, account.branch])).hexdigest()
