"""From a draft to a case: the number, the handling line, the applicant, and the first command."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.capacity import held
from casework.access.duties import covers
from casework.access.models import Role
from casework.audit.models import Event
from casework.cases.models import Case, CaseLink, UsedKey
from casework.cases.numbers import next_number, query_code
from casework.core.calendar import local_date
from casework.core.pile import Pile
from casework.core.problems import Problem, Refused
from casework.forms.kinds.office import OFFICE_LEVELS
from casework.forms.models import Draft
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.people import persons
from casework.people.models import Person
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.registers.models import Entry
from casework.workflows import first_contact, guards, re_examining
from casework.workflows.commands import Command, Via
from casework.workflows.door import NOT_FOUND, perform, perform_first

UNION_LEVELS = (Level.GRASSROOTS, Level.TOWN)

PRIVATE_LOGIN = Problem(
    "PRIVATE_LOGIN", _("An office's login files nothing of your own."), mend=_("Use the login that you made yourself.")
)
NOT_ONLINE = Problem(
    "NOT_ONLINE", _("This service is not applied for online."), mend=_("Go to the window of your union's help centre.")
)


def submit_draft(
    draft: Draft, answers: Mapping[str, Any], actor: Actor, now: datetime, via: Via = Via.ONLINE, address: str = ""
) -> Event:
    """Hand a draft in. The draft's token is the key: a double click, a retry after a crash or a second tab all get
    the first event. Raises Refused as perform() does, and 404 when the duty it was begun under has ended; then nothing
    is left behind and the draft stays."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        actor = _in_capacity(locked, actor)
        if locked.case is not None:
            first = Event.objects.filter(subject_kind="case", subject_id=str(locked.case.public_id), n=1).get()
            return first
        given = (locked.programme, answers, actor, str(locked.token), now, via, address)
        if programme_of(locked.programme).re_examines:
            locked.case, event = open_again(*given, locked.came_from)
        else:
            locked.case, event = open_case(*given, locked.for_person, locked.came_from)
        locked.sealed = b""
        locked.save(update_fields=["case", "sealed"])
    return event


def _in_capacity(draft: Draft, actor: Actor) -> Actor:
    """The actor as he began the draft: without his duties for a matter of his own, else with that duty first. Whoever
    acts for his union acts for the one he began for. Raises Refused (404) when the duty has ended (promise R6)."""
    if not draft.duty_role:
        return actor.with_duties(())
    duty = held(draft, actor)
    if duty is None:
        raise Refused([NOT_FOUND], 404)
    others = [one for one in actor.duties if one != duty]
    if programme_of(draft.programme).for_unit:
        others = [one for one in others if one.role != duty.role]
    return actor.with_duties((duty, *others))


def open_case(
    programme: ProgrammeVersion,
    answers: Mapping[str, Any],
    actor: Actor,
    key: str,
    now: datetime,
    via: Via = Via.ONLINE,
    address: str = "",
    person: Person | None = None,
    came_from: Case | None = None,
) -> tuple[Case, Event]:
    """Make the case row and send the command "submit" through the door, in one transaction. A key that was spent on
    the same answers returns the first case and event; with other answers Refused (422). came_from: the case this one
    grows out of; the officer who met the person there may file for him."""
    rules = programme_of(programme)
    try:
        with transaction.atomic():
            starter = starter_of(rules, actor)
            helping = came_from is not None and bool(actor.duties)
            applicant = person or applicant_of(rules, answers, actor, starter, now, helping=helping)
            place = place_of(rules, answers, actor, starter, applicant, helping=helping)
            via = Via.ASSISTED if helping and starter is None else via_of(starter, via)
            if via is Via.ONLINE and not rules.online:
                raise Refused([NOT_ONLINE])
            office = _for_office(rules, answers, actor, starter, applicant)
            _takes_new(place)
            case = _new_case(programme, rules, applicant, place, actor, now, via, came_from, for_office=office)
            if came_from is not None:
                CaseLink.objects.create(kind="became", source=came_from, target=case)
            wish = Command(case.pk, "submit", actor, 0, key, dict(answers), via, address)
            return case, perform_first(case, wish, now)
    except Refused as refusal:
        first = _submitted_with(actor, key) if refusal.problems[0].code == "KEY_REUSED" else None
        if first is None or first.programme_id != programme.pk:
            raise
        return first, perform(Command(first.pk, "submit", actor, 0, key, dict(answers), via, address), now)


