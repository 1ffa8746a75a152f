"""No full ID, phone or card number without an event (promise A2): every page that links lead to, as every role, with
what it lets download, is searched for the numbers of everybody in the house; then each is asked for, with a reason and
without.

Checked by hand, each in a scratch copy, each turns this file red: a mask taken off (mask_id, mask_phone, mask_card, the
mask of a form's answers); the card's number on the batch page; reasons not asked for at the reveal, at a file, at the
search, at the export; reveal noted after it is read; the bank file handed out without its event; plain_for_system
called in one more place."""

import ast
import html
import io
import re
import unicodedata
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.core.problems import Refused
from casework.documents import store
from casework.forms import drafts
from casework.papers import making, render
from casework.papers.models import Paper
from casework.people import persons
from casework.people.models import BankAccount, Person
from tests import walk
from tests.office import picture
from tests.security.house import LOGINS, House, places
from tests.security.test_pages import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A2")]

DEPTH, OF_ONE_SHAPE = 3, 3
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
READERS = sorted(PAGES["desk_reveal"][1])
LINK = re.compile(r'(?:href|src|hx-get|action|data-url)="(/[^"#]*)')
# Links that are no pages of ours, and the pages a person types his own numbers into before they are handed in.
PASSED_BY = re.compile(r"^/static/|^/apply/[0-9a-f-]{36}/(?!check/)")


def numbers(house: House) -> set[str]:
    """Every full number there is."""
    found = {persons.plain_card(account) for account in BankAccount.objects.all()}
    for person in Person.objects.all():
        found |= {persons.plain_for_system(person, field) for field in ("id_no", "phone")}
    return {number for number in found if number}


@pytest.fixture(scope="module")
def planted(house: House) -> list[str]:
    """The numbers to look for; among them one of each kind that stands in the open case."""
    found = numbers(house)
    lengths = sorted(len(number) for number in found)
    assert lengths[0] == 11 and lengths.count(18) > 20 and lengths[-1] == 19
    return sorted(found)


def plain(data: bytes) -> str:
    """What a reader or a machine could put together from an answer: no tags, no spaces, dashes or invisible signs
    between digits, full-width digits as digits, capital X."""
    text = html.unescape(data.decode("utf-8", "replace"))
    both = text + "\n" + re.sub(r"<[^>]*>", "", text)
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff_.·—–-]+", "", unicodedata.normalize("NFKC", both)).upper()


def found_in(data: bytes, planted: Iterable[str]) -> list[str]:
    """The planted numbers that stand in the bytes of a page, a PDF or an archive."""
    if data.startswith(b"%PDF"):
        data = pdf_words(data)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(
                pdf_words(part) if part.startswith(b"%PDF") else part
                for part in (archive.read(name) for name in archive.namelist())
            )
    text = plain(data)
    return [number for number in planted if number in text]


def pdf_words(data: bytes) -> bytes:
    """The words of a PDF, and its own text around them; nothing for what only looks like one."""
    try:
        with pdfium.PdfDocument(data) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf).encode()
    except pdfium.PdfiumError:
        return data


def content(answer: HttpResponse) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def links(page: bytes) -> list[str]:
    """Where a page leads to inside the site."""
    return [html.unescape(link) for link in LINK.findall(page.decode("utf-8", "replace"))]


def crawl(client: Client, starts: Iterable[str], depth: int = DEPTH) -> Iterator[tuple[str, bytes]]:
    """Every page that links lead to, each path once with each name of its parameters; of pages of one shape, with
    other ids, the first few. Only GET."""
    seen: set[tuple[str, frozenset[str]]] = set()
    shapes: Counter[tuple[str, frozenset[str]]] = Counter()
    queue = deque((start, 0) for start in starts)
    while queue:
        url, far = queue.popleft()
        path, _mark, query = url.partition("?")
        place = path, frozenset(part.partition("=")[0] for part in query.split("&"))
        shape = UUID.sub("*", path), place[1]
        if place in seen or PASSED_BY.match(path) or shapes[shape] >= OF_ONE_SHAPE:
            continue
        seen.add(place)
        shapes[shape] += 1
        answer = client.get(url)
        assert answer.status_code < 500, url
        data = content(answer)
        yield url, data + str(answer.headers).encode()
        if answer.status_code == 302:
            queue.append((answer["Location"], far))
        elif far < depth:
            queue.extend((link, far + 1) for link in links(data))


