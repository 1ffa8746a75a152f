"""Events as an auditor reads them: reasons, papers and duties in words, never the keys of the machine."""
from typing import Any

import pytest
from django.utils.translation import override

from casework.oversight import words
from casework.programmes.loader import load_catalogue

DOSSIER = load_catalogue()["hardship_dossier"]
NOTICE = {"items": [{"item": "income_proof", "problem": "UNCLEAR", "wanted": "11 月工资单"}]}
TOLD: list[tuple[dict[str, Any], tuple[str, str], tuple[str, str]]] = [
    ({"code": "EXCL_CAR"}, ("理由", "家庭经常使用非营运车辆"),
     ("Reason code", "The household regularly uses a private car")),
    ({"code": "CARD_CLOSED"}, ("理由", "账户已销户"), ("Reason code", "The account is closed")),
    ({"codes": ["RECUSED", "SAME_HANDS"]}, ("理由", "与当事人有亲属关系，应当回避、已参与本案的其他岗位工作"),
     ("Reason codes", "Related to a person of the case, Acted on the case in another duty")),
    ({"action": "review.deny"}, ("操作", "县（区）总工会审核：不予批准"),
     ("Action", "Review by the county: Do not approve")),
    ({"handed_in": ["income_proof", "form"]}, ("提交的材料", "收入证明、申请表内容"),
     ("Papers handed in", "Proof of income, Something in the form")),
    ({"next": "means_check"}, ("下一环节", "家庭经济状况核对"), ("Next step", "Household means check")),
    ({"field": "id_no"}, ("查看项目", "身份证号"), ("Field", "ID number")),
    (NOTICE, ("告知事项", "收入证明 · 不清晰 · 11 月工资单"),
     ("Item of the notice", "Proof of income · Not legible · 11 月工资单")),
]


@pytest.mark.parametrize(("data", "chinese", "english"), TOLD)
def test_facts_are_told_in_words(data: dict[str, Any], chinese: tuple[str, str], english: tuple[str, str]) -> None:
    with override("zh-hans"):
        assert words.facts(data, DOSSIER) == [chinese]
    with override("en"):
        assert words.facts(data, DOSSIER) == [english]


def test_changes_are_told_in_words() -> None:
    data = {
        "before": {"state": "accepted", "category": "", "outcome": "", "amount_fen": None},
        "after": {"state": "denied", "category": "relative", "outcome": "FALSE_DATA", "amount_fen": 123_450},
    }
    with override("zh-hans"):
        assert words.changes(data, {}) == [
            ("状态", "已受理", "不予批准"), ("困难类别", "—", "相对困难"), ("终结原因", "—", "申报内容不实"),
            ("批准金额", "—", "1,234.50 元"),
        ]


def test_a_changed_column_is_told_by_what_it_points_at_and_a_day_as_a_day() -> None:
    data = {"before": {"organisation_id": 3}, "after": {"organisation_id": 4, "due_on": "2026-12-01"}}
    rows = {("organisation_id", 3): "秦岭示范纺织厂工会", ("organisation_id", 4): "商州区总工会"}
    with override("zh-hans"):
        assert words.changes(data, rows) == [
            ("经办工会", "秦岭示范纺织厂工会", "商州区总工会"), ("法定期限", "—", "2026年12月1日"),
        ]


@pytest.mark.parametrize(("action", "said"), [
    ("unit_check.pass", "通过"), ("review.deny", "不予批准"), ("export", "导出案卷"), ("withdraw", "撤回申请"),
    ("nobody.knows", "nobody.knows"),
])
def test_actions_are_told_without_their_service(action: str, said: str) -> None:
    with override("zh-hans"):
        assert words.action_words(action) == said


def test_what_nothing_knows_stays_as_it_is() -> None:
    with override("zh-hans"):
        assert words.facts({"code": "UNHEARD_OF"}) == [("理由", "UNHEARD_OF")]
        assert words.facts({"items": ["odd", {"item": "x"}]}) == [("告知事项", "x")]
