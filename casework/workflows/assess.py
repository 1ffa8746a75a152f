"""What the rules say of a case: facts line by line, frozen numbers, duplicates, dossiers, and the clock's pauses.

The rules themselves are named functions of `programmes.rules`; here they get their inputs, and their results are
kept in the case so that every figure can be shown and worked out again.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases import claims
from casework.cases.models import Case, State
from casework.core import money
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.people.models import Household, HouseholdMember, Person
from casework.programmes import parameters
from casework.programmes.checks import CHECKS
from casework.programmes.eligibility import first_denial
from casework.programmes.reasons import DENIALS, text_of
from casework.programmes.rules import RuleFault
from casework.registers import dossiers, entries
from casework.workflows import awards, clocks, doubts, effects, likeness, payees, renewals
from casework.workflows.awards import RuleFailed
from casework.workflows.looks import CaseLook
from casework.workflows.models import PublicNotice
from casework.workflows.turn import Turn


def take_request(turn: Turn, answers: dict[str, Any]) -> None:
    """What was asked for, the account to pay to, and a first reckoning with today's numbers."""
    case = turn.case
    case.requested_fen, case.year = answers.get("amount"), answers.get("year")
    if case.year is None and turn.programme.exclusive_year:
        case.year = turn.today.year
    take_account(turn, answers)
    try:
        reckon(turn, answers, parameters.snapshot(turn.programme.numbers, region_of(case), turn.today))
    except (parameters.MissingParameter, RuleFailed) as refusal:  # the office's trouble, not the applicant's
        turn.then(effects.note_trouble, refusal=refusal)


ACCOUNT = ("account_name", "card_no", "bank", "branch")


def take_correction(turn: Turn, before: dict[str, Any], answers: dict[str, Any]) -> None:
    """The same for corrected answers: the year stays where the form does not ask for it, the account where it was not
    changed, and numbers that are frozen stay frozen."""
    case = turn.case
    case.requested_fen, case.year = answers.get("amount"), answers.get("year", case.year)
    if any(before.get(key) != answers.get(key) for key in ACCOUNT):
        take_account(turn, answers)
    try:
        numbers = case.parameters if case.accepted_at else None
        reckon(turn, answers, numbers or parameters.snapshot(turn.programme.numbers, region_of(case), turn.today))
    except (parameters.MissingParameter, RuleFailed) as refusal:
        turn.then(effects.note_trouble, refusal=refusal)


def take_account(turn: Turn, answers: dict[str, Any]) -> None:
    """The account that the answers name."""
    if answers.get("card_no"):
        payees.keep(turn, answers)


def region_of(case: Case) -> str:
    """The region whose numbers count: the county's, else the union's own."""
    return (case.county or case.organisation).region


def freeze(turn: Turn) -> None:
    """At acceptance the regional numbers of that day become part of the case (domain §5.9 no. 18)."""
    case = turn.case
    day = local_date(case.accepted_at or turn.now)
    case.parameters = awards.numbers_of(turn, region_of(case), day)
    turn.facts["parameters"] = case.parameters
    answers = case_answers.full(case)
    reckon(turn, answers, case.parameters)
    if any(turn.programme.form.field(name) is None for once in turn.programme.once for name in once.fields):
        claim(turn, answers)
    clocks.set_case_due(case, turn.programme.clock)


def accept_at_once(turn: Turn, answers: dict[str, Any]) -> None:
    """A service without a completeness check counts as accepted when it is handed in: its numbers are frozen then."""
    case = turn.case
    if case.life != "application":
        return
    case.accepted_at = turn.now
    case.parameters = awards.numbers_of(turn, region_of(case), turn.today)
    turn.facts["parameters"] = case.parameters
    reckon(turn, answers, case.parameters)
    clocks.set_case_due(case, turn.programme.clock)


def reckon(turn: Turn, answers: dict[str, Any], numbers: dict[str, Any]) -> None:
    """Work out category and award, and keep every line."""
    case, programme = turn.case, turn.programme
    facts = dict(case.facts)
    if programme.check:
        day = local_date(case.submitted_at or turn.now)
        facts |= _found(programme.check, answers, numbers, CaseLook(case, day))
    if programme.classify:
        facts |= awards.classified(turn, answers, numbers, facts.get("means_income_fen"))
        facts.pop("overridden", None)
        case.category = facts["category"]
    elif case.entry is not None:
        facts["category"] = case.category = str(case.entry.data.get("category") or "")
    case.facts = facts
    awards.reckon(turn, answers, numbers)


