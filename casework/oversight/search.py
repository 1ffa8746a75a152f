"""Finding cases: by number, name or last digits of the card; by full ID number only against a reason (promise A2)."""
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case, CaseParty
from casework.core.calendar import local_date
from casework.core.identifiers import resident_id
from casework.core.masks import find_private
from casework.core.problems import Problem, Refused
from casework.funds.models import Batch
from casework.oversight import scope
from casework.people import persons
from casework.people.models import Person

PAGE = 25
REASON_LEAST = 5
ROUNDS = 8


def cases(
    actor: Actor, text: str, before: int | None = None, size: int = PAGE, *, overridden: bool = False
) -> list[Case]:
    """One page of cases in scope that fit the text, newest first, one more than size if there are more. overridden:
    only those in which a person put the rule aside (domain §5.7)."""
    rows = scope.audited(actor).select_related("programme", "applicant", "organisation")
    text = text.replace("\x00", "").strip()
    if text:
        rows = rows.filter(_fits(text))
    if overridden:
        rows = rows.filter(facts__overridden=True)
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def _fits(text: str) -> Q:
    fits = Q(number__istartswith=text) | Q(applicant__name__startswith=text)
    if text.isascii():
        fits |= Q(applicant__name_pinyin__startswith=text.lower())
    if len(text) == 4 and text.isdigit():
        fits |= Q(account__last4=text) | Q(number__endswith=text)
    return fits


def by_id_number(actor: Actor, stamp: Mapping[str, Any], number: str, reason: str, now: datetime) -> list[Case]:
    """Cases in scope of the person with this ID number. The search is an event with its reason, whatever it finds.
    Raises Refused without a reason or for what is no ID number."""
    reason = reason.strip()
    number, problems = resident_id(number, local_date(now))
    hard = [replace(one, place=one.place or "id_no") for one in problems if not one.warning] + reason_problems(reason)
    if hard:
        raise Refused(hard)
    person = persons.find(number)
    found = list(_of_person(actor, person)[:100]) if person else []
    with transaction.atomic():
        facts = {"field": "id_no", "reason": reason[:300], "found": len(found)}
        record.record("access", str(person.public_id) if person else "search", "search_by_id", stamp, facts, now)
    return found


def reason_problems(reason: str) -> list[Problem]:
    """What is wrong with the reason of a look: it stays in the log for good."""
    if len(reason) < REASON_LEAST:
        return [Problem("REASON", _("Say why, in at least 5 characters."), place="reason")]
    if find_private(reason):
        message, mend = _("The reason holds an ID, phone or card number."), _("Take the number out.")
        return [Problem("PRIVATE_DATA", message, place="reason", mend=mend)]
    return []


def _of_person(actor: Actor, person: Person) -> QuerySet[Case]:
    rows = scope.audited(actor).select_related("programme", "applicant", "organisation").order_by("-pk")
    return rows.filter(Q(applicant=person) | Q(pk__in=CaseParty.objects.filter(person=person).values("case")))


def looks(actor: Actor, before: int | None = None, size: int = PAGE) -> tuple[list[Event], dict[str, str], int | None]:
    """One page of the access log, newest first: (events, words of their subjects, id to go on before or None).

    Only looks at cases, funds and payment batches in scope and at persons who have a case there; an event about nobody
    is shown to whoever made it.
    """
    kept: list[Event] = []
    told: dict[str, str] = {}
    for _round in range(ROUNDS):
        rows = Event.objects.filter(subject_kind="access")
        chunk = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: size * 4])
        names = subjects(actor, {event.subject_id for event in chunk})
        for event in chunk:
            before = event.pk
            own = event.subject_id == "search" and event.actor.get("user") == actor.user
            if event.subject_id in names or own:
                kept.append(event)
                told[event.subject_id] = names.get(event.subject_id, "")
            if len(kept) == size:
                return kept, told, before
        if len(chunk) < size * 4:
            return kept, told, None
    return kept, told, before


def subjects(actor: Actor, public_ids: set[str]) -> dict[str, str]:
    """What stands behind public ids within the scope: the number of a case or payment batch, the name of a fund, or
    of a person who has a case."""
    ids = [uuid.UUID(text) for text in public_ids if len(text) == 36]
    seen = scope.audited(actor, scope.LOG_ROLES)
    found = {str(key): number for key, number in seen.filter(public_id__in=ids).values_list("public_id", "number")}
    rest = [key for key in ids if str(key) not in found]
    people = Person.objects.filter(public_id__in=rest, cases__in=seen).distinct() if rest else Person.objects.none()
    money = _money(actor, rest) if rest else {}
    return found | money | {str(key): name for key, name in people.values_list("public_id", "name")}


def _money(actor: Actor, ids: list[uuid.UUID]) -> dict[str, str]:
    """The batches and funds among these ids that lie under the actor's duties."""
    funds = scope.funds(actor, scope.LOG_ROLES)
    batches = Batch.objects.filter(public_id__in=ids, fund__in=funds).values_list("public_id", "number")
    named = funds.filter(public_id__in=ids).values_list("public_id", "name")
    return {str(key): words for key, words in [*batches, *named]}