def looks() -> int:
    """Events of looking, downloading, exporting and searching."""
    return Event.objects.filter(subject_kind="access").exclude(action="refused_attempt").count()


@pytest.mark.promise("P3")
@pytest.mark.parametrize("login", LOGINS)
def test_no_page_shows_a_full_number(house: House, planted: list[str], login: str) -> None:
    """Every page a login may open, and every page within three links of it."""
    client, pages = house.client(login), 0
    starts = [reverse(name, args=places(house).get(name, [])) for name, (who, _post) in PAGES.items() if login in who]
    for url, data in crawl(client, starts):
        assert not found_in(data, planted), f"{login} {url}"
        pages += 1
    assert pages >= (20 if login in READERS else 15), f"{login}: only {pages} pages"


def test_the_search_finds_what_is_hidden(planted: list[str]) -> None:
    """The net itself: numbers in attributes, split by tags and spaces, in full-width digits, in archives."""
    number = planted[0]
    split = "".join(f"<b>{sign}</b> " for sign in number)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("case.json", f'{{"id_no": "{number}"}}')
    coded = f"&#{ord(number[0])};{number[1:]}"
    samples = [f'<input value="{number}">', split, wide, coded, f"{number[:6]}-{number[6:]}"]
    for sample in [*(text.encode() for text in samples), packed.getvalue()]:
        assert found_in(sample, planted), sample
    assert not found_in(f"{number[:6]}****{number[-4:]}".encode(), planted)


def test_what_an_applicant_typed_comes_back_masked(house: House, planted: list[str]) -> None:
    """The page before handing in shows the draft as offices will see it."""
    client, card = house.client("applicant"), persons.plain_card(house.case.account)
    with transaction.atomic():
        raw = {"card_no": [card], "account_name": [house.case.applicant.name]}
        drafts.save(house.draft, raw, "account", house.draft.revision, house.office.now)
        page = client.get(reverse("apply_check", args=[house.draft.public_id]))
        assert f"****{card[-4:]}" in page.content.decode()
        assert not found_in(page.content, planted)
        transaction.set_rollback(True)


def test_a_number_in_a_free_text_or_a_file_name_is_not_spread(house: House, planted: list[str]) -> None:
    """What an applicant writes beside the questions goes to every office that reads the case: there it stands behind a
    mask, and is read against a reason like every full number."""
    office = house.office
    with transaction.atomic():
        walk.dossier(office, "newcomer")
        number = persons.plain_for_system(office.users["newcomer"].person, "id_no")
        scan = SimpleUploadedFile(f"身份证 {number}.jpg", picture(), "image/jpeg")
        file = store.receive(scan, "income_proof", office.users["newcomer"], office.now)
        words = f"我的证件号是 {number[:6]} {number[6:]}，生活困难。"
        case = walk.living_case(office, "newcomer", reason=words, income_proof=[str(file.public_id)])
        url, client = reverse("desk_case", args=[case.public_id]), house.client("reviewer")
        page = client.get(url)
        assert file.name.startswith("身份证") and file.name in page.content.decode()
        assert not found_in(page.content, [*planted, number])
        assert not found_in(house.client("auditor").get(url.replace("desk", "oversight")).content, [*planted, number])
        ask = {"what": f"answers:{case.applicant.public_id}"}
        url = reverse("desk_reveal", args=[case.public_id])
        assert words not in client.post(url, ask).content.decode()
        before = looks()
        assert words in client.post(url, ask | {"reason": "identity"}).content.decode()
        assert looks() == before + 1
        transaction.set_rollback(True)


