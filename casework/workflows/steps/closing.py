"""The closing report of a lawyer (domain §5.4): what came of the case, proved by its paper, and where his subsidy goes,
fixed before anybody approves it."""
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.people import persons
from casework.people.models import BankAccount, Person
from casework.workflows import effects, files, flow, payees
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


def known_account(turn: Turn) -> BankAccount | None:
    """The account in his own name that the lawyer gave last."""
    lawyer = Person.objects.filter(pk=turn.actor.person or 0).first()
    return payees.known(lawyer, lawyer.name) if lawyer is not None else None


def close_form(turn: Turn) -> FormSpec | None:
    """Result, money won, how it was handled, the report and the judgment, and where the subsidy goes."""
    needed = known_account(turn) is None
    card = asking.card("律师补贴收款卡号", "Card for the subsidy", required=needed)
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
    payees.tell(turn)
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