def open_again(
    programme: ProgrammeVersion, answers: Mapping[str, Any], actor: Actor, key: str, now: datetime,
    via: Via = Via.ONLINE, address: str = "", refused: Case | None = None,
) -> tuple[Case, Event]:
    """Make the case in which a refused one is looked at again, of the same person and place, and hand it in. That
    case is locked: of two requests the second finds the first. Raises Refused: 404 for whom it is none of his, 422
    when it was asked for before, or too late (domain §4.3)."""
    rules = programme_of(programme)
    if refused is None or not re_examining.may_ask(rules, refused, actor):
        raise Refused([NOT_FOUND], 404)
    with transaction.atomic():
        row = Case.objects.select_for_update(of=("self",)).select_related(
            "programme", "applicant", "organisation", "city"
        ).get(pk=refused.pk)
        problems = re_examining.barred(row, rules, local_date(now))
        if problems:
            raise Refused(problems)
        own = guards.is_applicant(row, actor)
        way = via if own else via_of(re_examining.starter(rules, row, actor), via)
        case = _new_case(
            programme, rules, row.applicant, row.organisation, actor, now, way, None, for_office=row.for_office
        )
        CaseLink.objects.create(kind=re_examining.LINK, source=case, target=row)
        return case, perform_first(case, Command(case.pk, "submit", actor, 0, key, dict(answers), way, address), now)


def _takes_new(place: Organisation) -> None:
    """A case begun in the last days of an organisation would find nobody who may end it. Raises Refused."""
    if place.closes_on is not None:
        raise Refused([Problem(
            "UNION_CLOSING", _("This organisation is closed, or will be, and takes no new matters."), place="union",
            mend=_("Ask the federation above it who takes over."),
        )])


def open_line(
    programme: ProgrammeVersion, answers: Mapping[str, Any], person: Person, place: Organisation, campaign: Case,
    actor: Actor, key: str, now: datetime,
) -> Case:
    """The case of one line of a campaign, opened for a person of the roster. actor: the officer who drew the roster up;
    he counts as its filer. Raises Refused; then nothing is left behind."""
    with transaction.atomic():
        case = _new_case(programme, programme_of(programme), person, place, actor, now, Via.BATCH, None)
        CaseLink.objects.create(kind="line_of", source=case, target=campaign)
        perform_first(case, Command(case.pk, "submit", actor, 0, key, dict(answers), Via.BATCH), now)
    return case


def via_of(starter: Duty | None, via: Via) -> Via:
    """The way a matter came: what an officer writes down was told at the window or on the phone."""
    if starter is None or via is not Via.ONLINE:
        return via
    return Via.HOTLINE if starter.role == Role.HOTLINE_AGENT else Via.WINDOW


def _submitted_with(actor: Actor, key: str) -> Case | None:
    """The case that this key handed in."""
    used = UsedKey.objects.filter(actor=f"user:{actor.user}", key=key, event__action="submit").first()
    return Case.objects.filter(public_id=used.event.subject_id).first() if used else None


def starter_of(programme: Programme, actor: Actor) -> Duty | None:
    """The duty with which an officer files at his desk, None for an applicant and for the handler of a union. Raises
    Refused (403) when the programme is not his to start."""
    for duty in actor.duties:
        if duty.role != Role.UNIT_HANDLER and programme.may_start(duty.role, duty.level):
            return duty
    handler = any(duty.role == Role.UNIT_HANDLER for duty in actor.duties)
    if (handler and programme.may_start(Role.UNIT_HANDLER)) or programme.may_start(Role.APPLICANT):
        return None
    message, mend = _("You cannot start this service."), _("The office that is in charge of it starts it.")
    raise Refused([Problem("NOT_YOURS_TO_START", message, mend=mend)], 403)


def applicant_of(
    programme: Programme, answers: Mapping[str, Any], actor: Actor, starter: Duty | None, now: datetime,
    *, helping: bool = False,
) -> Person:
    """The person the case is for: the actor himself, a member filed for by his union's handler, or whom an officer
    names. For a union, and for a campaign, it is whoever acts for the office."""
    given = str(answers.get("id_no") or "")
    if programme.for_unit or programme.life == "campaign" or (not given and not programme.anonymous):
        for_office = programme.for_unit or programme.life == "campaign" or starter is not None
        return _named_by_login(actor, for_office=for_office)
    if not given:
        me = _person(actor.himself) if starter is None else None
        return me or persons.make_contact(str(answers.get("name") or ""), str(answers.get("phone") or ""))
    person = persons.find_or_make(given, str(answers.get("name") or ""), str(answers.get("phone") or ""), now=now)
    if person.pk == actor.himself:
        return person
    if starter is not None or helping or any(duty.role == Role.UNIT_HANDLER for duty in actor.duties):
        return person
    raise Refused(
        [
            Problem(
                "NOT_YOURSELF",
                _("The ID number is not the one of your login."),
                place="id_no",
                mend=_("Apply for yourself, or ask the handler of your union to file for the other person."),
            )
        ]
    )


