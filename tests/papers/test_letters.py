"""What letters say of real cases: ordered by the door, masked, quick, and verified by the office's own checks."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.masks import find_private
from casework.oversight.cases import check_some
from casework.oversight.files import check_batches
from casework.papers import making
from casework.papers.kinds import KINDS
from casework.papers.models import Paper
from casework.papers.render import html_of
from casework.workflows import effects, letters, payruns
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office, id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    return Office(moment)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout engine that takes no time and shows the words."""
    monkeypatch.setattr(making, "render", lambda paper: html_of(paper).encode())
    monkeypatch.setattr(making, "pages_of", lambda data: 1)


def papers_of(case: Case) -> dict[str, Paper]:
    """The papers of a case by kind; of several the last."""
    return {paper.kind: paper for paper in case.papers.order_by("pk")}


def test_a_child_in_its_first_year_is_nought_years_old(office: Office, quick: None) -> None:
    born = (office.now - dt.timedelta(days=90)).date()
    baby = {"name": "李小雨", "relation": "child", "id_no": id_number(612, f"{born:%Y%m%d}"), "health": "good",
            "work": "student", "school": "无"}
    walk.member(office)
    answers = dossier_answers(office)
    answers["members"].append(baby)
    case = walk.go(office, office.apply("worker", "hardship_dossier", answers), walk.DOSSIER)
    form = papers_of(case)["approval_form"]
    row = html_of(form).partition("李*雨")[2].partition("</tr>")[0]
    assert '<td class="mid">0</td>' in row and "—" not in row


def test_a_dossier_gets_its_letters(office: Office) -> None:
    case = walk.dossier(office)
    papers = papers_of(case)
    assert [paper.kind for paper in case.papers.order_by("pk")] == [
        "acceptance_notice", "visit_form", "public_notice", "public_notice", "approval_notice", "approval_form",
    ]  # fmt: skip
    accepted = papers["acceptance_notice"]
    assert accepted.organisation == office.orgs["union"]
    assert accepted.number == "秦岭纺织厂工会援受〔2026〕1号"
    received = [(row["title"], row["count"]) for row in accepted.data["received"]]
    proofs = [("刚性支出凭证", 1), ("核对授权书（成年家庭成员签字）", 1)]
    assert received == [("身份证和户口本（全家）", 1), ("收入证明", 1), *proofs]
    assert accepted.data["promised_on"] == "2026-12-21"
    assert accepted.data["officer"] == "职员handler"
    visited = papers["visit_form"]
    assert visited.data["investigators"] == ["职员visitor_1", "职员visitor_2"]
    assert visited.data["photos"] == 2
    assert {"label": "见到的人", "value": "本人"} in visited.data["rows"]
    assert {"label": "与申报一致", "value": "是"} in visited.data["rows"]
    signed = html_of(visited).partition("被访人")[2].partition("</tr>")[0]
    assert "签名照片 1 张，随案件材料保存" in signed and "line" not in signed, "who was met has signed on paper"
    visited.data = {key: value for key, value in visited.data.items() if key != "signatures"}
    assert 'class="line"' in html_of(visited).partition("被访人")[2], "a sheet of before is drawn as it was"
    entry = case.entry
    assert entry is not None
    approval = papers["approval_notice"]
    assert approval.organisation == office.orgs["county"]
    assert approval.data["register_no"] == entry.number
    assert approval.data["amount_fen"] is None
    assert [line["zh"] for line in approval.data["lines"]][-1] == "当地月低保标准"
    said = [(row["step"], row["name"], row["decision"]) for row in papers["approval_form"].data["opinions"]]
    assert ("县（区）总工会审批", "职员approver", "pass") in said
    assert said[-1][1] == "职员officer"
    assert papers["approval_form"].data["members"][0]["name"] == "王*英"
    assert papers["approval_form"].data["members"][0]["relation"] == "配偶"
    told = {row["label"]: row["value"] for block in papers["approval_form"].data["blocks"] for row in block["rows"]}
    assert (told["单位名称"], told["婚姻状况"], told["银行卡号"]) == ("秦岭纺织厂", "已婚", "****0128")
    assert told["性别"] in ("男", "女")
    assert not {"健康状况", "现住址", "出生日期", "主要原因"} & set(told), "what is sealed is on no paper"


