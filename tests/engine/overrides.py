"""The few things the walker cannot find out by itself: answers that must fit together, and what a service rests on."""

from collections.abc import Callable
from typing import Any

from casework.access.models import User
from casework.cases.models import Case
from casework.organisations.models import Level, Organisation
from casework.programmes.spec import Programme
from tests import walk
from tests.filled import dossier_answers, living_answers
from tests.office import Office
from tests.services import bills, jobs, lessons, rosters, second_looks, selection

Answers = Callable[[Office, str], dict[str, Any]]
# Programme → answers of the application that decide whether it can be granted; the filler gives the others.
APPLICATION: dict[str, Answers] = {
    "hardship_dossier": dossier_answers,
    "dossier_review": dossier_answers,
    "living_aid": living_answers,
    "condolence": rosters.small_plan,
    "medical_aid": bills.medical_in_march,
    "tuition_aid": bills.himself_a_student,
    "mutual_claim_hospital": bills.claim_in_march,
    "mutual_claim_critical": bills.diagnosed_in_february,
    "employer_vacancy": jobs.vacancy,
    "training_class": lessons.plan,
    "job_assistance": lambda office, who: jobs.seeker(office, who, group=["returned"]),
    "legal_aid": lambda _office, _who: {"poverty": "certificate", "matter": "wages", "wanted": ["arbitration"]},
    "home_acceptance": lambda office, _who: {"account_name": office.orgs["union"].name},
    "union_card": lambda _office, _who: {"contact": "苏小梅"},
}


def _another(key: str, **answers: Any) -> Callable[[Office, str], None]:
    """The same matter, told before by somebody else."""

    def tell(office: Office, who: str) -> None:
        walk.member(office, "another_worker")
        told = {"office": str(office.orgs["county"].public_id), **answers}
        office.apply("another_worker", key, told)

    return tell


def _earliest() -> str:
    """The number of the case told first."""
    return str(Case.objects.order_by("pk").values_list("number", flat=True)[0])


def _city() -> str:
    """The federation of the city."""
    return str(Organisation.objects.filter(level=Level.CITY).earliest("pk").public_id)


def _lawyer() -> str:
    """The lawyer at the desk of the county."""
    return str(User.objects.get(username="lawyer_county_1").pk)


