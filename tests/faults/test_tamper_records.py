"""Promise A3, kinds 18–20: whatever is done to rows, files and ciphertexts beside the event log is found and located;
work, copies and restored copies give no alarm. Kinds 1–17 stand in test_tamper_log.py.

Each trick is tried at 5 random places on walked cases with money paid, returned and waiting, without (plain) and with
(D) everything derived made to fit again. Goes red, trick by trick, when the check that convicts it is taken out.
"""
import datetime as dt
import io
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from casework.audit.checkpoints import seal
from casework.audit.findings import Finding
from casework.audit.models import ChainHead, Checkpoint, Event
from casework.audit.statements import statement_file
from casework.cases.models import Answers, Case
from casework.documents import store
from casework.documents.models import Document
from casework.funds.models import Balance, LedgerEntry, Payment
from casework.oversight.verify import verify
from casework.papers import making
from casework.papers.models import Paper
from tests import walk
from tests.conftest import SHANGHAI
from tests.faults import rows
from tests.faults.tamper import triggers_off
from tests.faults.test_tamper_log import located
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A3")]
PLACES = range(5)
MORNING = dt.datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI).astimezone(dt.UTC)
CARDS = ("6222021234567890128", "6217001234567890129", "6228481234567890124")


def settings_in(folder: Path) -> override_settings:
    """Files, checkpoints and their key in this folder."""
    return override_settings(
        FILES_DIR=folder / "files", CHECKPOINT_DIR=folder / "outside", CHECKPOINT_KEY_FILE=folder / "key.pem"
    )


def furnish(office: Office) -> None:
    """Three workers with dossiers; aid paid to one, returned to another, set aside for the third; one more asks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "render", drawn)
        for who, card in zip(("worker", "second", "third"), CARDS, strict=True):
            walk.dossier(office, who)
            case = walk.go(office, walk.living_case(office, who, card_no=card, branch=f"{who} 支行"), walk.LIVING)
            walk.settle(office, case, returned=who == "second", paid=who == "worker")
            seal(office.now)
        walk.dossier_case(office, "fourth")
        making.sweep(office.now)
        seal(office.now)
    assert Paper.objects.filter(state="made").count() > 10


def drawn(paper: Paper) -> bytes:
    """A letter without the library that draws letters: one empty page that tells its number."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = paper.number
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[Office, Path]]:
    """Built once; every test works on it in a savepoint of its own."""
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), settings_in(folder), transaction.atomic():
        office = Office(MORNING)
        furnish(office)
        yield office, folder
        transaction.set_rollback(True)


@pytest.fixture
def house(furnished: tuple[Office, Path], tmp_path: Path) -> Iterator[Office]:
    office, folder = furnished
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    now = office.now
    with settings_in(tmp_path), transaction.atomic():
        yield office
        transaction.set_rollback(True)
    office.now = now


def findings(office: Office) -> list[Finding]:
    """What the verification says."""
    return list(verify(office.now))


def hand_of(request: pytest.FixtureRequest, deep: bool) -> rows.Hand:
    """A hand that goes to other places in every test, and to the same in every run."""
    return rows.Hand(random.Random(str(sorted(request.node.callspec.params.items()))), deep)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("deep", [False, True], ids=["plain", "D"])
@pytest.mark.parametrize("trick", [*rows.ROWS, *rows.FILES, *rows.CIPHERS])
def test_what_is_changed_beside_the_log_is_found(
    house: Office, request: pytest.FixtureRequest, trick: str, deep: bool, place: int
) -> None:
    """18: rows; 19: files; 20: ciphertexts and keys."""
    with triggers_off():
        where = {**rows.ROWS, **rows.FILES, **rows.CIPHERS}[trick](hand_of(request, deep))
    found = findings(house)
    assert located(found, where), (where, [str(finding) for finding in found])


def test_a_clean_house_gives_no_alarm(house: Office) -> None:
    """Nor does it while work goes on: sealed and unsealed, step by step."""
    assert findings(house) == []
    checks = 0
    case = Case.objects.get(state="submitted")
    for move in walk.DOSSIER.values():
        move(house, case)
        assert findings(house) == []
        if checks % 2:
            seal(house.now)
        checks += 1
    assert house.state(case) == "closed"
    assert checks == len(walk.DOSSIER)


