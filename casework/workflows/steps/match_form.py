"""Questions of the step match: which vacancy, what came of a referral, the contract, why it ends (domain §5.3)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow, vacancies
from casework.workflows.steps import asking
from casework.workflows.turn import Turn

REFUSALS, OFFERS, SEARCH_DAYS = 3, 3, 30
RESULTS = {
    "worker": asking.words("本人不愿去", "The seeker declined"),
    "employer": asking.words("用人单位未录用", "The employer declined"),
    "no_show": asking.words("未参加面试", "Did not come to the interview"),
}
ENDINGS = {
    "GIVEN_UP": asking.words("本人不再求职", "The seeker looks for no work any more"),
    "THREE_REFUSALS": asking.words("本人三次不接受推荐", "The seeker declined three offers"),
    "NO_FIT": asking.words("经多次推荐仍无合适岗位", "No vacancy fitted after several offers"),
}


def some_fit(turn: Turn) -> list[Problem]:
    """The register holds a vacancy for him."""
    if vacancies.fitting(turn.case, turn.today):
        return []
    message = _("No open vacancy fits what the seeker wants.")
    return [Problem("NO_FIT", message, mend=_("Look again when new ones are published, or ask what else he would do."))]


def refer_form(turn: Turn) -> FormSpec | None:
    """One of the vacancies that fit, those that end first on top."""
    fitting = vacancies.fitting(turn.case, turn.today)
    choices = {str(one.entry.pk): asking.words(vacancies.words(one), vacancies.words(one)) for one in fitting}
    vacancy = {
        "key": "vacancy", "kind": "enum", "required": True, "choices": choices,
        "title": asking.words("推荐岗位", "Vacancy"),
        "help": asking.words("按求职意向筛选，将到期的排在前面。", "Those that fit; what ends first stands first."),
    }
    return asking.decision_form("refer", vacancy, asking.opinion(required=False))


def _referral(turn: Turn) -> asking.Item:
    """Which of the open referrals."""
    told = {row.pk: vacancies.words(vacancies.tell([row.vacancy])[0]) for row in vacancies.referred(turn.case)}
    choices = {str(number): asking.words(words, words) for number, words in told.items()}
    return {
        "key": "referral", "kind": "enum", "required": True, "choices": choices,
        "title": asking.words("所推荐的岗位", "Referral"),
    }


def _contract_items() -> list[asking.Item]:
    first: asking.Item = {
        "key": "starts", "kind": "date", "required": True, "title": asking.words("合同开始日期", "Contract from"),
    }
    last: asking.Item = {
        "key": "ends", "kind": "date",
        "title": asking.words("合同结束日期（无固定期限可不填）", "To (empty if open-ended)"),
    }
    wage: asking.Item = {
        "key": "wage", "kind": "money", "required": True, "title": asking.words("月工资（元）", "Wage a month (yuan)"),
    }
    return [first, last, wage, asking.yes_no("insured", "缴纳社会保险", "Socially insured")]


def hired_form(turn: Turn) -> FormSpec | None:
    """The referral that led to a contract, and the contract."""
    return asking.decision_form("hired", _referral(turn), *_contract_items(), asking.opinion(required=False))


def contract_form(turn: Turn) -> FormSpec | None:
    """The contract he found by himself."""
    return asking.decision_form("found", *_contract_items(), asking.opinion(required=False))


def check_contract(turn: Turn) -> list[Problem]:
    """It ends after it begins."""
    last = turn.answers.get("ends")
    if not last or str(last) > str(turn.answers["starts"]):
        return []
    return [Problem("CONTRACT_DAYS", _("The contract ends before it begins."), place="ends")]


def contract(turn: Turn) -> dict[str, Any]:
    """What is kept of the contract: days, wage in fen, insured."""
    given = turn.answers
    return {
        "from": given["starts"], "to": given.get("ends") or "", "wage": int(given["wage"]),
        "insured": bool(given.get("insured")),
    }


def declined_form(turn: Turn) -> FormSpec | None:
    """What came of a referral, and why."""
    result: asking.Item = {
        "key": "result", "kind": "enum", "required": True, "choices": RESULTS,
        "title": asking.words("推荐结果", "What came of it"),
    }
    return asking.decision_form("declined", _referral(turn), result, asking.opinion(required=True, zh="原因", en="Why"))


def ending_form(turn: Turn) -> FormSpec | None:
    """Why no work was found; the seeker reads the words."""
    return asking.decision_form(
        "not_placed", asking.reason_code(ENDINGS), asking.opinion(required=True, zh="说明", en="Explanation")
    )


def check_ending(turn: Turn) -> list[Problem]:
    """Three refusals of his own, or three offers or thirty days without a fit; giving up is his own word."""
    code, (task, _step) = str(turn.answers["code"]), flow.task_and_step(turn)
    if code == "THREE_REFUSALS" and vacancies.count(turn.case, result="worker") < REFUSALS:
        return [Problem("TOO_EARLY", _("He has not declined three offers yet."), place="code")]
    searched = (turn.today - local_date(task.opened_at)).days >= SEARCH_DAYS
    if code == "NO_FIT" and not searched and vacancies.count(turn.case) < OFFERS:
        message = _("Three offers, or thirty days of search, come first.")
        return [Problem("TOO_EARLY", message, place="code", mend=_("Refer to further vacancies."))]
    return []


def said_form(turn: Turn) -> FormSpec | None:
    """What was said."""
    return asking.decision_form("contact", asking.opinion(required=True, zh="联系记录", en="What was said"))