@pytest.mark.promise("P3")
def test_no_letter_holds_a_full_number(house: House, planted: list[str]) -> None:
    """Every letter and roster of the house, as it is drawn."""
    papers = list(Paper.objects.select_related("case__applicant", "batch", "organisation"))
    assert len({paper.kind for paper in papers}) >= 4
    for paper in papers:
        assert not found_in(render.html_of(paper).encode(), planted), paper.kind


@pytest.mark.pango
@pytest.mark.promise("P3")
def test_no_pdf_holds_a_full_number(house: House, planted: list[str]) -> None:
    """The roster and a form with many opinions, made for real and downloaded."""
    for kind, login, name in (
        ("payment_roster", "cashier", "desk_paper"), ("approval_form", "auditor", "desk_paper"),
    ):
        with transaction.atomic():
            paper = Paper.objects.filter(kind=kind, document__isnull=True).first()
            assert paper is not None and making.make(paper.pk, house.office.now)
            data = content(house.client(login).get(reverse(name, args=[paper.public_id])))
            assert data.startswith(b"%PDF") and len(pdf_words(data)) > 200
            assert not found_in(data, planted), kind
            transaction.set_rollback(True)


def test_an_export_is_told_and_masked(house: House, planted: list[str]) -> None:
    """The bundle of a case for the auditor: a reason first, then exactly one event, and no full number inside."""
    client, url = house.client("auditor"), reverse("oversight_export", args=[house.case.public_id])
    with transaction.atomic():
        before = looks()
        for reason in ("", "   ", "看看"):
            answer = client.post(url, {"reason": reason})
            assert answer.status_code == 422 and not content(answer).startswith(b"PK")
        assert looks() == before
        data = content(client.post(url, {"reason": "年度专项检查抽样"}))
        assert data.startswith(b"PK") and looks() == before + 1
        assert not found_in(data, planted)
        transaction.set_rollback(True)


# Asking for a full value

FIELDS = ("id_no", "phone", "card_no")


@pytest.mark.parametrize("login", READERS)
def test_one_look_one_event(house: House, planted: list[str], login: str) -> None:
    """Whoever may ask: without a reason 422 and nothing; with one, this number, no other, and exactly one event."""
    client, case = house.client(login), house.case
    url, me = reverse("desk_reveal", args=[case.public_id]), case.applicant
    clear = {
        field: persons.plain_card(case.account) if field == "card_no" else persons.plain_for_system(me, field)
        for field in FIELDS
    }
    with transaction.atomic():
        for field, number in clear.items():
            before, what = looks(), f"{field}:{me.public_id}"
            for reason in ({}, {"reason": ""}, {"reason": "nothing"}, {"reason": "other", "reason_text": " "}):
                answer = client.post(url, {"what": what, **reason})
                assert answer.status_code == 422, reason
                assert not found_in(answer.content, planted), reason
            assert looks() == before
            answer = client.post(url, {"what": what, "reason": "identity"})
            assert answer.status_code == 200
            assert found_in(answer.content, planted) == [number]
            told = Event.objects.filter(subject_kind="access", subject_id=str(me.public_id)).latest("pk")
            assert looks() == before + 1
            assert (told.action, told.data["field"]) == ("reveal", field)
            assert told.data["reason"] and told.actor["user"] == house.office.users[house.names[login]].pk
        transaction.set_rollback(True)


@pytest.mark.parametrize("login", ["auditor", "cashier", "unit_handler"])
def test_a_file_asks_for_a_reason(house: House, login: str) -> None:
    """An uploaded ID card is a full number in a picture. Who does not handle the case says why; each look is told."""
    client, url = house.client(login), reverse("desk_file", args=[house.case.public_id, house.file.public_id])
    with transaction.atomic():
        before = looks()
        short = {"reason": "other", "reason_text": "x"}
        for answer in (client.get(url), client.post(url, {}), client.post(url, short)):
            assert answer["Content-Type"].startswith("text/html"), answer.status_code
        assert looks() == before
        answer = client.post(url, {"reason": "identity"})
        assert answer["Content-Type"] == "image/jpeg"
        content(answer)
        assert looks() == before + 1
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "login"), [("desk_cases", "reviewer"), ("oversight_search", "auditor")])
def test_a_search_by_id_number_is_told(house: House, name: str, login: str) -> None:
    client, id_no = house.client(login), persons.plain_for_system(house.case.applicant, "id_no")
    with transaction.atomic():
        before = looks()
        for reason in ("", "  ", "查"):
            answer = client.post(reverse(name), {"id_no": id_no, "reason": reason})
            assert answer.status_code == 422
            assert house.case.number not in answer.content.decode()
        page = client.get(reverse(name), {"q": id_no})
        assert house.case.number not in page.content.decode(), "not by the ordinary search either"
        assert looks() == before
        answer = client.post(reverse(name), {"id_no": id_no, "reason": "来访核实身份"})
        assert house.case.number in answer.content.decode()
        assert looks() == before + 1
        transaction.set_rollback(True)