def _found(check: str, answers: Mapping[str, Any], numbers: Mapping[str, Any], look: CaseLook) -> dict[str, Any]:
    """The facts of a check. Raises RuleFailed."""
    try:
        return CHECKS[check].find(check, answers, numbers, look.day, look)
    except RuleFault as fault:
        raise RuleFailed(check, fault) from fault


def claim(turn: Turn, answers: Mapping[str, Any]) -> None:
    """Note what may be granted once and is claimed by these answers, or by what the check found out from them."""
    if turn.programme.once:
        known = {**turn.case.facts, **answers}
        keys = [(o.key, digest) for o in turn.programme.once for digest in claims.digests(o.key, o.fields, known)]
        turn.then(effects.claim_keys, keys=keys)


def after_means_check(turn: Turn, result: str, income_fen: int | None) -> None:
    """The household's income as the civil affairs office found it replaces what was declared."""
    before = turn.case.facts.get("means_income_fen")
    found = income_fen if result == "differs" else None
    turn.case.facts = {"check_refused": False, **turn.case.facts, "means_income_fen": found}
    doubts.refusal(turn, "means_check", refused=result == "refused")
    if found != before:
        reckon(turn, case_answers.full(turn.case), turn.case.parameters)


def standing(turn: Turn, category: str = "") -> list[Problem]:
    """Why the facts do not allow a pass: exclusions, a refused check, an income above the line. category: the one a
    reviewer gives instead of the reckoned; it lifts nothing else."""
    facts = turn.case.facts | ({"category": category} if category else {})
    try:
        code = first_denial(turn.programme.eligibility, facts, turn.case.parameters)
    except RuleFault as fault:
        return list(RuleFailed("eligibility", fault).problems)
    if not code:
        return []
    message = str(DENIALS[code].text)
    mend = _("Deny it with this reason, or return it.")
    if code == "INCOME_ABOVE_LINE":
        message = _("Income per head is %(pc)s yuan a month; the limit is below %(limit)s yuan.") % {
            "pc": money.show(facts["pc_fen"]),
            "limit": money.show(facts["line_fen"] * 2),
        }
        mend = _("Deny it with this reason, return it, or give another category with a reason.")
    return [Problem(code, message, mend=mend)]


def denial(turn: Turn) -> str:
    """The reason code that the rules of the service find now, "" for none, or where they cannot be worked out."""
    try:
        return first_denial(turn.programme.eligibility, turn.case.facts, turn.case.parameters)
    except RuleFault:
        return ""


def needs_problems(turn: Turn) -> list[Problem]:
    """First the dossier, then the aid (domain §4.5): in force, checked this year, of the applicant's household."""
    register = turn.programme.needs
    if not register:
        return []
    if register != dossiers.KIND:
        return _not_entered(turn, register)
    entry = dossiers.in_force(turn.case.applicant_id, turn.today)
    if entry is None:
        return [
            Problem(
                "NO_DOSSIER",
                _("There is no hardship dossier in force for this household."),
                mend=_("Apply for a hardship dossier first."),
            )
        ]
    if turn.programme.renews is not None:
        return renewals.problems(turn, entry)
    if not dossiers.is_verified(entry, turn.today):
        return [
            Problem(
                "DOSSIER_NOT_VERIFIED",
                _("The yearly check of the dossier is overdue, so aid is blocked."),
                mend=_("Apply for the yearly check of the dossier, or ask your union to do it for you."),
            )
        ]
    return []


# The refusal of somebody who does not stand in a register, by register.
NOT_IN = {"membership": "NOT_MEMBER", "cover": "NOT_INSURED"}


def _not_entered(turn: Turn, register: str) -> list[Problem]:
    """The applicant, or the union he acts for, must stand in the register on this day."""
    if turn.programme.for_unit:
        entry = entries.of_organisation(register, turn.case.organisation_id, turn.today)
    else:
        entry = entries.of_person(register, turn.case.applicant_id, turn.today)
    if entry is not None:
        return []
    code = NOT_IN.get(register, "NOT_REGISTERED")
    mend = _("Ask your union to enter you first.")
    return [Problem(code, str(text_of(code)), mend=mend, params={"register": register})]


