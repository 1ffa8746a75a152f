"""What differs between two versions, in words of both languages."""
import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.programmes.difference import GROUPS, differences, grouped
from casework.programmes.loader import CATALOGUE, content_of

Content = dict[str, Any]
BASE = content_of(CATALOGUE / "living_aid")


def steps(content: Content) -> dict[str, Any]:
    found: dict[str, Any] = content["programme"]["route"]["accepted"]
    return found


def items(content: Content) -> list[Any]:
    found: list[Any] = content["form"]["pages"][0]["groups"][0]["items"]
    return found


def swap(content: Content) -> None:
    row = items(content)
    row[0], row[1] = row[1], row[0]


def insert(content: Content) -> None:
    step = {"kind": "check", "by": "organiser@town", "limit": "3wd", "title": {"zh": "镇工会审核", "en": "Town check"}}
    content["programme"]["route"]["accepted"] = {"town_check": step, **steps(content)}


def to_the_end(content: Content) -> None:
    route = steps(content)
    route["review"] = route.pop("review")


CASES: dict[str, tuple[Callable[[Content], Any], str, str, str]] = {
    "limit": (lambda c: steps(c)["review"].update(limit="5wd"), "limits",
              "步骤“县（区）总工会审核”的时限：10 → 5 个工作日",
              "Step “Review by the county”, limit: 10 → 5 working days"),
    "total": (lambda c: c["programme"]["total"].update(promise="12wd"), "limits",
              "总承诺时限：15 → 12 个工作日", "Total: promised limit: 15 → 12 working days"),
    "role": (lambda c: steps(c)["review"].update(by="case_officer@county"), "route",
             "步骤“县（区）总工会审核”的办理人：审核人（县（区）总工会） → 经办人（县（区）总工会）",
             "Step “Review by the county”, done by: Reviewer (County federation) → Case officer (County federation)"),
    "step gone": (lambda c: steps(c).pop("county_notice"), "route", "删去：步骤“县（区）公示”",
                  "Step “Notice in the county”: removed"),
    "step new": (insert, "route", "新增：步骤“镇工会审核”", "Step “Town check”: added"),
    "step moved": (to_the_end, "route", "移动：步骤“县（区）总工会审核”", "Step “Review by the county”: moved"),
    "field gone": (lambda c: items(c).pop(3), "form", "删去：表单项“意外损失金额”",
                   "Field “Loss by an accident”: removed"),
    "field stricter": (lambda c: items(c)[1].update(max=6), "form", "表单项“困难持续月数”的最大值：12 → 6",
                       "Field “Months of hardship”, most: 12 → 6"),
    "fields swapped": (swap, "form", "移动：表单项“困难持续月数”", "Field “Months of hardship”: moved"),
    "paper": (lambda c: c["programme"]["papers"]["application"].update(required=True), "papers",
              "材料“手写签名的申请书”的必填：否 → 是", "Paper “Signed letter of application”, required: no → yes"),
    "condition": (lambda c: c["programme"]["eligibility"].append(
        {"when": {"award_fen": {"above": 300_000}, "category": {"in": ["deep", "relative"]}}, "deny": "NO_DOSSIER"}),
        "eligibility",
        "新增：条件“核定金额高于3,000.00 元，且困难类别属于深度困难、相对困难，则没有在档的困难职工档案（NO_DOSSIER）”",
        "Condition “award is above 3,000.00 yuan and category is one of Deep hardship, Relative hardship: There is no "
        "hardship dossier in force (NO_DOSSIER)”: added"),
    "sum of a question": (lambda c: items(c)[2].update(max=5_000_000), "form",
                          "表单项“申请金额”的最大值：100,000.00 → 50,000.00 元",
                          "Field “Amount asked for”, most: 100,000.00 → 50,000.00 yuan"),
    "who may file": (lambda c: c["programme"].update(start=["applicant", "window_clerk@county"]), "filing",
                     "可提交者：未填 → 申请人、窗口受理员（县（区）总工会）",
                     "who may file: not given → Applicant, Window clerk (County federation)"),
    "shown": (lambda c: steps(c).get("county_notice", {}).update(shows=["name", "amount"], scope="county"), "route",
              "步骤“县（区）公示”的公示内容：姓名、单位、救助种类、金额 → 姓名、金额",
              "Step “Notice in the county”, what is shown: name, union, kind of aid, amount → name, amount"),
    "days it is open": (lambda c: c["programme"].update(open={"from": "07-01", "to": "08-31"}), "filing",
                        "受理期间：未填 → 自 07-01，至 08-31", "days it is open: not given → from 07-01, to 08-31"),
    "rule": (lambda c: c["programme"].update(award=""), "numbers", "金额规则：living_aid → 未填",
             "rule of the amount: living_aid → not given"),
    "title": (lambda c: c["programme"]["title"].update(zh="生活困难救助"), "texts", "名称：生活救助 → 生活困难救助",
              "title: 生活救助 → 生活困难救助"),
    "kept for": (lambda c: c["programme"].update(retention="15y"), "filing", "保存期限：10 → 15 年",
                 "kept for: 10 → 15 years"),
}


@pytest.mark.parametrize("name", CASES)
def test_one_change_is_one_line(name: str) -> None:
    change, group, zh, en = CASES[name]
    after = copy.deepcopy(BASE)
    change(after)
    (found,) = differences(BASE, after)
    assert (found.group, found.line.zh, found.line.en) == (group, zh, en)


def test_the_lines_stand_under_their_headings() -> None:
    after = copy.deepcopy(BASE)
    for change, *_rest in CASES.values():
        change(after)
    found = grouped(differences(BASE, after))
    assert [title for title, _rows in found] == list(GROUPS.values())


def test_nothing_differs_from_itself() -> None:
    assert differences(BASE, copy.deepcopy(BASE)) == []


def test_the_number_in_the_folder_is_no_difference() -> None:
    """The number of a version is given when it is published."""
    after = copy.deepcopy(BASE)
    after["programme"]["version"] = 9
    assert differences(BASE, after) == []


@given(st.lists(st.sampled_from(sorted(CASES)), min_size=1, unique=True))
def test_there_and_back_names_the_same_places(names: list[str]) -> None:
    after = copy.deepcopy(BASE)
    for name in names:
        CASES[name][0](after)
    back = {"added": "removed", "removed": "added"}
    there = {(change.place, change.kind) for change in differences(BASE, after) if change.kind != "moved"}
    again = {(c.place, back.get(c.kind, c.kind)) for c in differences(after, BASE) if c.kind != "moved"}
    assert there == again


@pytest.mark.parametrize(
    "broken", [{}, {"programme": 3}, {"programme": {"route": [], "papers": 4}, "form": {"pages": 1}}]
)
def test_a_broken_draft_can_be_compared_too(broken: Content) -> None:
    assert differences(BASE, broken)