def test_living_aid_gets_its_letters_when_the_money_is_on_its_way(office: Office) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    papers = papers_of(case)
    assert set(papers) == {"acceptance_notice", "public_notice", "approval_notice", "approval_form"}
    approval = papers["approval_notice"].data
    assert approval["amount_fen"] == case.amount_fen
    assert case.account is not None
    assert approval["card"] == f"****{case.account.last4}"
    assert papers["public_notice"].data["shows_amount"]
    assert papers["public_notice"].data["total_fen"] == case.amount_fen
    assert not papers["public_notice"].data["shows_category"]


def test_refusals_say_why_and_where_to_turn(office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(
        case, "unit_check.not_accept", "handler", code="NOT_OUR_MATTER", right_body="区人社局", opinion="属社保事项"
    )
    refusal = papers_of(case)["not_accepted_notice"].data
    assert refusal["reason"]["zh"] == "不属于工会受理范围"
    assert (refusal["right_body"], refusal["facts"], refusal["higher"]) == ("区人社局", "属社保事项", "商洛市总工会")
    denied = walk.go(office, walk.dossier_case(office, "second"), walk.DOSSIER, "review")
    office.do(denied, "review.deny", "reviewer", code="INCOME_ABOVE_LINE", opinion="年收入高于标准")
    letter = papers_of(denied)["denial_notice"]
    assert letter.organisation == office.orgs["county"]
    assert letter.data["higher"] == "商洛市总工会"
    assert letter.data["clause"]["zh"]
    assert {line["key"] for line in letter.data["lines"]} == {"income", "rigid", "members", "pc", "line"}
    assert "15 日内" in letter.data["appeal"]["zh"]


def test_a_one_time_notice_names_everything(office: Office) -> None:
    case = walk.dossier_case(office)
    items = [
        {"item": "id_card", "problem": "UNCLEAR", "wanted": "身份证正反面"},
        {"item": "form.household.members", "problem": "INCONSISTENT", "wanted": "核对人数"},
    ]
    office.do(case, "unit_check.one_time_notice", "handler", items=items)
    data = papers_of(case)["one_time_notice"].data
    assert [(row["item"], row["problem"]) for row in data["items"]] == [
        ("身份证和户口本（全家）", "不清晰"), ("申请表：共同生活的家庭成员", "前后不一致"),
    ]  # fmt: skip
    assert data["items"][0]["rule"] == "正反面拍照，字迹清楚。"
    assert data["hand_in_by"] == "2026-12-14"
    assert not data["second"]


def test_silence_is_acceptance_and_names_no_officer(office: Office) -> None:
    case = walk.dossier_case(office)
    office.now = office.task(case, "unit_check").due_at or office.now
    office.tick()
    data = papers_of(case)["acceptance_notice"].data
    assert data["silence"]
    assert data["officer"] == ""
    assert data["accepted_on"] == "2026-11-23"


def test_no_letter_holds_a_whole_number_or_a_whole_name(office: Office) -> None:
    walk.dossier(office)
    walk.go(office, walk.living_case(office), walk.LIVING)
    texts = [json.dumps(paper.data, ensure_ascii=False) for paper in Paper.objects.all()]
    assert len(texts) >= 8
    for text in texts:
        assert "李建国" not in text
        phones = [found for found in find_private(text) if len(found) != 11]
        assert phones == []


def test_the_letter_itself_bears_the_full_name_and_the_board_the_mask(office: Office, quick: None) -> None:
    papers = papers_of(walk.dossier(office))
    assert "李建国同志" in html_of(papers["approval_notice"])
    assert "李建国" not in html_of(papers["public_notice"])
    assert "李*国" in html_of(papers["public_notice"])
    assert papers["public_notice"].data["case"] == ""


def test_made_letters_leave_the_verifier_content(office: Office, quick: None) -> None:
    case = walk.dossier(office)
    assert making.sweep(office.now) == 6
    assert case.documents.filter(made=True).count() == 6
    assert list(check_some([office.fresh(case)])) == []
    letter = papers_of(case)["approval_notice"]
    assert letter.document is not None
    type(letter.document).objects.filter(pk=letter.document.pk).update(sha256="0" * 64)
    assert [finding.code for finding in check_some([office.fresh(case)])] == ["file_changed"]


def test_a_letter_costs_the_door_few_queries(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: dict[str, int] = {}
    content: Callable[..., dict[str, object]] = letters.content

    def counted(kind: str, turn: object) -> dict[str, object]:
        with CaptureQueriesContext(connection) as asked:
            data = content(kind, turn)
        counts[kind] = max(counts.get(kind, 0), len(asked))
        return data

    monkeypatch.setattr(effects.letters, "content", counted)
    walk.dossier(office)
    walk.go(office, walk.living_case(office), walk.LIVING)
    assert counts
    assert max(counts.values()) <= 9, counts


def test_messages_get_no_amount_and_no_full_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []
    common = letters.common

    def noted(turn: object) -> dict[str, object]:
        told.append(common(turn))  # type: ignore[arg-type]
        return told[-1]

    monkeypatch.setattr(effects.letters, "common", noted)
    walk.dossier(office)
    assert {params["salutation"] for params in told} == {"李同志"}
    for params in told:
        text = json.dumps(params, ensure_ascii=False)
        assert "李建国" not in text
        assert "fen" not in text
        assert params["number"]
        assert params["programme_en"] == "Hardship dossier"


@pytest.mark.parametrize(("name", "surname"), [("李建国", "李"), ("欧阳娜", "欧阳"), ("欧阳", "欧"), ("", "")])
def test_surnames(name: str, surname: str) -> None:
    assert letters.surname_of(name) == surname


@pytest.fixture
def batch_case(office: Office) -> Case:
    """A case whose payment waits."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING)


def test_a_checked_batch_gets_its_roster(office: Office, batch_case: Case, quick: None) -> None:
    payment = batch_case.payments.get()
    batch = payruns.make(payment.fund, [payment.pk], office.actor("finance"), office.now)
    assert not batch.papers.exists()
    payruns.check(batch, office.actor("cashier"), office.now, True)
    roster = batch.papers.get()
    assert roster.kind == "payment_roster"
    assert roster.event == Event.objects.get(subject_kind="batch", subject_id=str(batch.public_id), action="check")
    assert roster.number == "商州区总工会援发〔2026〕1号"
    row = roster.data["rows"][0]
    assert (row["name"], row["amount_fen"], row["case"]) == ("李*国", payment.fen, batch_case.number)
    assert row["unit"] == "秦岭纺织厂工会"
    assert row["account_masked"] == f"****{payment.account.last4}"
    assert (roster.data["count"], roster.data["total_fen"]) == (1, payment.fen)
    assert (roster.data["maker"], roster.data["checker"]) == ("职员finance", "职员cashier")
    html = html_of(roster)
    assert payment.account.holder in html
    making.sweep(office.now)
    roster.refresh_from_db()
    assert roster.state == "made"
    assert list(check_batches()) == []


def test_a_batch_sent_back_gets_no_roster(office: Office, batch_case: Case) -> None:
    payment = batch_case.payments.get()
    batch = payruns.make(payment.fund, [payment.pk], office.actor("finance"), office.now)
    payruns.check(batch, office.actor("cashier"), office.now, False, "金额有误,退回重做")
    assert not batch.papers.exists()


@pytest.mark.pango
@override_settings(SITE_HOST="https://casework.example")
def test_every_ordered_letter_can_be_made(office: Office, batch_case: Case) -> None:
    payment = batch_case.payments.get()
    batch = payruns.make(payment.fund, [payment.pk], office.actor("finance"), office.now)
    payruns.check(batch, office.actor("cashier"), office.now, True)
    ordered = Paper.objects.count()
    assert making.sweep(office.now) == ordered
    assert set(Paper.objects.values_list("kind", flat=True)) <= set(KINDS)