def moved_house(turn: Turn) -> list[Problem]:
    """The dossier of the review is no longer that of the household the applicant lives in."""
    entry = dossiers.in_force(turn.case.applicant_id, turn.today) if turn.programme.needs else None
    if entry is None or entry.pk == turn.case.entry_id or turn.programme.needs != dossiers.KIND:
        return []
    message = _("The applicant belongs to another household since the review.")
    return [Problem("DOSSIER_CHANGED", message, mend=_("Return it to the review, which works with the new dossier."))]


def follow_household(turn: Turn) -> None:
    """The review works with the dossier of the household the applicant lives in now."""
    if moved_house(turn):
        turn.case.entry = dossiers.in_force(turn.case.applicant_id, turn.today)
        turn.case.household = turn.case.entry.household if turn.case.entry else None
        reckon(turn, case_answers.full(turn.case), turn.case.parameters)


def served(turn: Turn) -> list[Problem]:
    """One household gets one aid of a kind a year, whatever a reviewer explained (domain §4.6). Its row is locked,
    so that of two approvals at once the second sees the first."""
    case = turn.case
    if turn.programme.once and claims.granted_elsewhere(case):
        message = _("What is granted once only was granted in another case already.")
        return [Problem("DUPLICATE_AID", message, mend=_("Do not approve it, with this as the reason."))]
    if turn.programme.renews is not None:
        return []  # its own check sees to it: renewals.problems
    if turn.programme.classify:
        return _entered(turn)
    if case.household_id is None or case.year is None:
        return []
    Household.objects.select_for_update().get(pk=case.household_id)
    living = HouseholdMember.objects.filter(household_id=case.household_id, valid_to__isnull=True).values("person_id")
    same = Case.objects.filter(key=case.key, year=case.year).exclude(pk=case.pk)
    same = same.filter(Q(household_id=case.household_id) | Q(applicant_id__in=living))
    if not same.filter(Q(state__in=likeness.COUNTED) | Q(state=State.ACCEPTED, amount_fen__isnull=False)).exists():
        return []
    message = _("This household was granted the same aid this year already.")
    return [Problem("DUPLICATE_AID", message, mend=_("Do not approve it, with this as the reason."))]


def _entered(turn: Turn) -> list[Problem]:
    """One household, one dossier: the applicant stands in none, and no case of the same people is approved. Their rows
    are locked, so that of two approvals at once the second sees the first."""
    case = turn.case
    people = likeness.people_of(turn)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    passed = Q(state=State.ACCEPTED, decisions__duty="approve", decisions__decision="pass")
    same = Case.objects.filter(Q(state=State.APPROVED) | passed, key=case.key, applicant_id__in=people)
    same = same.filter(Q(applicant_id=case.applicant_id) | Q(parties__person_id=case.applicant_id)).exclude(pk=case.pk)
    if dossiers.in_force(case.applicant_id, turn.today) is None and not same.exists():
        return []
    message = _("This household has a dossier already, or is about to get one.")
    return [Problem("DUPLICATE_AID", message, mend=_("Do not approve it, with this as the reason."))]


def resume(turn: Turn, reason: str) -> None:
    """End a pause: the dates of the case move now, those of its tasks with the effects."""
    hold = turn.case.holds.filter(reason=reason, ended_at__isnull=True).first()
    if hold is None:
        return
    _move_dates(turn, clocks.hold_span(hold, turn.now))
    turn.then(effects.resume, reason=reason)


def after_notice(turn: Turn, notice: PublicNotice) -> None:
    """The days of a public notice do not count in the clock of the case; the limit of its own step ran on (domain
    §4.2)."""
    _move_dates(turn, clocks.notice_span(notice))


def _move_dates(turn: Turn, span: clocks.Span) -> None:
    """The limit and the promised date of an accepted case move by the working days of a pause."""
    case = turn.case
    days = clocks.new_days(span, clocks.earlier_spans(case))
    turn.facts["paused_wd"] = days
    if case.accepted_at is not None:
        case.paused_wd += days
        clocks.set_case_due(case, turn.programme.clock)


def last_notice(case: Case) -> Event | None:
    """The last event by which the applicant was asked for something that is missing."""
    asked = Q(action__endswith=".one_time_notice") | Q(action__endswith=".ask_papers")
    rows = Event.objects.filter(asked, subject_kind="case", subject_id=str(case.public_id))
    return rows.order_by("-n").first()


def noticed_items(case: Case) -> list[dict[str, Any]]:
    """The items the applicant was asked for last."""
    event = last_notice(case)
    return list(event.data["items"]) if event else []
