"""What the applicant can do: hand in, supplement, withdraw, give a new card."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case, State
from casework.core.problems import Problem
from casework.forms.bind import bind_json
from casework.forms.spec import Field, FormSpec
from casework.people import persons
from casework.programmes import dated, opening
from casework.registers import entries
from casework.workflows import (
    assess,
    awards,
    corrections,
    effects,
    files,
    first_contact,
    flow,
    one_dossier,
    payees,
    re_examining,
    reopening,
)
from casework.workflows.campaigns import classes, rounds
from casework.workflows.choices import Choice
from casework.workflows.commands import Via
from casework.workflows.steps import asking
from casework.workflows.turn import Turn


def check_submit(turn: Turn) -> list[Problem]:
    """The form is complete and right, the papers are the applicant's own, the programme is open to him. Leaves the
    answers in the turn as the form reads them."""
    bound = bind_json(turn.programme.form, dict(turn.answers), turn.today)
    problems = [problem for problem in bound.problems if not problem.warning]
    if problems:
        return problems
    turn.answers = bound.answers
    problems += files.check_papers(turn, turn.programme.form, bound.answers)
    problems += payees.check(turn, bound.answers)
    problems += corrections.unfitting(turn.programme, bound.answers, turn.today) + rounds.problems(turn, bound.answers)
    problems += classes.problems(turn, bound.answers)
    problems += one_dossier.problems(turn)
    problems += re_examining.unfounded(turn)
    return problems + out_of_window(turn) + assess.needs_problems(turn) + entered_already(turn, bound.answers)


def entered_already(turn: Turn, answers: dict[str, Any]) -> list[Problem]:
    """One person stands in a register once: who moves says so, and his old entry ends when the new one is made."""
    gives = turn.programme.gives
    if gives is None or gives.many or turn.programme.for_unit or answers.get("transfer"):
        return []
    entry = entries.of_person(gives.register, turn.case.applicant_id, turn.today + timedelta(days=gives.renew_days))
    if entry is None:
        return []
    place = "transfer" if turn.programme.form.field("transfer") else ""
    message = _("You stand in this register already: %(number)s.") % {"number": entry.number}
    mend = _("If you move to this union, say so in the form: your old entry ends then.") if place else ""
    return [Problem("ALREADY_ENTERED", message, place=place, mend=mend)]


def out_of_window(turn: Turn) -> list[Problem]:
    """Some services take applications on some days of the year only (domain §4.10, OUT_OF_WINDOW)."""
    if turn.programme.taken_on(turn.today):
        return []
    mend, days = _("Your draft is kept; hand it in during that time."), opening.days_of(turn.programme)
    return [Problem("OUT_OF_WINDOW", opening.told(turn.programme), mend=mend, params=days)]


def submit(turn: Turn) -> None:
    """The application is handed in: its answers are sealed, its members known, its first desk chosen."""
    answers, case = dict(turn.answers), turn.case  # as check_submit has read them
    prepared = case_answers.prepare(case, "application", turn.programme.form, answers)
    turn.facts |= {
        "answers": prepared.digests,
        "programme": {"key": case.key, "version": case.programme.version, "content_hash": case.programme.content_hash},
    }
    flow.fire(turn, "submit")
    case.submitted_at = turn.now
    first_contact.keep(turn)
    take_facts(turn, answers)
    assess.take_request(turn, answers)
    assess.claim(turn, answers)
    turn.then(effects.keep_answers, prepared=prepared)
    if answers.get("round"):
        turn.then(rounds.join, answers=answers)
    if answers.get("training"):
        turn.then(classes.join, answers=answers)
    files.take_papers(turn, turn.programme.form, answers)
    turn.then(effects.keep_parties, parties=members(answers, turn))
    take_consents(turn, answers)
    first = flow.next_stage(turn, turn.programme.stages(case.state))
    if first:
        flow.open_stage(turn, first)
    else:
        assess.accept_at_once(turn, answers)
        flow.advance(turn)
    if turn.programme.re_examines:
        turn.then(re_examining.tell_refused, action=re_examining.ASKED)
    _tell_received(turn)
    if answers.get("danger"):
        turn.then(first_contact.alarm)


def _tell_received(turn: Turn) -> None:
    """Where nobody checks the papers first, the case is accepted with its promised date at once."""
    if turn.case.life == "application" and turn.case.accepted_at is not None and turn.programme.start:
        turn.then(effects.tell, template="submitted_accepted")
    else:
        turn.then(effects.tell, template="submitted")


def take_facts(turn: Turn, answers: dict[str, Any]) -> None:
    """The answers that the programme makes facts of the case."""
    kept = {key: value for key, value in turn.case.facts.items() if key not in turn.programme.facts}
    turn.case.facts = {**kept, **{key: answers[key] for key in turn.programme.facts if key in answers}}


NOTICE_MOST, KIND_MOST = 24, 30  # of the columns that hold them


def take_consents(turn: Turn, answers: dict[str, Any]) -> None:
    """Each box ticked under a text is a consent of its own; the words are those of the version he applied under."""
    asked = (item.key for item in turn.programme.form.items() if isinstance(item, Field) and item.kind == "consent")
    given = [key[:KIND_MOST] for key in asked if answers.get(key) is True]
    if given:
        version = f"{turn.case.key[:NOTICE_MOST]}.{turn.case.programme.version}"
        turn.facts["consents"] = {"given": given, "notice_version": version}
        turn.then(effects.keep_consents, kinds=given, version=version)


def members(answers: dict[str, Any], turn: Turn) -> list[tuple[int, str]]:
    """The co-living members, and the insured for whom somebody else claims, as persons: for recusal, duplicate checks
    and the sums of a year. Of a re-examination those of the refused case."""
    found = re_examining.parties(turn.case) if turn.programme.re_examines else []
    if answers.get("insured_id_no"):
        insured = persons.find_or_make(answers["insured_id_no"], answers["insured_name"], now=turn.now)
        if insured.pk != turn.case.applicant_id:
            found.append((insured.pk, awards.INSURED))
    for row in answers.get("members") or []:
        if row.get("id_no"):
            person = persons.find_or_make(row["id_no"], row["name"], now=turn.now)
            if person.pk != turn.case.applicant_id:
                found.append((person.pk, str(row.get("relation") or "other")))
    return found


def supplement_form(turn: Turn) -> FormSpec | None:
    """One file question for each paper of the notice, with its date, a note, and the groups of the form that it
    names."""
    rows, items = assess.noticed_items(turn.case), list[asking.Item]()
    titles = {paper.key: paper.title for paper in turn.programme.papers}
    groups = corrections.keys_of(rows)
    for row in rows:
        if row["item"] in titles and all(i["key"] != row["item"] for i in items):
            title = titles[row["item"]]
            items.append(
                asking.files(row["item"], title.zh, title.en) | {"help": asking.words(row["wanted"], row["wanted"])}
            )
    asked = not (items or groups)
    items.append(asking.long("note", "补正说明", "What you changed or add", required=asked, most=500))
    form = dated.with_dates(asking.decision_form("supplement", *items), turn.programme.papers)
    return corrections.asked(turn, groups, form)


def check_supplement(turn: Turn) -> list[Problem]:
    """The files are the applicant's own, and the application is complete and right with its new answers."""
    form, groups = supplement_form(turn), corrections.keys_of(assess.noticed_items(turn.case))
    problems = files.check_papers(turn, form, turn.answers) if form else []
    if problems or not groups:
        return problems
    before, (answers, problems) = case_answers.full(turn.case), corrections.corrected(turn, groups)
    if not problems and answers.get("transfer") != before.get("transfer"):
        problems = entered_already(turn, answers)
    return corrections.outside(turn, groups, problems)


