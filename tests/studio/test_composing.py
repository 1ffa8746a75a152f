"""Papers, questions, choices, conditions and roles are put together with buttons and selects; nobody writes a name of
the language, and what comes of it can be checked, approved and published."""
import datetime as dt
from typing import Any

import pytest

from casework.forms.spec import Field, holds
from casework.programmes import checking, drafts
from casework.programmes.loader import build
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.studio import changes
from casework.studio.changes import UnknownAct
from casework.workflows import seats
from tests.studio.conftest import Desk
from tests.studio.test_pages import section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.core.clock.now", lambda: moment)


class Draft:
    """A draft at a policy officer's desk: pages are sent back as they are shown, with some values changed."""

    def __init__(self, desk: Desk, key: str) -> None:
        self.desk, self.key = desk, key
        self.url = desk.post(f"/studio/services/{key}/begin/")

    def send(self, name: str, status: int = 302, **changed: Any) -> str:
        typed = section(self.desk.get(f"{self.url}{name}/"))
        return self.desk.post(f"{self.url}{name}/", status, **(typed | changed))

    def press(self, name: str, act: str, picked: str = "") -> None:
        self.send(name, **{"act": act, f"pick:{act}": picked})

    @property
    def content(self) -> dict[str, Any]:
        row = drafts.live(self.key)
        assert row is not None
        return drafts.content_of_draft(row)

    @property
    def programme(self) -> Programme:
        return build(self.content)

    def faults(self) -> list[str]:
        return [found.code for found in checking.findings(self.content) if found.level == "error"]


@pytest.fixture
def living(policy: Desk) -> Draft:
    return Draft(policy, "living_aid")


@pytest.fixture
def claims(policy: Desk) -> Draft:
    return Draft(policy, "mutual_claim_hospital")


PAPERS = "form.pages.2.groups.0.items"


def test_a_paper_comes_with_its_question_and_goes_with_it(living: Draft) -> None:
    living.press("papers", "add:paper", PAPERS)
    assert living.faults() == []
    living.send("papers", **{
        "programme.papers.paper_1.title.zh": "户口簿", "programme.papers.paper_1.title.en": "Household booklet",
        "programme.papers.paper_1.required": "yes", "programme.papers.paper_1.key": "household_booklet",
        "programme.papers.paper_1.sample.zh": "首页和本人页",
        "programme.papers.paper_1.sample.en": "First page and yours",
    })
    assert str(living.programme.papers[-1].sample) == "首页和本人页"
    living.send("papers", **{
        "programme.papers.household_booklet.sample.zh": "", "programme.papers.household_booklet.sample.en": "",
    })
    assert not living.programme.papers[-1].sample.zh
    field = living.programme.form.field("household_booklet")
    assert field is not None and (field.kind, field.required, str(field.title)) == ("file", True, "户口簿")
    assert living.programme.papers[-1].required and living.faults() == []
    living.press("papers", "remove:programme.papers.household_booklet")
    assert living.programme.form.field("household_booklet") is None and living.faults() == []


def test_a_question_that_takes_a_file_names_its_paper_from_the_list(living: Draft) -> None:
    living.press("form", f"add:field:{PAPERS}", "file")
    place = f"{PAPERS}.{len(living.content['form']['pages'][2]['groups'][0]['items']) - 1}"
    assert living.faults() == ["NO_SUCH_PAPER"]
    page = living.send("form", 422)
    assert "请选择" in page and "近期收入证明" in page
    living.send("form", **{f"{place}.paper": "application"})
    assert living.faults() == []


def test_choices_are_added_named_and_taken_away(living: Draft) -> None:
    items = "form.pages.0.groups.0.items"
    place = f"{items}.5"
    living.press("form", f"add:field:{items}", "enum")
    living.press("form", f"add:choice:{place}")
    living.send("form", **{
        f"{place}.key": "work", f"{place}.title.zh": "就业情况", f"{place}.title.en": "Work",
        f"{place}.choices.choice_1.zh": "在职", f"{place}.choices.choice_1.en": "Employed",
        f"{place}.choices.choice_2.zh": "失业", f"{place}.choices.choice_2.en": "Without work",
    })
    field = living.programme.form.field("work")
    assert field is not None and [str(words) for words in field.choices.values()] == ["在职", "失业"]
    living.press("form", f"remove:{place}.choices.choice_1")
    assert list(living.programme.form.field("work").choices) == ["choice_2"]  # type: ignore[union-attr]
    assert living.faults() == []


