"""Vacancies, those who look for work, and training classes (domain §5.3, §5.7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.calendar import add_months, add_working_days
from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look, day_of, years_after

LISTED_MONTHS, LEAST_AGE, REPORT_WD = 6, 16, 5
# Words by which an advertisement shuts people out, or takes money from them.
SHUTS_OUT = (
    "限男", "限女", "仅限男", "仅限女", "男性优先", "女性优先", "已婚已育", "未婚优先", "限本地", "本地户口", "限汉族",
    "乙肝", "属相", "星座",
)
TAKES_MONEY = ("押金", "报名费", "服装费", "保证金", "中介费")


def vacancy_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """The wage rises from least to most; the list holds it six months at most; nothing shuts people out or costs the
    seeker money."""
    found = []
    if int(answers["wage_max"]) < int(answers["wage_min"]):
        found.append(Fault("wage_max", Text("最高工资低于最低工资。", "The highest wage is below the lowest.")))
    if day_of(answers["valid_to"]) > add_months(day, LISTED_MONTHS):
        words = Text("发布期最长六个月。", "A vacancy is listed for six months at most.")
        found.append(Fault("valid_to", words))
    for place in ("post", "requirements"):
        text = str(answers.get(place) or "").replace(" ", "")
        if any(word in text for word in SHUTS_OUT):
            words = Text(
                "招用条件不得含有性别、婚育、户籍、民族、健康等歧视性内容。",
                "The conditions must not discriminate by sex, family, residence, nation or health.",
            )
            found.append(Fault(place, words))
        elif any(word in text for word in TAKES_MONEY):
            words = Text("不得向求职者收取任何费用。", "Seekers must not be asked for any money.")
            found.append(Fault(place, words))
    return found


def vacancy_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """below_minimum: the lowest wage is below the local minimum wage (domain §5.3)."""
    return {"below_minimum": int(answers["wage_min"]) < int(numbers["minimum_wage"])}


def class_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """The class ends after it begins, and enrolments end five office days before it, for the opening report."""
    found = []
    if day_of(answers["ends"]) < day_of(answers["begins"]):
        found.append(Fault("ends", Text("结束日期早于开班日期。", "The end lies before the start.")))
    if day_of(answers["begins"]) < add_working_days(day_of(answers["enrol_until"]), REPORT_WD):
        words = Text(
            "报名截止须至少早于开班 5 个工作日。", "Enrolments end at least 5 working days before the class begins."
        )
        found.append(Fault("enrol_until", words))
    return found


def seeker_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Nobody under sixteen is placed in work."""
    born = date.fromisoformat(f"{answers['id_no'][6:10]}-{answers['id_no'][10:12]}-{answers['id_no'][12:14]}")
    if years_after(born, LEAST_AGE) <= day:
        return []
    return [Fault("id_no", Text("未满 16 周岁不能求职登记。", "Nobody under 16 can register for work."))]


def seeker_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """hard: belongs to a group that may be recognised as hard to employ."""
    return {"hard": bool(set(answers.get("group") or ()) - {"other"})}