def in_time(turn: Turn) -> list[Problem]:
    """The time to supplement has not passed yet, whether or not the timer has run. After acceptance nothing lapses."""
    if turn.case.state != State.SUPPLEMENT:
        return []
    hold = turn.case.holds.filter(reason="supplement", ended_at__isnull=True).first()
    if hold is None or hold.max_until is None or turn.now < hold.max_until:
        return []
    message = _("The time to hand in what was missing has passed, so the application counts as withdrawn.")
    return [Problem("LIMIT_PASSED", message, mend=_("You may apply again."))]


def supplement(turn: Turn) -> None:
    """What was missing is handed in: the clock runs on, every limit moved by exactly the pause."""
    form, groups = supplement_form(turn), corrections.keys_of(assess.noticed_items(turn.case))
    papers = {paper.key for paper in turn.programme.papers}
    handed_in = [key for key, value in turn.answers.items() if key in papers and value] + groups
    turn.facts |= {"note": turn.answers.get("note") or "", "handed_in": handed_in}
    if form:
        files.take_papers(turn, form, turn.answers)
    turn.case.facts = {
        **turn.case.facts,
        "supplemented": sorted({*turn.case.facts.get("supplemented", []), *handed_in}),
    }
    if groups:
        correct(turn, groups)
    if turn.case.state == State.SUPPLEMENT:
        flow.fire(turn, "supplement")
    turn.then(effects.back_to_desk)
    assess.resume(turn, "supplement")
    turn.then(effects.tell, template="resumed")


