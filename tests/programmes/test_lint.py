"""The lint: every planted fault is found where it lies, in both languages; the catalogue is clean."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.core.text import Text
from casework.programmes import loader, reasons
from casework.programmes.checking import Finding, findings, findings_in
from casework.programmes.loader import CATALOGUE, content_of
from casework.workflows import kinds
from casework.workflows.choices import StepKind
from casework.workflows.lint_money import PAY_KINDS, duties_to
from tests.engine import made
from tests.engine.made import step
from tests.programmes.planted import FAULTS, FORM, PROGRAMME, Fault

pytestmark = pytest.mark.promise("S4")
FILES = (PROGRAMME, FORM)


def planted(folder: Path, fault: Fault) -> Path:
    """Living aid with one fault."""
    folder = folder / "living_aid"
    folder.mkdir()
    for name in FILES:
        text = (CATALOGUE / "living_aid" / name).read_text(encoding="utf-8")
        if fault.file == name:
            assert fault.old in text and fault.old != fault.new, "the fault has no place any more"
            text = text.replace(fault.old, fault.new, 1)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def line_of(folder: Path, mark: str) -> tuple[str, int]:
    """The file and line that hold the mark."""
    for name in FILES:
        for n, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1):
            if mark in line:
                return name, n
    raise AssertionError(f"no line holds {mark}")


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_planted_fault_is_found_where_it_lies(tmp_path: Path, fault: Fault) -> None:
    folder = planted(tmp_path, fault)
    found = findings_in(folder)
    hits = [finding for finding in found if finding.code == fault.code]
    assert hits, [f"{finding.code} {finding.where}" for finding in found]
    where = hits[0].where
    assert where.startswith("living_aid/") and where.endswith(fault.place), where
    if fault.mark:
        name, line = line_of(folder, fault.mark)
        assert f"{name} line {line} " in where, f"{where}, wanted {name} line {line}"
    assert hits[0].level == "error" and all(hits[0].message)


def test_there_are_at_least_25_kinds_of_planted_faults() -> None:
    assert len({(fault.code, fault.place) for fault in FAULTS}) >= 25


@pytest.mark.parametrize("folder", sorted(p for p in CATALOGUE.iterdir() if p.is_dir()), ids=lambda p: p.name)
def test_the_catalogue_is_clean(folder: Path) -> None:
    assert [f"{f.code} {f.where}: {f.message.en}" for f in findings_in(folder) if f.level == "error"] == []


@pytest.mark.parametrize(("yearly", "told"), [(True, []), (False, [("warning", "once")])])
def test_a_year_in_the_form_is_told_where_something_else_is_granted_once(
    yearly: bool, told: list[tuple[str, str]]
) -> None:
    content = copy.deepcopy(content_of(CATALOGUE / "living_aid"))
    content["programme"] |= {"exclusive_year": yearly, "once": [{"key": "child", "fields": ["months"]}]}
    hits = [finding for finding in findings(content) if finding.code == "YEAR_TOO"]
    assert [(hit.level, hit.where.partition(" ")[2]) for hit in hits] == told


def codes(content: dict[str, Any]) -> set[str]:
    return {finding.code for finding in findings(content)}


APPROVE = step("approve", "approver@county")
PAY = step("pay", "cashier@county", maker="finance_officer@county")
ACCEPT = step("accept", "window_clerk@county")
ONLY_LARGE = {"award_fen": {"at_least": 300_000}}


def paying(*accepted: tuple[str, dict[str, Any]], pay: dict[str, Any] = PAY, **submitted: Any) -> dict[str, Any]:
    """A programme that pays; its accepted steps are given."""
    route = {"submitted": submitted, "accepted": dict(accepted), "approved": {"pay": pay}}
    return made.programme(route, fund="living", award="living_aid", numbers=["subsistence_line", "living_aid"])


def test_an_approval_that_hangs_on_the_amount_leaves_one_person_at_the_money() -> None:
    found = codes(paying(("approve", {**APPROVE, "when": ONLY_LARGE})))
    assert {"ONE_PERSON", "UNAPPROVED"} <= found


def test_approval_and_payment_by_one_duty_are_one_person() -> None:
    """Who pays under the duty of the approval may be the approver himself."""
    assert "ONE_PERSON" in codes(paying(("approve", APPROVE), pay={**PAY, "duty": "approve"}))
    assert "ONE_PERSON" not in codes(paying(("approve", APPROVE)))


@pytest.mark.parametrize(("more", "told"), [({}, True), ({"duty": "visit"}, False), ({"by": "approver@city"}, False)])
def test_a_second_approval_at_the_same_desk_is_told(more: dict[str, Any], told: bool) -> None:
    content = paying(("approve", APPROVE), ("again", {**APPROVE, "when": ONLY_LARGE, **more}))
    hits = [finding for finding in findings(content) if finding.code == "SAME_DESK"]
    assert [(hit.level, hit.where.partition(" ")[2]) for hit in hits] == (
        [("warning", "route.accepted.again.by")] if told else []
    )
    other = [finding.mend.en for finding in findings(content) if finding.code == "OTHER_DUTY"]
    assert other == (["leave it so where another person is wanted"] if "duty" in more else [])


def test_rows_inside_an_item_know_their_keys() -> None:
    content = made.programme({"submitted": {"accept": ACCEPT}})
    content["form"] = copy.deepcopy(content["form"])
    words = {"zh": "票据", "en": "Receipts"}
    fields = [{"key": "paid", "kind": "money", "title": words}]
    rows = {"repeat": "receipts", "title": words, "item_title": words, "fields": fields, "min": 1}
    content["form"]["pages"][0]["groups"][0]["items"].append(rows)
    assert "UNKNOWN_KEY" not in codes(content)
    rows["least"] = 1
    hit = next(finding for finding in findings(content) if finding.code == "UNKNOWN_KEY")
    assert hit.where.endswith("form.yaml pages[0].groups[0].items[6].least") and "min" in hit.mend.en


def test_a_fault_that_hides_the_others_says_so() -> None:
    content = made.programme({"submitted": {"accept": ACCEPT}}, award="mine")
    assert [(one.code, one.mend.en) for one in findings(content)] == [
        ("NOT_BUILT", "mend it, then check again: it hides all other faults")
    ]


def test_an_acceptance_that_may_pass_in_silence_counts_as_nobody() -> None:
    silent = paying(("approve", {**APPROVE, "when": ONLY_LARGE}), accept={**ACCEPT, "silence": "accepted"})
    spoken = paying(("approve", {**APPROVE, "when": ONLY_LARGE}), accept=ACCEPT)
    assert "ONE_PERSON" in codes(silent) and "ONE_PERSON" not in codes(spoken)


def test_every_path_to_the_money_of_the_catalogue_is_counted() -> None:
    for programme in loader.load_catalogue().values():
        for goal in (one for one in programme.steps() if one.kind in PAY_KINDS):
            assert all(len(duties) >= 2 for duties in duties_to(programme, goal))


@pytest.mark.parametrize(("second", "approved"), [("no", True), ("maybe", False)])
def test_approvals_that_share_out_the_answers_of_one_question_leave_no_gap(second: str, approved: bool) -> None:
    """One of two approvals is always asked for, if together they name every answer of a required question."""
    asked = [{**APPROVE, "when": {"large": {"equals": value}}} for value in ("yes", second)]
    content = paying(("look", step("review", "reviewer@county")), ("small", asked[0]), ("large", asked[1]))
    content["programme"]["facts"] = ["large"]
    choices = {"yes": {"zh": "是", "en": "Yes"}, "no": {"zh": "否", "en": "No"}}
    question = {"key": "large", "kind": "enum", "required": True, "choices": choices, "title": choices["yes"]}
    content["form"] = copy.deepcopy(content["form"])
    content["form"]["pages"][0]["groups"][0]["items"].append(question)
    assert ("UNAPPROVED" not in codes(content)) is approved


def test_an_approval_beside_the_payment_does_not_protect_it() -> None:
    content = paying(("look", step("check", "organiser@town")))
    content["programme"]["route"]["approved"] = {"approve": APPROVE, "pay": {**PAY, "with": "approve"}}
    assert {"ONE_PERSON", "UNAPPROVED"} <= codes(content)


def test_a_kind_of_step_that_never_passes_is_a_dead_end(monkeypatch: pytest.MonkeyPatch) -> None:
    check = kinds.KINDS["check"]
    stuck = StepKind("stuck", "Stuck", tuple(choice for choice in check.choices if choice.leads != "on"))
    table = {**kinds.KINDS, "stuck": stuck}
    for module in ("graph", "lint", "lint_steps", "lint_ways"):
        monkeypatch.setattr(f"casework.workflows.{module}.KINDS", table)
    route = {"one": step("check", "organiser@town"), "two": step("stuck", "organiser@town")}
    assert "NO_END" in codes(made.programme({"submitted": route}))


@pytest.mark.parametrize("part", ["text", "clause", "appeal"])
def test_a_reason_without_clause_or_appeal_hint_is_found(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    bare = {"text": Text("无", "None"), "clause": Text("条", "Clause"), "appeal": Text("复核", "Appeal")}
    broken = reasons.Reason(**{**bare, part: Text("只有中文", "")})
    monkeypatch.setattr("casework.programmes.lint.DENIALS", {**reasons.DENIALS, "NO_DOSSIER": broken})
    found = [f for f in findings(content_of(CATALOGUE / "living_aid")) if f.code == "REASON_BARE"]
    assert [f.where for f in found] == ["living_aid/programme.yaml eligibility[0].deny"]


def test_the_system_check_names_the_faults_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.site.catalogue_check import the_catalogue_has_no_faults

    assert the_catalogue_has_no_faults(None) == []
    wrong = Finding("error", "living_aid/programme.yaml line 3 key", "NOT_BUILT", Text("错", "wrong"))
    monkeypatch.setattr("casework.site.catalogue_check.findings_in", lambda folder: [wrong])
    told = the_catalogue_has_no_faults(None)
    assert told and told[0].id == "casework.E002" and "line 3" in str(told[0].msg)


def test_the_command_lists_the_services(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("programmes", "--json")
    listed = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(listed) == set(loader.load_catalogue())
    aid = listed["living_aid"]
    assert (aid["title_zh"], aid["life_cycle"], aid["pays"], aid["dossier"]) == ("生活救助", "application", True, True)
    assert aid["decides"] == "county" and aid["papers"] == ["income_proof", "application", "bank_card"]
    assert aid["steps"][0] == {
        "key": "unit_check", "kind": "accept", "role": "unit_handler", "level": "grassroots", "limit_wd": 3,
        "limit_days": None,
    }
    call_command("programmes")
    assert "living_aid" in capsys.readouterr().out


# key: (decides, pays, dossier) as the table of domain §5.0 has them. Subsidies of classes and bonuses of selections are
# not paid by these services.
OF_THE_TABLE = {
    "hardship_dossier": ("county", False, False), "dossier_review": ("county", False, True),
    "living_aid": ("county", True, True),
    "medical_aid": ("by_amount", True, True), "tuition_aid": ("county", True, True),
    "temporary_aid": ("county", True, False), "condolence": ("city", True, True),
    "condolence_visit": ("county", True, True), "mutual_claim_hospital": ("by_amount", True, False),
    "mutual_claim_critical": ("city", True, False),
    "job_assistance": ("county", False, False), "employer_vacancy": ("county", False, False),
    "training_class": ("county", False, False), "training_enrolment": ("county", False, False),
    "re_examination": ("city", False, False),
    "legal_aid": ("county", True, False), "petition": ("county", False, False),
    "hotline_ticket": ("city", False, False), "membership": ("grassroots", False, False),
    "union_card": ("county", False, False), "model_selection": ("city", False, False),
    "model_nomination": ("city", False, False), "home_acceptance": ("county/city/province", True, False),
}


def test_the_command_tells_every_service_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("programmes", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert {row["key"]: (row["decides"], row["pays"], row["dossier"]) for row in rows} == OF_THE_TABLE
    assert [row["key"] for row in rows if not row["figures"]] == []


def test_a_limit_is_told_in_the_days_it_is_written_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("programmes", "--json")
    petition = next(row for row in json.loads(capsys.readouterr().out) if row["key"] == "petition")
    told = {step["key"]: (step["limit_wd"], step["limit_days"]) for step in petition["steps"]}
    assert (None, 60) in told.values() and (None, 30) in told.values()
    assert all((working is None) != (calendar is None) for working, calendar in told.values())


def test_the_command_checks_the_services(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("programmes", "--lint")
    assert "0 errors" in capsys.readouterr().out
    wrong = Finding("error", "x/programme.yaml line 1 key", "NOT_BUILT", Text("错", "wrong"), Text("改", "mend"))
    monkeypatch.setattr("casework.site.management.commands.programmes.findings_in", lambda folder: [wrong])
    with pytest.raises(CommandError):
        call_command("programmes", "--lint")
    assert "x/programme.yaml line 1 key" in capsys.readouterr().out


def test_a_small_programme_without_faults_has_none() -> None:
    accept = {**ACCEPT, "title": {"zh": "受理", "en": "Acceptance"}}
    assert codes(made.programme({"submitted": {"accept": accept}})) == set()


def test_whoever_may_ask_for_another_look_asks_for_a_step_behind_it() -> None:
    heard = {**step("respond", "petition_officer@county"), "asks": "review", "silence": "closed"}
    look = {**step("re_examine", "petition_officer@county"), "above": 1, "letter": "review_opinion"}
    more = {"life": "enquiry", "start": ["window_clerk@county"]}
    route = {"answered": {"heard": heard, "review": {**look, "when": {"asked_review": {"is_true": True}}}}}
    assert "NO_SUCH_STEP" not in codes(made.programme(route, **more))
    assert "NO_SUCH_STEP" in codes(made.programme({"answered": {"heard": heard}}, **more))


def test_a_table_that_a_step_works_with_is_frozen() -> None:
    fee = {**step("fee", "legal_officer@county"), "numbers": "legal_aid_fee"}
    route = {"submitted": {"accept": ACCEPT}, "settled": {"fee": fee}}
    assert "NUMBER_NOT_FROZEN" in codes(made.programme(route))
    assert not {"NUMBER_NOT_FROZEN", "NUMBER_UNREAD"} & codes(made.programme(route, numbers=["legal_aid_fee"]))


def test_a_file_that_is_missing_or_no_text_is_told_like_any_fault(tmp_path: Path) -> None:
    folder = tmp_path / "living_aid"
    shutil.copytree(CATALOGUE / "living_aid", folder)
    (folder / "form.yaml").write_bytes(b"\xff\xfe")
    assert [(f.where, f.message.en) for f in findings_in(folder)] == [
        ("living_aid/form.yaml", "not readable as UTF-8: byte 1")
    ]
    (folder / "form.yaml").unlink()
    (found,) = findings_in(folder)
    assert found.where == "living_aid/form.yaml" and "missing" in found.message.en
