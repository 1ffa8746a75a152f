"""What unions and offices begin: homes of unions, a round of winter visits, a selection of model workers; some of them
wait at desks of the city."""
from datetime import datetime, timedelta
from typing import Any

from casework.core.calendar import local_date
from casework.demo.cases.acts import Act, Story
from casework.demo.cases.answers import Form
from casework.demo.organisations import by_key

HANDLER, CITY = "unit_handler", "city_case_officer"
HOME_FILES = {"declaration": 1, "evidence": 1}


def _home(union: str, day: int, grade: str, holder: str, *acts: Act) -> Story:
    """The handler has the home of a union assessed."""

    def form(now: datetime) -> dict[str, Any]:
        return {
            "union": str(by_key()[union].public_id), "grade": grade, "self_score": 92, "member_vote": 88, "area": 120,
            "opened_on": "2024-05-01", "statement": "阵地规范，活动经常，职工满意。", "account_name": holder,
            "card_no": "6222021234567890128", "bank": "中国工商银行", "truth_pledge": True,
        }

    return Story(f"home-{union}", "home_acceptance", day, "10:10", HANDLER, form, acts, HOME_FILES)


def _visits(county: str, households: int) -> Form:
    """A plan of 500 yuan and goods of 200 yuan a household."""

    def form(now: datetime) -> dict[str, Any]:
        today = local_date(now)
        goods = [
            {"item": "大米 10 公斤", "quantity": 2, "unit_price": 60_00},
            {"item": "食用油 5 升", "quantity": 1, "unit_price": 80_00},
        ]
        return {
            "occasion": "winter", "plan_on": today.isoformat(), "visit_from": (today + timedelta(20)).isoformat(),
            "visit_to": (today + timedelta(60)).isoformat(), "cash": 500_00, "goods": goods,
            "amount": 700_00 * households,
            "quotas": [{"county": str(by_key()[county].public_id), "households": households}],
        }

    return form


def _selection(now: datetime) -> dict[str, Any]:
    """Two places for the front line of one county."""
    quota = {"county": str(by_key()["shangzhou"].public_id), "group": "front_line", "places": 2}
    return {
        "title": f"{local_date(now).year} 年度市级劳动模范", "honour": "model_worker",
        "nominate_until": (local_date(now) + timedelta(60)).isoformat(), "conditions": "爱岗敬业，贡献突出，群众公认。",
        "quotas": [quota], "leaders_most": 0,
    }


def _taken(day: int) -> tuple[Act, ...]:
    return (Act(day, "15:20", "window_clerk", "accept.pass", {"opinion": "申报材料齐全。"}),)


STORIES = (
    _home("machine", 2, "qualified", "丹江示范机械公司工会"),
    _home("express", 4, "qualified", "城关快递物流联合工会", *_taken(3)),
    _home("textile", 6, "advanced", "秦岭示范纺织厂工会", *_taken(5),
          Act(4, "11:00", "organiser", "town_check.pass", {"opinion": "情况属实，同意上报。"})),
    Story("visits-city", "condolence", 2, "09:15", CITY, _visits("shangzhou", 30)),
    Story("visits-county", "condolence", 5, "09:40", "case_officer", _visits("shangzhou", 20), (
        Act(4, "10:30", "city_approver", "approve_plan.pass", {"opinion": "同意按方案实施。"}),
    )),
    Story("selection", "model_selection", 7, "11:10", CITY, _selection, (
        Act(6, "15:00", "city_approver", "approve_plan.pass", {"opinion": "同意启动评选。"}),
    )),
)
