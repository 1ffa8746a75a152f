"""What an auditor sees of one case: verified now, and exported as a bundle that proves itself without us (A5)."""
import datetime as dt
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit.checkpoints import seal
from casework.cases.models import Case
from casework.documents.models import Document
from casework.funds.models import LedgerEntry, Payment
from casework.oversight import bundle
from casework.oversight.verify import verify_case
from casework.papers import making
from tests import walk
from tests.faults import rows
from tests.faults.tamper import chain_of, change, rehash, triggers_off
from tests.faults.test_tamper_log import located
from tests.faults.test_tamper_records import drawn, settings_in
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A5")]
DRAWN = bundle.timeline_pdf


@pytest.fixture
def case(moment: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A case with money paid and its letters made, sealed."""
    monkeypatch.setattr(making, "render", drawn)
    monkeypatch.setattr(bundle, "timeline_pdf", lambda _case: b"")
    with settings_in(tmp_path / "house"):
        office = Office(moment)
        walk.dossier(office)
        made = walk.go(office, walk.living_case(office), walk.LIVING)
        walk.settle(office, made)
        making.sweep(office.now)
        seal(office.now)
        yield office.fresh(made)


def told(case: Case, moment: dt.datetime) -> list[str]:
    return [str(finding) for finding in verify_case(Case.objects.get(pk=case.pk), moment)]


def test_a_clean_case_is_as_it_was_written(case: Case, moment: dt.datetime) -> None:
    assert told(case, moment) == []


def flipped_upload(case: Case) -> str:
    document = case.documents.filter(made=False).order_by("pk")[0]
    rows.overwrite(document, rows.flipped(rows.store.open_file(document).read(), random.Random(1)))
    return f"document {document.public_id}"


def letter_gone(case: Case) -> str:
    document = case.documents.filter(made=True).order_by("pk")[0]
    rows.store.path_of(document.sha256).unlink()
    return f"document {document.public_id}"


def other_applicant(case: Case) -> str:
    rows.put(case, applicant_id=rows.Person.objects.exclude(pk=case.applicant_id)[0].pk)
    return f"case {case.public_id}"


def other_payment(case: Case) -> str:
    payment = case.payments.get()
    rows.put(payment, state="returned")
    return f"payment {payment.number}"


def other_leg(case: Case) -> str:
    entry = LedgerEntry.objects.filter(transaction__case=case).order_by("pk")[0]
    rows.put(entry, fen=entry.fen - 1)
    return f"transaction {entry.transaction_id}"


def other_answers(case: Case) -> str:
    answers = case.answers.get()
    rows.put(answers, shown=answers.shown | {"reason": "改"})
    return f"answers {answers.pk}"


def other_past(case: Case) -> str:
    subject = str(case.public_id)
    event = chain_of(subject)[2]
    change(event, data=event.data | {"opinion": "改"})
    rehash(subject)
    return f"case {subject} #"


@pytest.mark.parametrize(
    "tamper", [flipped_upload, letter_gone, other_applicant, other_payment, other_leg, other_answers, other_past],
    ids=lambda tamper: tamper.__name__,
)
def test_the_button_finds_what_was_changed(case: Case, moment: dt.datetime, tamper: Callable[[Case], str]) -> None:
    with triggers_off():
        where = tamper(case)
    found = verify_case(Case.objects.select_related("account").get(pk=case.pk), moment)
    assert located(found, where), (where, found)


def exported(case: Case, moment: dt.datetime, folder: Path) -> Path:
    """The bundle, unpacked."""
    stamp = stamp_of(SYSTEM, None, "command")
    with bundle.export(case, stamp, "例行审计抽查", moment) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def checked(folder: Path) -> tuple[int, str]:
    """The bundle's own script, in a folder and an environment that know nothing of Casework."""
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder)]
    done = subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_bundle_proves_itself(case: Case, moment: dt.datetime, tmp_path: Path) -> None:
    folder = exported(case, moment, tmp_path / "bundle")
    code, said = checked(folder)
    assert (code, "OK: all is as it was written" in said) == (0, True), said
    held = len(list((folder / "documents").iterdir())) + len(list((folder / "papers").iterdir()))
    assert held == case.documents.count() > 5


def test_a_missing_file_is_no_bar_to_the_export_and_is_told(case: Case, moment: dt.datetime, tmp_path: Path) -> None:
    document = Document.objects.filter(case=case).order_by("pk")[0]
    rows.store.path_of(document.sha256).unlink()
    code, said = checked(exported(case, moment, tmp_path / "bundle"))
    assert (code, f"document {document.public_id}" in said) == (1, True), said


def test_whatever_is_changed_in_the_bundle_is_told(case: Case, moment: dt.datetime, tmp_path: Path) -> None:
    whole = exported(case, moment, tmp_path / "whole")
    names = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and path.name != "verify.py")
    assert len(names) > 10
    for number, name in enumerate(names):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        code, said = checked(folder)
        assert code in (1, 2), (str(name), said)


def test_the_bundle_tells_the_payment_run_without_the_lines_of_others(
    case: Case, moment: dt.datetime, tmp_path: Path
) -> None:
    """Whole where the run paid this case alone; else the chain, the bank's answer, and the case's own lines."""
    payment = case.payments.get()
    assert payment.batch is not None
    runs = json.loads((exported(case, moment, tmp_path / "alone") / "payment_runs.json").read_text())
    assert not any(event.get("masked") for event in runs)
    answer = next(event for event in runs if event["action"] == "result")
    assert answer["data"]["documents"][0]["sha256"] == payment.batch.results.get().sha256
    other = Payment.objects.create(
        number="another", case=Case.objects.exclude(pk=case.pk)[0], fund=payment.fund, fen=1, payee=payment.payee,
        account=payment.account, account_digest="0" * 64, queued_at=moment, batch=payment.batch, state="paid",
    )
    folder = exported(other.case, moment, tmp_path / "shared")
    text = (folder / "payment_runs.json").read_text()
    assert payment.number not in text and '"masked"' in text
    code, said = checked(folder)
    assert (code, "lack the lines of other cases" in said) == (0, True), said
    (folder / "payment_runs.json").write_text(text.replace('"action": "check"', '"action": "reject"'))
    assert checked(folder)[0] == 1


def test_the_history_on_paper_tells_what_the_page_tells(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_from: list[str] = []
    monkeypatch.setattr(bundle, "html_to_pdf", lambda html, _title: drawn_from.append(html) or b"%PDF")
    event = chain_of(str(case.public_id))[0]
    with triggers_off():
        change(event, actor={**event.actor, "address": "10.1.2.3"})
    assert DRAWN(case) == b"%PDF"
    page, batch = drawn_from[0], case.payments.get().batch
    letter, upload = case.papers.all()[0], case.documents.filter(made=False)[0]
    for words in ("网上 · 10.1.2.3", letter.number, upload.name, case.payments.get().number, batch.number,
                  "制单", "复核", "短信", "→"):
        assert words in page, words