def _named_by_login(actor: Actor, *, for_office: bool) -> Person:
    """The person of the actor's login: whoever acts for an office in any, what is his own in a private one. Raises
    Refused (403)."""
    if actor.of_office and not for_office:
        raise Refused([PRIVATE_LOGIN], 403)
    me = _person(actor.person)
    if me is None:
        raise Refused([Problem("NO_PERSON", _("Your login is not linked to a person yet."))], 403)
    return me


def _person(number: int | None) -> Person | None:
    return Person.objects.filter(pk=number).first() if number else None


def place_of(
    programme: Programme, answers: Mapping[str, Any], actor: Actor, starter: Duty | None, applicant: Person,
    *, helping: bool = False,
) -> Organisation:
    """The organisation the case belongs to: the union named in the form, else that of the applicant's entry in a
    register; for an officer his own office, for a handler who acts for his union that union."""
    union = _named(answers.get("union"), UNION_LEVELS) or _named(answers.get("office"), OFFICE_LEVELS)
    if union is None and starter is not None:
        return Organisation.objects.get(pk=starter.organisation)
    if union is None and programme.for_unit:
        union = _handled(actor)
    if union is None:
        union = _registered(programme, applicant)
    if union is None:
        raise Refused([Problem("UNION", _("Choose the union you belong to."), place="union")])
    if not helping and not _may_file(programme, actor, starter, union, applicant):
        raise Refused(
            [Problem("UNION_NOT_YOURS", _("You may file only for members of your own union."), place="union")], 403
        )
    return union


def _named(given: Any, levels: Collection[str]) -> Organisation | None:
    """What the form names: a union, or the county or city federation a matter is put to directly, past the unions below
    it. Whether it may name a town's union, its own check says."""
    if not given:
        return None
    try:
        found = tree.named(uuid.UUID(str(given)))
    except ValueError:
        return None
    return found if found is not None and found.level in levels else None


def _handled(actor: Actor) -> Organisation | None:
    """The one union whose handler the actor is."""
    held = [duty.organisation for duty in actor.duties if duty.role == Role.UNIT_HANDLER]
    return Organisation.objects.filter(pk=held[0]).first() if len(held) == 1 else None


def _registered(programme: Programme, applicant: Person) -> Organisation | None:
    """The union of the dossier, the membership or the cover the service rests on."""
    entry = dossiers.any_in_force([applicant.pk])
    if entry is None and programme.needs not in ("", dossiers.KIND):
        entry = Entry.objects.filter(kind=programme.needs, person=applicant).order_by("-valid_from", "-id").first()
    return entry.organisation if entry else None


def _may_file(
    programme: Programme, actor: Actor, starter: Duty | None, union: Organisation, applicant: Person
) -> bool:
    """An officer files for what lies under his office; a handler for his union; everybody for himself."""
    if starter is not None:
        return covers(starter, union.path)
    if applicant.pk == actor.himself and not programme.for_unit:
        return True
    return any(duty.role == Role.UNIT_HANDLER and covers(duty, union.path) for duty in actor.duties)


def _for_office(
    rules: Programme, answers: Mapping[str, Any], actor: Actor, starter: Duty | None, applicant: Person
) -> bool:
    """Does the applicant act for a union, or for the office that plans or registers it?"""
    if rules.for_unit or rules.life == "campaign":
        return True
    return starter is not None and not answers.get("id_no") and applicant.pk == actor.person


def _new_case(
    programme: ProgrammeVersion, rules: Programme, applicant: Person, union: Organisation, actor: Actor, now: datetime,
    via: Via, came_from: Case | None, *, for_office: bool = False,
) -> Case:
    line = tree.line_of(union)
    own = not rules.for_unit and rules.life != "campaign"  # the dossier of whoever acts for an office is no part of it
    entry = dossiers.in_force(applicant.pk, local_date(now)) if own else None
    place = line["county"] or line["city"] or union
    case = Case(
        number=next_number(programme.key, place.region, local_date(now), rules.letters),
        query_code=query_code(),
        programme=programme,
        key=programme.key,
        life=rules.life,
        applicant=applicant,
        filed_by_id=actor.user,
        for_office=for_office,
        organisation=union,
        **line,
        via=via.value,
        household=entry.household if entry else None,
        entry=entry if programme.key != dossiers.KIND else None,
        created_at=now,
        facts=first_contact.facts_of(came_from),
    )
    pile = Pile()
    pile.insert(case)
    pile.flush()
    return case