def correct(turn: Turn, groups: list[str]) -> None:
    """The application gets a new revision, and everything that was drawn from it is drawn again: what was asked for,
    the account, the figures, what it claims, and the persons it is about."""
    before = case_answers.full(turn.case)
    answers, _problems = corrections.corrected(turn, groups)
    places = corrections.changed(turn.programme.form, before, answers)
    if not places:
        return
    prepared = case_answers.prepare(turn.case, "application", turn.programme.form, answers)
    turn.facts |= {"answers": prepared.digests, "corrected": places}
    take_facts(turn, answers)
    assess.take_correction(turn, before, answers)
    assess.claim(turn, answers)
    turn.then(effects.keep_answers, prepared=prepared)
    turn.then(effects.change_parties, before=members(before, turn), after=members(answers, turn))


def own_matter(turn: Turn) -> list[Problem]:
    """Whoever drew up a roster filed its lines, but speaks for none of their households."""
    if turn.case.via != Via.BATCH or turn.actor.himself == turn.case.applicant_id:
        return []
    return [Problem("NOT_YOUR_MATTER", _("Only the household itself can do this."))]


def withdraw_form(turn: Turn) -> FormSpec | None:
    """Why, if the applicant wants to say."""
    return asking.decision_form("withdraw", asking.opinion(required=False, zh="撤回原因", en="Why you withdraw"))


def withdraw(turn: Turn) -> None:
    """The applicant takes the application back."""
    turn.facts["opinion"] = turn.answers.get("opinion") or ""
    flow.fire(turn, "withdraw")
    flow.end(turn, "BY_PERSON")
    turn.then(effects.tell, template="withdrawn")


def lapse(turn: Turn) -> None:
    """A one-time notice was not answered in time: deemed withdrawn (domain §4.2)."""
    turn.facts["step"] = "supplement"
    flow.fire(turn, "withdraw")
    flow.end(turn, "LAPSED")
    turn.then(effects.tell, template="lapsed")


def card_form(turn: Turn) -> FormSpec | None:
    """A new account, in the name of whoever is paid."""
    confirm = asking.words("我确认此卡为本人所有", "I confirm that this card is my own")
    if turn.programme.for_unit:
        confirm = asking.words("我确认此账户为本工会所有", "I confirm that this is the account of the union itself")
    elif payees.holder_of(turn.programme, turn.case) != turn.case.applicant:
        confirm = asking.words("我确认此卡为档案登记人本人所有", "I confirm that it is the dossier holder's own card")
    return asking.decision_form(
        "new_card",
        asking.card("银行卡号", "Card number"),
        asking.short("bank", "开户银行", "Bank", most=60),
        asking.short("branch", "开户支行", "Branch", required=False, most=120),
        {
            "key": "confirm",
            "kind": "consent",
            "required": True,
            "title": confirm,
        },
    )


def new_card(turn: Turn) -> None:
    """The payment goes back into the queue with the new account, for a maker and a checker again."""
    payees.keep(turn, turn.answers)
    turn.then(effects.correct_payment)
    turn.then(effects.pay_again)


CHOICES = (
    Choice(
        "submit",
        _("Submit"),
        submit,
        check=check_submit,
        side="applicant",
        raw=True,
        style="primary",
        leads="submit",
    ),
    Choice(
        "supplement",
        _("Hand in what was missing"),
        supplement,
        supplement_form,
        check_supplement,
        in_time,
        side="applicant",
        style="primary",
        leads="supplement",
    ),
    Choice(
        "new_card", _("Give a new bank card"), new_card, card_form, ready=own_matter, side="applicant", style="primary"
    ),
    Choice(
        "withdraw",
        _("Withdraw the application"),
        withdraw,
        withdraw_form,
        ready=own_matter,
        side="applicant",
        style="danger",
        leads="withdraw",
    ),
    Choice(
        "reopen", _("Not solved: open it again"), reopening.by_person, reopening.form, ready=reopening.in_time,
        side="applicant", leads="reopen",
    ),
    Choice("lapse", _("Time to supplement passed"), lapse, side="system", decides=False, leads="withdraw"),
)


def asked_since(case: Case) -> bool:
    """Was the applicant of an accepted case asked for something that a later step needs?"""
    return case.state == State.ACCEPTED and case.holds.filter(reason="supplement", ended_at__isnull=True).exists()


def offered(choice: Choice, case: Case) -> bool:
    """Does the standing of the case offer this?"""
    match choice.key:
        case "submit":
            return case.state == State.DRAFT
        case "supplement":
            return case.state == State.SUPPLEMENT or asked_since(case)
        case "lapse":
            return case.state == State.SUPPLEMENT
        case "reopen":
            return reopening.offered(case)
        case "withdraw":
            return flow.can(case, "withdraw")
        case "new_card":
            return (
                case.state == State.APPROVED and case.tasks.filter(state="open", kind="pay", phase="returned").exists()
            )
    return False