def test_a_question_is_asked_only_if_another_was_answered_so(living: Draft) -> None:
    items = "form.pages.0.groups.0.items"
    living.press("form", f"add:field:{items}", "bool")
    living.send("form", **{f"{items}.5.key": "jobless"})
    living.press("form", f"add:field:{items}", "text")
    living.send("form", **{f"{items}.6.key": "since", f"{items}.6.max": "40", f"{items}.6.sensitive": "yes"})
    later = f"add:when:{items}.3"
    living.send("form", 404, **{"act": later, f"pick:{later}": "jobless"})  # it is asked afterwards
    living.press("form", f"add:when:{items}.6", "jobless")
    field = living.programme.form.field("since")
    assert isinstance(field, Field) and field.sensitive and field.options["max"] == 40
    assert holds(field.when, {"jobless": True}) and not holds(field.when, {"jobless": False})
    living.send("form", **{f"{items}.6.when.jobless": "no"})
    assert holds(living.programme.form.field("since").when, {"jobless": False})  # type: ignore[union-attr]
    living.send("form", **{f"{items}.5.key": "without_work"})
    assert living.programme.form.field("since").when == {"without_work": False}  # type: ignore[union-attr]
    living.press("form", f"remove:{items}.6.when.without_work")
    assert living.programme.form.field("since").when is None and living.faults() == []  # type: ignore[union-attr]


@pytest.mark.parametrize(("key", "code"), [("amount", "amount"), ("Two Words", "Two Words"), ("9lives", "9lives")])
def test_a_key_that_is_taken_or_no_key_is_told_and_stays_as_typed(living: Draft, key: str, code: str) -> None:
    items = "form.pages.0.groups.0.items"
    living.press("form", f"add:field:{items}", "text")
    page = living.send("form", 422, **{f"{items}.5.key": key})
    assert f'value="{code}"' in page and "is-invalid" in page
    assert living.programme.form.field("question_1") is not None


def test_a_published_key_has_no_input_and_cannot_be_sent(living: Draft) -> None:
    page = living.desk.get(f"{living.url}form/")
    assert "form.pages.0.groups.0.items.0.key" not in page
    living.send("form", **{"form.pages.0.groups.0.items.0.key": "another"})
    assert living.programme.form.field("year") is not None


def test_rows_and_conditions_of_the_table_are_added_moved_and_taken_away(claims: Draft) -> None:
    before = len(claims.programme.eligibility)
    claims.press("conditions", "add:row", "award_fen")
    row = f"programme.eligibility.{before}"
    claims.send("conditions", **{
        f"{row}.when.award_fen.at_least": "", f"{row}.when.award_fen.at_most": "49.99", f"{row}.deny": "CAP_REACHED",
    })
    claims.press("conditions", f"add:when:{row}", "insured")
    assert claims.programme.eligibility[-1].when == {"award_fen": {"at_most": 4999}, "insured": {"is_true": True}}
    claims.press("conditions", f"up:{row}")
    row = f"programme.eligibility.{before - 1}"
    claims.press("conditions", f"remove:{row}.when.insured")
    assert claims.programme.eligibility[-2].when == {"award_fen": {"at_most": 4999}} and claims.faults() == []
    refused = claims.send("conditions", 422, **{f"{row}.when.award_fen.at_most": ""})
    assert "会拒绝所有人" in refused
    claims.press("conditions", f"remove:{row}")
    assert len(claims.programme.eligibility) == before


def test_values_of_a_condition_are_ticked_in_words(claims: Draft, living: Draft) -> None:
    page = living.desk.get(f"{living.url}conditions/")
    for words in ("困难类别", "没有档案", "深度困难", "NO_DOSSIER"):
        assert words in page
    living.send("conditions", **{"programme.eligibility.0.when.category": ["accidental", '""']})
    assert living.programme.eligibility[0].when == {"category": {"in": ["accidental", ""]}}
    living.send("conditions", 422, **{"programme.eligibility.0.when.category": [""]})
    living.send("conditions", 422, **{"programme.eligibility.0.when.category": ["king"]})


def test_an_answer_in_the_table_becomes_a_fact(living: Draft) -> None:
    living.press("conditions", "add:row", "months")
    living.send("conditions", **{"programme.eligibility.1.when.months.at_least": "7"})
    assert living.programme.facts == ("months",) and living.faults() == []
    assert living.programme.eligibility[1].when == {"months": {"at_least": 7}}


def test_the_amount_from_which_a_step_is_asked_is_typed_in_yuan(claims: Draft) -> None:
    page = claims.desk.get(f"{claims.url}route/")
    place = "programme.route.accepted.review"
    assert 'value="互助理赔快速给付限额"' in page
    claims.send("route", **{f"{place}.when.award_fen.above": "", f"{place}.when.award_fen.at_least": "5000.01"})
    assert claims.programme.step("review").when == {"award_fen": {"at_least": 500_001}} and claims.faults() == []
    told = claims.desk.get(claims.url)
    assert "500001" in told or "5,000.01" in told
    claims.press("route", f"remove:{place}.when.award_fen")
    assert claims.programme.step("review").when is None
    claims.press("route", f"add:when:{place}", "category")
    assert claims.programme.step("review").when == {"category": {"in": ["deep"]}} and claims.faults() == []