def test_every_download_of_the_bank_file_is_told(house: House, planted: list[str]) -> None:
    """The one file that must hold full cards: for cashiers, by POST, each download an event."""
    url, card = reverse("desk_batch_export", args=[house.batch.public_id]), persons.plain_card(house.paid.account)
    with transaction.atomic():
        client = house.client("cashier")
        assert client.get(url).status_code == 405
        before = looks()
        first = content(client.post(url))
        assert card in first.decode("utf-8-sig", "replace") or card.encode() in first
        told = Event.objects.filter(subject_kind="batch", subject_id=str(house.batch.public_id), action="export")
        assert told.count() == 1 and looks() == before + 1, "the first time, too"
        for _again in range(2):
            before = looks()
            assert content(client.post(url)) == first
            assert looks() == before + 1
        for login in ("finance_officer", "auditor", "reviewer", "admin"):
            assert house.client(login).post(url).status_code == 403
        house.batch.refresh_from_db()
        for login in ("cashier", "auditor"):
            file = reverse("my_file", args=[house.batch.file.public_id])
            assert house.client(login).get(file).status_code in (403, 404), "there is no other way to it"
        transaction.set_rollback(True)
    house.batch.refresh_from_db()


def test_the_function_itself_asks_for_a_reason(house: House) -> None:
    stamp = {"user": 1, "person": "", "name": "x", "role": "", "organisation": "", "via": "online", "system": ""}
    with transaction.atomic():
        before = looks()
        for reason in ("", "    ", "why", "\u3000\u3000\u3000\u3000\u3000"):
            with pytest.raises(Refused):
                persons.reveal(house.case.applicant, "id_no", stamp, reason, house.office.now)
            with pytest.raises(Refused):
                persons.reveal_card(house.case.account, stamp, reason, house.office.now)
        assert looks() == before
        transaction.set_rollback(True)


def test_the_event_is_there_before_the_value(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the look can not be told, there is no look."""

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(persons.record, "record", broken)
    url = reverse("desk_reveal", args=[house.case.public_id])
    body = {"what": f"phone:{house.case.applicant.public_id}", "reason": "identity"}
    answer = house.client("reviewer").post(url, body)
    assert answer.status_code == 500
    assert persons.plain_for_system(house.case.applicant, "phone") not in answer.content.decode()


# Where clear values are read at all: reviewed by hand. A new place belongs here only when it shows nobody anything.
CLEAR = {
    "plain_for_system": {
        "casework/people/persons.py", "casework/notifications/channels/sms.py", "casework/oversight/ciphers.py",
    },
    "plain_card": {
        "casework/people/persons.py", "casework/funds/bank_layouts/generic.py", "casework/oversight/ciphers.py",
    },
    "decrypt_for": {"casework/people/persons.py", "casework/cases/answers.py"},
    "reveal": {"casework/desk/reveal.py"},
    "reveal_card": {"casework/desk/reveal.py"},
}


def test_clear_values_are_read_in_reviewed_places_only() -> None:
    """A grep over the product: who calls the functions that decipher."""
    found: dict[str, set[str]] = {name: set() for name in CLEAR}
    for path in sorted((settings.BASE_DIR / "casework").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in found:
                    found[name].add(str(path.relative_to(settings.BASE_DIR)))
    assert found == CLEAR