# Programme → what must be there before it can be applied for.
PREPARE: dict[str, Callable[[Office, str], None]] = {
    "condolence": rosters.ended_since, "mutual_claim_hospital": bills.insured_since_2025,
    "mutual_claim_critical": bills.critical_since_2025,
    "job_assistance": jobs.one_vacancy,
    "hotline_ticket": _another("hotline_ticket", matter="help", text="单位三个月没有发工资"),
    "petition": _another("petition", channel="web", topic="wages", headcount=1, text="单位三个月没有发工资"),
}
# Programme → how its case comes about, where nobody hands it in: (office, login, answers that differ).
HAND_IN: dict[str, Callable[[Office, str, dict[str, Any]], Case]] = {
    "condolence_visit": rosters.one_line,
    "model_nomination": selection.one_nomination,
    "training_enrolment": lessons.one_enrolment,
    "re_examination": second_looks.asked_of_the_city,
}
# (programme, step) → what others do when it opens.
ON_ARRIVAL: dict[tuple[str, str], Callable[[Office, Case], None]] = {
    ("training_class", "enrolments"): lessons.two_seated,
    ("training_class", "attendance"): lessons.first_day,
}
# Programme → further answers of the application with which it is walked once more each.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "medical_aid": [{"treatment": [bills.treatment(1_500_000, **{"from": "2026-01-05", "to": "2026-01-12"})]}],
    "training_enrolment": [{}, {"full": True}],
    "job_assistance": [{"group": ["returned"]}, {"group": []}],
    "mutual_claim_hospital": [{"total": 4_000_000}, {"total": 6_700_000}],
}
# Register → data of the entry an applicant must have.
ENTRIES: dict[str, dict[str, Any]] = {}
# (kind of step, choice), or (programme, action) → answers of a decision.
DECISIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("living_aid", "unit_check.one_time_notice"): {
        "items": [{"item": "form.request.request", "problem": "INCONSISTENT", "wanted": "请核对困难情况"}],
    },
    ("dossier_review", "review.deny"): {"code": "FALSE_DATA"},
    ("dossier_review", "approve.deny"): {"code": "FALSE_DATA"},
    ("living_aid", "supplement"): {"reason": "核对后更正：本人患病停工半年，家中无其他收入"},
    ("condolence", "roster.strike"): {"line": rosters.last_line},
    ("condolence", "list_notice.change_list"): {"line": rosters.last_line},
    ("discuss", "not_supported"): {"present": 7, "in_favour": 2},
    ("visit", "no_visit"): {"attempts": [{"on": "2026-01-05"}, {"on": "2026-01-06"}]},
    ("confirmations", "send"): {"bodies": list(selection.ALL)},
    ("answer", "transfer"): {"service": "hardship_dossier"},
    ("assign_lawyer", "pass"): {"lawyer": _lawyer},
    ("admit", "transfer"): {"service": "hardship_dossier"},
    ("admit", "merge"): {"number": _earliest},
    ("admit", "not_accept"): {"code": "NOT_OUR_MATTER", "right_body": "市人力资源和社会保障局"},
    ("admit", "refer"): {"office": _city},
    ("handle", "transfer"): {"service": "hardship_dossier"},
    ("answer", "merge"): {"number": _earliest},
    ("handle", "merge"): {"number": _earliest},
    ("answer", "not_accept"): {"code": "NOT_OUR_MATTER", "right_body": "市人力资源和社会保障局"},
    ("attendance", "session"): {"half": lambda: next(lessons.HALVES)},
    ("match", "hired"): {"ends": "2030-12-31"},
    ("match", "found"): {"ends": "2030-12-31"},
    ("match", "not_placed"): {"code": "GIVEN_UP"},
    ("notice", "post"): {"text": "现将拟定名单予以公示。", "contact": "区总工会 0914-2388888"},
}
# Kinds of step that pass with the last of several hands.
SEVERAL_HANDS = {"score", "confirmations", "follow_up"}
# (kind of step, choice) after which nobody can grant the case any more: the walk ends there, for the denial that
# follows is that of any other case.
CLOSES_THE_WAY = {("visit", "sign_no_visit")}
# Kind of step that waits for something outside its case → what it may be told, the ordinary first.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "placing": ("selected", "dropped"), "listing": ("filled",), "enrol": ("moved_up", "dropped"),
    "lessons": ("passed", "failed", "left"),
}
# (kind of step, what it is told) → what another does, whereupon it is told so.
TELLING: dict[tuple[str, str], Callable[[Office, Case], None]] = {("enrol", "moved_up"): lessons.one_leaves}
# Programme → what the beat may make of its lines after any move.
BESIDE: dict[str, set[tuple[str, str]]] = {"condolence": {("lines", "refused")}}
BY_ANOTHER = "decided by the approver, who is no doer of the step; tests/services tell it"
BY_LAWYER = "done by the lawyer at the cashier's step; tests/services tell it"
# Programme → actions of its graph that cannot be walked, each with the reason.
NOT_WALKED: dict[str, dict[str, str]] = {
    "hotline_ticket": {"handle.extend": BY_ANOTHER, "handle.refuse_longer": BY_ANOTHER},
    "legal_aid": {"conduct.replace": BY_ANOTHER, "pay.new_card": BY_LAWYER},
    "petition": {"investigate.extend": BY_ANOTHER, "investigate.refuse_longer": BY_ANOTHER},
    "mutual_claim_hospital": {"list_notice.uphold": "a list that hangs beside the payment comes after the decision"},
}


def answers(key: str, programme: Programme, action: str) -> dict[str, Any]:
    """Given answers of one move."""
    step, _dot, choice = action.rpartition(".")
    kind = programme.step(step).kind if step else ""
    return DECISIONS.get((kind, choice), {}) | DECISIONS.get((key, action), {})
