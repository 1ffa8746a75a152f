"""Whose account the money of a case goes to, and that it is his (domain §4.1, §4.5, §5.2): the applicant's own; the
dossier holder's where the aid rests on a dossier; the union's where a union applies. No service pays anybody else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case
from casework.core.identifiers import same_name
from casework.core.problems import Problem, Words
from casework.organisations.models import Organisation
from casework.people import persons
from casework.people.models import BankAccount, Person
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.registers.models import Entry
from casework.workflows.turn import Turn

OWN = _("Give an account in the applicant's own name, as it stands on the ID card.")
HOLDERS = _("This aid goes to the card of the person whose name the hardship dossier bears. Give that name and card.")
UNIONS = _("Give the account of the union itself; its name is the name of the union.")


def holder_of(programme: Programme, case: Case) -> Person:
    """The person who is paid."""
    return _holder(case.applicant, case.entry) if programme.needs == dossiers.KIND else case.applicant


def expected(programme: Programme, applicant: Person, day: date) -> Person:
    """The person who would be paid if this one applied on that day."""
    return _holder(applicant, dossiers.in_force(applicant.pk, day)) if programme.needs == dossiers.KIND else applicant


def _holder(applicant: Person, entry: Entry | None) -> Person:
    if entry is None or entry.person_id in (None, applicant.pk):
        return applicant
    return entry.person or applicant


def name_of(programme: Programme, holder: Person, union: Organisation | None) -> str:
    """The name the account must bear; "" while the union is not known yet."""
    if programme.for_unit:
        return union.name if union is not None else ""
    return holder.name


def problems(programme: Programme, payee: str, answers: Mapping[str, Any]) -> list[Problem]:
    """The account that was given is another's. payee: the name it must bear, "" while it cannot be known."""
    given = str(answers.get("account_name") or "")
    if not given or not payee or same_name(given, payee):
        return []
    message = _("The name on the account is not the name of the person who is paid.")
    if programme.for_unit:
        message = _("The name on the account is not the name of the union.")
    return [Problem("ACCOUNT_NAME", message, place="account_name", mend=_mend(programme))]


def _mend(programme: Programme) -> Words:
    if programme.for_unit:
        return UNIONS
    return HOLDERS if programme.needs == dossiers.KIND else OWN


def check(turn: Turn, answers: Mapping[str, Any]) -> list[Problem]:
    """The account in the answers of an application bears the name of its payee."""
    return problems(turn.programme, _payee(turn), answers)


def moved(turn: Turn) -> list[Problem]:
    """The applicant lives in another household than when he applied, and its dossier bears another name than his
    account. Asked where assess.moved_house found it so."""
    account = turn.case.account
    if account is None or account.person_id == expected(turn.programme, turn.case.applicant, turn.today).pk:
        return []
    message = _("The account is not that of the person who is paid.")
    return [Problem("ACCOUNT_NAME", message, mend=_("Do not pass it; ask for a new application with his card."))]


def keep(turn: Turn, given: Mapping[str, Any]) -> None:
    """The account the case is paid to, told in the event. given: card_no, bank, and perhaps branch and account_name as
    the bank has it."""
    holder = holder_of(turn.programme, turn.case)
    turn.case.account = persons.add_account(
        holder, str(given.get("account_name") or _payee(turn)), str(given["card_no"]), str(given.get("bank") or ""),
        str(given.get("branch") or ""), turn.now,
    )
    tell(turn)


def tell(turn: Turn) -> None:
    """The event names the account: a digest to compare it by, and its last digits to read."""
    if turn.case.account is not None:
        turn.facts |= {"account": persons.account_digest(turn.case.account), "last4": turn.case.account.last4}


def known(person: Person, name: str) -> BankAccount | None:
    """The account in this name that the person gave last."""
    rows = BankAccount.objects.filter(person=person).order_by("-id")[:20]
    return next((account for account in rows if same_name(account.holder, name)), None)


def known_of(turn: Turn) -> BankAccount | None:
    """The account the payee of the case gave last."""
    return known(holder_of(turn.programme, turn.case), _payee(turn))


def _payee(turn: Turn) -> str:
    return name_of(turn.programme, holder_of(turn.programme, turn.case), turn.case.organisation)