def command() -> tuple[int, str]:
    """manage.py audit_verify: its exit code and what it says."""
    out = io.StringIO()
    try:
        call_command("audit_verify", stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_is_content_with_a_clean_house(house: Office) -> None:
    code, said = command()
    assert (code, "All is as it was written" in said) == (0, True), said


def one_byte(row: Any, column: str, rng: random.Random) -> None:
    """Change one byte of one column, whatever it holds."""
    value = getattr(row, column)
    if isinstance(value, bytes | memoryview):
        rows.put(row, **{column: rows.flipped(bytes(value), rng)})
    elif isinstance(value, dict):
        key = next(key for key in sorted(value) if isinstance(value[key], str) and value[key])
        rows.put(row, **{column: value | {key: _other(value[key])}})
    else:
        rows.put(row, **{column: value + 1 if isinstance(value, int) else _other(value)})


def _other(text: str) -> str:
    return text[:-1] + ("x" if text[-1] != "x" else "y")


def one_byte_of_a_file(document: Document, rng: random.Random) -> str:
    """Change one byte of a stored file."""
    rows.overwrite(document, rows.flipped(store.open_file(document).read(), rng))
    return f"document {document.public_id}"


def paid() -> Payment:
    """The payment that went all the way."""
    return Payment.objects.select_related("case", "account").get(state="paid")


def in_an_event(rng: random.Random) -> str:
    event = rng.choice(list(Event.objects.filter(subject_kind="case").exclude(data__opinion=None).order_by("pk")))
    rows.put(event, data=event.data | {"opinion": _other(event.data["opinion"])})
    return f"case {event.subject_id} #{event.n}"


def in_a_state(rng: random.Random) -> str:
    case = rng.choice(list(Case.objects.exclude(state="approved").order_by("pk")))
    rows.put(case, state="approved")
    return f"case {case.public_id}"


def in_an_amount(rng: random.Random) -> str:
    one_byte(paid().case, "amount_fen", rng)
    return f"case {paid().case.public_id}"


def in_an_upload(rng: random.Random) -> str:
    return one_byte_of_a_file(rng.choice(list(Document.objects.filter(made=False).order_by("pk"))), rng)


def in_a_document_row(rng: random.Random) -> str:
    document = rng.choice(list(Document.objects.filter(case__isnull=False).order_by("pk")))
    one_byte(document, rng.choice(["sha256", "size"]), rng)
    return f"document {document.public_id}"


def in_a_ledger_row(rng: random.Random) -> str:
    entry = rng.choice(list(LedgerEntry.objects.order_by("pk")))
    one_byte(entry, "fen", rng)
    return f"transaction {entry.transaction_id}"


def in_a_balance(rng: random.Random) -> str:
    balance = rng.choice(list(Balance.objects.order_by("pk")))
    one_byte(balance, "paid", rng)
    return f"fund {balance.pk}"


def in_a_payment_account(rng: random.Random) -> str:
    one_byte(paid().account, rng.choice(["holder", "bank", "card_hash"]), rng)
    return f"payment {paid().number}"


def in_a_card_number(rng: random.Random) -> str:
    one_byte(paid().account, "card_cipher", rng)
    return f"account {paid().account.public_id}"


def in_the_answers(rng: random.Random) -> str:
    answers = rng.choice(list(Answers.objects.exclude(sealed=b"").order_by("pk")))
    one_byte(answers, rng.choice(["shown", "sealed"]), rng)
    return f"answers {answers.pk}"


def in_a_paper_file(rng: random.Random) -> str:
    papers = Paper.objects.filter(document__isnull=False).order_by("pk")
    return one_byte_of_a_file(rng.choice(list(papers)).document, rng)


def in_the_bank_file(rng: random.Random) -> str:
    batch = paid().batch
    assert batch is not None and batch.file is not None
    return one_byte_of_a_file(batch.file, rng)


def in_an_outside_copy(rng: random.Random) -> str:
    checkpoint = rng.choice(list(Checkpoint.objects.order_by("n")))
    path = statement_file(Path(settings.CHECKPOINT_DIR), checkpoint.n)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(checkpoint.root.encode(), _other(checkpoint.root).encode()))
    return f"checkpoint {checkpoint.n}"


BYTES = (
    in_an_event, in_a_state, in_an_amount, in_an_upload, in_a_document_row, in_a_ledger_row, in_a_balance,
    in_a_payment_account, in_a_card_number, in_the_answers, in_a_paper_file, in_the_bank_file, in_an_outside_copy,
)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("change", BYTES, ids=lambda change: change.__name__)
def test_after_one_changed_byte_the_command_names_the_row(
    house: Office, change: Callable[[random.Random], str], place: int
) -> None:
    with triggers_off():
        where = change(random.Random(f"{change.__name__} {place}"))
    code, said = command()
    assert (code, where in said) == (1, True), (where, said)
    assert "All is as it was written" not in said


CROOKED: tuple[Any, ...] = (
    [], "x", 7, {"documents": 5}, {"documents": [5, {"id": 7}]}, {"answers": []}, {"answers": {"form": 7}},
    {"ledger": "x"}, {"ledger": [[], {"kind": 5, "legs": 5}]}, {"ledger": {"legs": {"available": "x"}}}, {"after": 5},
    {"after": {"state": [], "due_on": {}, "account": 7}}, {"account": []}, {"account": {"x": 1}},
    {"payments": 5}, {"payments": [5]}, {"payments": [{"number": []}]}, {"payments": [{}], "count": "x"},
)


@pytest.mark.parametrize("data", CROOKED, ids=str)
@pytest.mark.parametrize("kind", ["case", "fund", "batch", "paper"])
def test_crooked_events_do_not_stop_the_verification(house: Office, kind: str, data: Any) -> None:
    """Every event of a chain holds what none of ours ever would; each is named, and the check goes on to its end."""
    subject = Event.objects.filter(subject_kind=kind).order_by("-pk")[0].subject_id
    with triggers_off():
        Event.objects.filter(subject_kind=kind, subject_id=subject).update(data=data)
        Case.objects.filter(state="submitted").update(state="approved")
    found = findings(house)
    assert located(found, f"{kind} {subject} #1")
    assert located(found, f"case {Case.objects.get(event_n=1).public_id}"), "what comes after is still looked at"


@pytest.mark.parametrize("column", ["actor", "subject_id"])
def test_crooked_columns_do_not_stop_it_either(house: Office, column: str) -> None:
    batch = Event.objects.filter(subject_kind="batch", action="make").order_by("pk")[0]
    with triggers_off():
        if column == "actor":
            Event.objects.filter(subject_id=batch.subject_id).update(actor=["x"])
        else:
            for model in (Event, ChainHead):
                model.objects.filter(subject_id=batch.subject_id).update(subject_id="no id at all")
    assert located(findings(house), " #1" if column == "actor" else "no id at all")