def test_a_regional_number_is_chosen_by_its_name_and_is_frozen_from_then_on(claims: Draft) -> None:
    place = "programme.route.accepted.review.when.award_fen.above"
    assert '<option value="住院互助金档次 · 年度封顶">' in claims.desk.get(f"{claims.url}route/")
    claims.send("route", **{place: "医疗救助集体研究限额"})
    assert claims.programme.step("review").when == {"award_fen": {"above": {"number": "joint_decision_medical"}}}
    assert "fast_track_mutual" not in claims.programme.numbers and claims.faults() == []
    assert "joint_decision_medical" in claims.programme.numbers
    told = claims.desk.get(claims.url)
    assert "互助理赔快速给付限额" in told and "医疗救助集体研究限额" in told
    claims.send("route", 422, **{place: "没有这个数值"})


def test_a_text_names_a_number_and_the_service_lists_it(living: Draft) -> None:
    how = "programme.how_much"
    living.send("texts", **{f"{how}.zh": "每月 {minimum_wage:yuan} 元", f"{how}.en": "{minimum_wage:yuan} yuan"})
    assert living.programme.told == ("minimum_wage",) and living.faults() == []
    living.send("texts", **{f"{how}.zh": "按标准", f"{how}.en": "By the standard"})
    assert living.programme.told == () and living.faults() == []


def test_roles_and_levels_are_chosen_in_words(living: Draft, second: Desk) -> None:
    place = "programme.route.accepted.review"
    page = living.desk.get(f"{living.url}route/")
    assert f'name="{place}.by.level"' in page and "reviewer@county" not in page
    living.send("route", **{f"{place}.by": "case_officer", f"{place}.by.level": "city"})
    step = living.programme.step("review")
    assert (step.role, step.level) == ("case_officer", "city")
    living.send("route", 422, **{f"{place}.by.level": ""})
    living.send("route", **{f"{place}.by": "reviewer", f"{place}.by.level": "county"})
    living.press("papers", "add:paper", PAPERS)
    revision = str(drafts.live("living_aid").revision)  # type: ignore[union-attr]
    living.desk.post(f"{living.url}step/", act="check", revision=revision)
    second.post(f"{living.url}step/", act="approve", revision=revision)
    second.post(f"{living.url}step/", act="publish", effective_from="2026-11-23")
    assert ProgrammeVersion.objects.filter(key="living_aid").count() == 2


def test_an_approval_is_given_to_several_desks_and_to_one_again(living: Draft) -> None:
    step = "programme.route.accepted.approve"
    living.press("route", f"add:signer:{step}")
    living.press("route", f"add:signer:{step}")
    assert living.content["programme"]["route"]["accepted"]["approve"]["also"] == ["approver@city", "approver@town"]
    living.send("route", **{f"{step}.also.1": "finance_officer", f"{step}.also.1.level": "county", f"{step}.need": "2"})
    assert living.faults() == []
    approve = living.programme.step("approve")
    assert seats.desks(approve)[1:] == [("approver", "city"), ("finance_officer", "county")]
    assert seats.needed(approve) == 2
    living.send("route", **{f"{step}.need": "", f"{step}.in_turn": "yes"})
    assert seats.in_turn(living.programme.step("approve"))
    for _desk in range(2):
        living.press("route", f"remove:{step}.also.0")
    assert not {"also", "need", "in_turn"} & set(living.content["programme"]["route"]["accepted"]["approve"])


def test_no_more_desks_are_added_than_may_sign(living: Draft) -> None:
    step = "programme.route.accepted.approve"
    button = f'value="add:signer:{step}"'
    for desk in range(7):
        assert button in living.desk.get(f"{living.url}route/"), desk
        living.press("route", f"add:signer:{step}")
    assert len(seats.desks(living.programme.step("approve"))) == 8
    assert living.faults() == [] and button not in living.desk.get(f"{living.url}route/")
    with pytest.raises(UnknownAct):
        changes.apply(living.content, living.content, f"add:signer:{step}")
    living.press("route", f"remove:{step}.also.0")
    assert button in living.desk.get(f"{living.url}route/")


def test_only_an_approval_gets_further_desks(living: Draft) -> None:
    with pytest.raises(UnknownAct):
        changes.apply(living.content, living.content, "add:signer:programme.route.accepted.review")
