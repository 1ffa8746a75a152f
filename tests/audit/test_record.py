"""Writing events: chained, in the transaction, without personal numbers, in three statements."""
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from casework.audit.chain import GENESIS, event_hash, fields_of, verify_chain
from casework.audit.models import ChainHead, Event, Sealed
from casework.audit.private import PersonalDataInLog
from casework.audit.record import Moved, record
from tests.audit.conftest import STAMP, Write
from tests.conftest import SHANGHAI

pytestmark = pytest.mark.django_db


def test_events_of_a_chain_carry_the_hash_before(write: Write) -> None:
    first, second = write("a", after={"state": "submitted"}), write("a", after={"state": "accepted"})
    other = write("b")
    assert (first.n, second.n, other.n) == (1, 2, 1)
    assert first.prev_hash == other.prev_hash == GENESIS
    assert second.prev_hash == first.hash
    head = ChainHead.objects.get(subject_kind="case", subject_id="a")
    assert (head.n, head.hash, head.sealed_n) == (2, second.hash, 0)
    assert verify_chain(Event.objects.order_by("subject_kind", "subject_id", "n")) == []


def test_what_is_stored_gives_the_hash(write: Write, moment: dt.datetime) -> None:
    """Dates, times, tuples, floats, Chinese and odd characters come back from the database as they were hashed."""
    written = write(
        "a", on=dt.date(2026, 12, 1), at=moment.astimezone(SHANGHAI), list=(1, "二"), share=0.1,
        tiny=1e-7, whole=2.0, text='"\\\n\u2028𠮷', nothing=None, yes=True, deep={"é": 1, "e": 2},
    )
    stored = Event.objects.get(pk=written.pk)
    assert event_hash(fields_of(stored), stored.prev_hash) == stored.hash == written.hash
    assert stored.data["at"] == "2026-11-23T02:00:00.000000Z"
    assert stored.data["list"] == [1, "二"]


def test_three_statements_for_a_chain_that_exists(write: Write, moment: dt.datetime) -> None:
    write("a")
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        record("case", "a", "review.pass", STAMP, {}, moment)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 3


@pytest.mark.django_db(transaction=True)
def test_refused_outside_a_transaction(moment: dt.datetime) -> None:
    with pytest.raises(TransactionManagementError):
        record("case", "a", "review.pass", STAMP, {}, moment)
    assert not Event.objects.exists()


def test_expected_number(write: Write, moment: dt.datetime) -> None:
    write("a")
    with pytest.raises(Moved) as caught, transaction.atomic():
        record("case", "a", "review.pass", STAMP, {}, moment, expected_n=0)
    assert caught.value.current_n == 1
    assert record("case", "a", "review.pass", STAMP, {}, moment, expected_n=1).n == 2


def test_the_personal_part_stands_beside_under_its_digest(write: Write, moment: dt.datetime) -> None:
    with transaction.atomic():
        event = record("case", "a", "submit", STAMP, {}, moment, personal=(4, b"cipher"))
    part = Sealed.objects.get(event=event)
    assert (part.person, bytes(part.cipher)) == (4, b"cipher")
    assert event.sealed_digest != "" and event.sealed_digest != write("b").sealed_digest


@pytest.mark.parametrize("value", [
    "610825198001010018", "身份证 61082519800101001X。", "电话13912345678", {"a": [{"b": "6222021234567890128"}]},
    {"13912345678": 1}, "６１０８２５１９８００１０１００１８", "id:610825198001010018",
])
def test_numbers_of_persons_in_clear_are_refused(write: Write, value: Any) -> None:
    with pytest.raises(PersonalDataInLog):
        write("a", note=value)
    assert not Event.objects.exists()


@pytest.mark.parametrize("value", [
    "1f0c9b1e-5a7c-4f0e-9a33-139123456780", "0" * 64, "a13912345678", 13912345678, "610825********0018", "2026-000001",
    "P2026112300000001", "139****5678", "1391234567", "ab" * 32, "20261123000000000001",
])
def test_hashes_ids_masks_and_amounts_pass(write: Write, value: Any) -> None:
    assert write("a", note=value).n == 1


@pytest.mark.parametrize("value", [Decimal("1.5"), 2**53, float("nan"), "a\x00b", dt.datetime(2026, 1, 1), object()])
def test_what_has_no_canonical_json_is_refused(write: Write, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        write("a", note=value)
    assert not Event.objects.exists()
