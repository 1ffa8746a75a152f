"""Vacancies of employers, workers who look for work, a training class and those who enrol."""
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.demo.cases.acts import Act, Story
from casework.demo.cases.answers import Form
from casework.demo.cases.people import BY_LOGIN
from casework.demo.organisations import by_key
from casework.workflows import vacancies

OFFICER = "case_officer"
USCC = "91610825MA0000031R"


def _office() -> str:
    return str(by_key()["shangzhou"].public_id)


def _vacancy(post: str, occupation: str, employer: str, count: int, yuan: tuple[int, int], words: str) -> Form:
    """A vacancy that is open for two months."""

    def form(now: datetime) -> dict[str, Any]:
        return {
            "office": _office(), "employer": employer, "uscc": USCC, "contact": "程开业",
            "contact_phone": "0914-2388233", "post": post, "occupation": occupation, "headcount": count,
            "wage_min": yuan[0] * 100, "wage_max": yuan[1] * 100, "place": "商州区高新园区", "insurance": True,
            "lodging": occupation == "production", "valid_to": (local_date(now) + timedelta(days=60)).isoformat(),
            "requirements": words, "no_fee": True, "truth_pledge": True,
        }

    return form


def _person(login: str) -> dict[str, Any]:
    me = BY_LOGIN[login].me
    return {"office": _office(), "name": me.name, "id_no": me.id_no, "phone": me.phone, "general_consent": True}


def _seeker(login: str, wanted: tuple[str, ...], *group: str) -> Form:
    """Somebody who looks for work."""

    def form(now: datetime) -> dict[str, Any]:
        return _person(login) | {
            "group": list(group), "education": "senior", "wanted": list(wanted), "wage_min": 280_000,
            "available_from": local_date(now).isoformat(),
        }

    return form


def _class(now: datetime) -> dict[str, Any]:
    """A class that takes enrolments for some weeks yet."""
    until = local_date(now) + timedelta(days=40)
    begins = add_working_days(until, 5)
    return {
        "course": "中蜂养殖技术培训班", "occupation": "bee_keeping", "level": "basic", "trainer": "商州区示范养蜂协会",
        "trainer_uscc": USCC, "place": "商州区工人文化宫", "enrol_until": until.isoformat(), "hours": 40, "seats": 30,
        "budget": 4_500_000,
        "begins": begins.isoformat(), "ends": (begins + timedelta(days=6)).isoformat(),
    }


def _enrolment(login: str) -> Form:
    """An enrolment in the class that is open."""

    def form(now: datetime) -> dict[str, Any]:
        open_class = Case.objects.get(key="training_class", state="open")
        about = {"training": str(open_class.public_id), "education": "junior", "employed": "migrant"}
        return _person(login) | about

    return form


def _that_fits(case: Case) -> str:
    """The vacancy that fits the seeker and ends first."""
    seeker = Case.objects.select_related("city", "organisation").get(pk=case.pk)
    return str(vacancies.fitting(seeker, local_date(seeker.created_at))[0].entry.pk)


def _offered(key: str, day: int, form: Form, *acts: Act) -> Story:
    files = {"licence": 1, "notice": 1}
    return Story(f"vacancy-{key}", "employer_vacancy", day, "09:20", "employer_rep", form, acts, files)


def _checked(day: int) -> tuple[Act, ...]:
    """Three working days from the desk of the window to the public list."""
    return (
        Act(day, "10:30", "window_clerk", "accept.pass"),
        Act(day, "14:40", "reviewer", "review.pass", {"opinion": "证照齐全，条件合规。"}),
        Act(day - 1, "09:50", "approver2", "approve.pass", {"opinion": "同意发布。"}),
        Act(day - 1, "11:10", OFFICER, "publish.pass"),
    )


def _asking(login: str, day: int, form: Callable[[datetime], dict[str, Any]], *acts: Act) -> Story:
    return Story(f"job-{login}", "job_assistance", day, "11:00", login, form, acts)


def _enrolling(login: str, day: int, *acts: Act) -> Story:
    return Story(f"enrolling-{login}", "training_enrolment", day, "13:10", login, _enrolment(login), acts)


STORIES = (
    _offered("sewing", 9, _vacancy("缝纫工", "production", "商州区示范服装有限公司", 12, (3000, 4500),
                                   "熟练使用平车，长白班，提供食宿。"), *_checked(8)),
    _offered("sorting", 8, _vacancy("仓库分拣员", "logistics", "商洛市示范快递有限公司", 30, (2800, 4200),
                                    "能适应夜班，无经验可培训。"), *_checked(7)),
    _offered("care", 1, _vacancy("养老护理员", "service", "商州区示范养老院", 4, (2600, 3500),
                                 "有爱心，有护理经验优先。")),
    _asking("gu_weimin", 5, _seeker("gu_weimin", ("production", "logistics")),
            Act(4, "09:30", "window_clerk", "accept.pass"),
            Act(3, "10:20", OFFICER, "match.refer", {"vacancy": _that_fits})),
    _asking("fu_yuqin", 1, _seeker("fu_yuqin", ("service", "office"), "long_jobless")),
    Story("class-bees", "training_class", 10, "10:40", "trainer", _class,
          (Act(9, "15:30", "approver2", "approve_plan.pass", {"opinion": "同意开班。"}),), {"plan": 1, "licence": 1}),
    _enrolling("kong_fanlin", 5, Act(4, "15:00", "window_clerk", "accept.pass"),
               Act(4, "16:10", OFFICER, "seat.pass")),
    _enrolling("an_cuihua", 2, Act(1, "14:20", "window_clerk", "accept.pass")),
)
