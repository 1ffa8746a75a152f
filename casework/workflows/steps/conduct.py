"""The lawyer conducts the case (domain §5.4): agreement, log of what he did, closing report with the judgment; or
another lawyer takes his place. What is opened to him is closed when he is replaced."""
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.people import persons
from casework.people.models import BankAccount, Person
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

RESULTS: dict[str, asking.Item] = {
    "mediated": asking.words("调解", "Settled by mediation"), "withdrawn": asking.words("撤诉", "Withdrawn"),
    "award": asking.words("裁决", "Award of the arbitration"), "judgment": asking.words("判决", "Judgment"),
    "advice": asking.words("咨询", "Advice given"),
}
HANDLED: dict[str, asking.Item] = {
    "advice": asking.words("咨询", "Advice"), "drafting": asking.words("代书", "Drafting"),
    "mediation": asking.words("调解", "Mediation"), "arbitration": asking.words("仲裁代理", "Arbitration"),
    "litigation": asking.words("诉讼代理", "Litigation"),
}
PROVED = ("mediated", "award", "judgment")


def agree_form(turn: Turn) -> FormSpec | None:
    """The agreement, signed by both."""
    return asking.decision_form(
        "agree", asking.date_item("signed_on", "签订日期", "Signed on"),
        asking.files("agreement", "委托协议", "Agreement"),
    )


def agreement_files(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, common.document_facts(turn, "agreement"))


def agree(turn: Turn) -> None:
    """Worker and lawyer have agreed."""
    common.note_opinion(turn, "agree")
    turn.facts["signed_on"] = turn.answers["signed_on"]
    files.take_files(turn, common.document_facts(turn, "agreement"))
    turn.then(effects.set_phase, phase="agreed")


def log_form(turn: Turn) -> FormSpec | None:
    """What was done, when."""
    return asking.decision_form(
        "log", asking.date_item("done_on", "日期", "Day"),
        asking.long("note", "办理事项", "What was done", most=1000),
        asking.files("log_papers", "附件", "Papers", least=0),
    )


def log_files(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, common.document_facts(turn, "log_papers"))


def log(turn: Turn) -> None:
    """One line of the handling log."""
    common.note_opinion(turn, "log")
    turn.facts |= {"done_on": turn.answers["done_on"], "note": turn.answers["note"]}
    files.take_files(turn, common.document_facts(turn, "log_papers"))


def known_account(turn: Turn) -> BankAccount | None:
    """The account the lawyer gave last."""
    return BankAccount.objects.filter(person_id=turn.actor.person or 0).order_by("-id").first()


def close_form(turn: Turn) -> FormSpec | None:
    """Result, money won, how it was handled, the report and the judgment, and where the subsidy goes."""
    needed = known_account(turn) is None
    card = {
        "key": "card_no", "kind": "bank_card", "required": needed,
        "title": asking.words("律师补贴收款卡号", "Card for the subsidy"),
    }
    return asking.decision_form(
        "close", _one("result", "结案方式", "Result", RESULTS),
        _one("handled", "办理方式", "How it was handled", HANDLED),
        {"key": "amount_won", "kind": "money", "title": asking.words("为职工挽回金额", "Amount won for the worker")},
        asking.long("report", "结案报告", "Closing report", most=3000),
        asking.files("judgment", "调解书、裁决书或判决书", "Settlement, award or judgment", least=0),
        card, asking.short("bank", "开户银行", "Bank", required=needed, most=60),
    )


def _one(key: str, zh: str, en: str, choices: dict[str, asking.Item]) -> asking.Item:
    return {"key": key, "kind": "enum", "required": True, "choices": choices, "title": asking.words(zh, en)}


def fresh(task: Task) -> bool:
    """There is no agreement yet."""
    return task.phase == ""


def agreed(task: Task) -> bool:
    """First the agreement, then the report."""
    return task.phase == "agreed"


def check_close(turn: Turn) -> list[Problem]:
    """A result that stands in a paper is proved by it; a card comes with its bank."""
    given, problems = common.document_facts(turn, "judgment"), list[Problem]()
    if turn.answers["result"] in PROVED and not given:
        problems.append(Problem("NEEDED", _("Upload the paper that holds this result."), place="judgment"))
    if turn.answers.get("card_no") and not turn.answers.get("bank"):
        problems.append(Problem("NEEDED", _("Name the bank of the card."), place="bank"))
    return problems + files.check_files(turn, given)


def close(turn: Turn) -> None:
    """The report is in: what came of it, and the account of the lawyer, fixed before anybody approves his subsidy."""
    common.note_opinion(turn, "pass")
    given, won = turn.answers, int(turn.answers.get("amount_won") or 0)
    told = {"aid_result": given["result"], "handled": given["handled"], "amount_won_fen": won}
    turn.facts |= {**told, "report": given["report"]}
    turn.case.facts = {**turn.case.facts, **told}
    turn.case.account = account_of(turn)
    if turn.case.account is not None:
        turn.facts |= {"account": persons.account_digest(turn.case.account), "last4": turn.case.account.last4}
    files.take_files(turn, common.document_facts(turn, "judgment"))
    flow.pass_step(turn)
    turn.then(effects.issue, kind="closing_report")
    turn.then(effects.tell, template="aid_closed")


def account_of(turn: Turn) -> BankAccount | None:
    """The lawyer's own account: the card he gives now, or the one known."""
    given = turn.answers
    if not given.get("card_no"):
        return known_account(turn)
    lawyer = Person.objects.get(pk=turn.actor.person or 0)
    return persons.add_account(lawyer, lawyer.name, str(given["card_no"]), str(given["bank"]), "", turn.now)


def why_form(turn: Turn) -> FormSpec | None:
    """Why another lawyer is needed."""
    return asking.decision_form("replace", asking.opinion(required=True, zh="更换理由", en="Why another one is needed"))


def replace(turn: Turn) -> None:
    """From this moment the case is closed to him, and another one is looked for."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "replace")
    gone = int(turn.case.facts["lawyer"])
    before = [*turn.case.facts.get("lawyers_before", []), gone]
    turn.case.facts = {**turn.case.facts, "lawyers_before": before}
    flow.back_to(turn, turn.programme.before(step.key)[-1].key)
    turn.then(effects.close_to, user=gone)
    turn.then(effects.tell, template="lawyer_replaced")


KIND = StepKind(
    "conduct",
    _("Conduct of the case"),
    (
        Choice("close", _("Hand in the closing report"), close, close_form, check_close, when=agreed, style="primary",
               leads="on"),
        Choice("agree", _("Enter the agreement"), agree, agree_form, agreement_files, when=fresh, style="primary"),
        Choice("log", _("Add to the log"), log, log_form, log_files),
        Choice("hand_back", _("Ask to be relieved"), replace, why_form, leads="back"),
        Choice("replace", _("Assign another lawyer"), replace, why_form, role=Role.LEGAL_OFFICER.value, leads="back"),
        common.OVERDUE,
    ),
)
