"""Showing one full value once, against a reason that enters the access log (promise A2)."""
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework.audit import record
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core import clock
from casework.core.crypto import Undecipherable
from casework.core.masks import find_private
from casework.core.problems import Problem, Refused, Words
from casework.desk import scope
from casework.forms.kinds import KINDS
from casework.forms.review import SEALED
from casework.forms.spec import Repeat
from casework.people import persons
from casework.people.models import BankAccount, Person
from casework.programmes.loader import programme_of
from casework.site.policy import actor_of_request, staff
from casework.workflows import queries

OTHER = "other"
REASONS: dict[str, Words] = {
    "identity": gettext_lazy("To check the identity against the papers"),
    "contact": gettext_lazy("To reach the applicant by phone"),
    "payment": gettext_lazy("To check the payee account"),
    "complaint": gettext_lazy("To answer an objection or complaint"),
    OTHER: gettext_lazy("Another reason (write it down)"),
}
FIELDS: dict[str, Words] = {
    "id_no": gettext_lazy("ID number"), "phone": gettext_lazy("Phone number"), "card_no": gettext_lazy("Card number"),
    "answers": gettext_lazy("Hidden answers (address, health and the like)"),
}
OTHER_LEAST = 5
PRIVATE = gettext_lazy("This text holds an ID, phone or card number.")


@dataclass(frozen=True, slots=True)
class Target:
    """One value that can be asked for: a number of a person, of the payee account, or the answers that pages hide."""

    field: str
    person: Person
    account: BankAccount | None = None

    @property
    def code(self) -> str:
        """What the page sends."""
        return f"{self.field}:{self.person.public_id}"

    @property
    def words(self) -> str:
        """What it is and whose."""
        return _("%(field)s of %(name)s") % {"field": FIELDS[self.field], "name": self.person.name}


def targets(case: Case) -> list[Target]:
    """Every full value this case is about: numbers of the applicant and members, the payee account."""
    found = [Target("id_no", case.applicant), Target("phone", case.applicant)]
    if case.account is not None:
        found.append(Target("card_no", case.applicant, case.account))
    if hides_answers(case):
        found.append(Target("answers", case.applicant))
    members = case.parties.select_related("person").order_by("id")
    return found + [Target("id_no", party.person) for party in members]


@staff()
@require_POST
def desk_reveal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The full value, once, on a page that is kept nowhere; 422 with the form again without a reason."""
    actor = actor_of_request(request)
    case = queries.case_for(actor, public_id)
    scope.refuse_relatives(request, case, "reveal")
    offered = targets(case)
    target = next((one for one in offered if one.code == request.POST.get("what", "")), None)
    if target is None:
        raise Http404
    context = {"case": case, "target": target, "reveals": offered, "reasons": REASONS, "typed": request.POST}
    try:
        context["values"] = clear_values(request, case, target, reason_of(request))
    except Refused as refused:
        return _answer(request, context | {"problems": refused.problems}, refused.status)
    return _answer(request, context, 200)


def reason_of(request: HttpRequest) -> str:
    """The reason chosen, with what was written beside it. Raises Refused without one."""
    chosen, text = request.POST.get("reason", ""), scope.typed(request, "reason_text", 250)
    if chosen not in REASONS:
        raise Refused([Problem("REASON", _("Choose why you need the full value."), place="reveal.reason")])
    if find_private(text):
        mend = _("Take the number out.")
        raise Refused([Problem("PRIVATE_DATA", PRIVATE, place="reveal.reason_text", mend=mend)])
    if chosen == OTHER:
        if len(text) < OTHER_LEAST:
            problem = Problem("REASON", _("Write the reason in at least 5 characters."), place="reveal.reason_text")
            raise Refused([problem])
        return text
    return f"{REASONS[chosen]}: {text}" if text else str(REASONS[chosen])


def clear_values(request: HttpRequest, case: Case, target: Target, reason: str) -> list[tuple[str, str]]:
    """What was asked for, with its label; noted before it is read. Raises Refused when it was erased by law."""
    stamp, now = scope.stamp(request, case, scope.handled(case, actor_of_request(request))), clock.now()
    try:
        if target.field == "answers":
            with transaction.atomic():
                facts = {"field": "answers", "reason": reason, "case": case.number}
                record.record("access", str(target.person.public_id), "reveal", stamp, facts, now)
                return list(hidden_answers(case))
        if target.account is not None:
            return [("", persons.reveal_card(target.account, stamp, reason, now))]
        return [("", persons.reveal(target.person, target.field, stamp, reason, now))]
    except Undecipherable as error:
        raise Refused([Problem("ERASED", _("This value has been erased."))], 410) from error


def hides_answers(case: Case) -> bool:
    """Does the application hold answers that pages hide whole?"""
    shown = case_answers.shown(case)
    rows = [row for value in shown.values() if isinstance(value, list) for row in value if isinstance(row, dict)]
    return any(SEALED in holder.values() for holder in (shown, *rows))


def hidden_answers(case: Case) -> Iterator[tuple[str, str]]:
    """Label and clear value of every answer that pages hide whole."""
    shown, full = case_answers.shown(case), case_answers.full(case)
    for item in programme_of(case.programme).form.items():
        if not isinstance(item, Repeat):
            yield from _hidden("", (item,), shown, full)
            continue
        for n, (masked, clear) in enumerate(zip(shown.get(item.key) or [], full.get(item.key) or [], strict=True), 1):
            yield from _hidden(f"{item.item_title} {n} · ", item.fields, masked, clear)


def _hidden(head: str, fields: Any, masked: dict[str, Any], clear: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if masked.get(field.key) == SEALED:
            yield f"{head}{field.title}", KINDS[field.kind].show(clear.get(field.key), field)


def _answer(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    name = "desk/_reveal.html" if request.headers.get("HX-Request") else "desk/reveal.html"
    answer = render(request, name, context, status=200 if request.headers.get("HX-Request") else status)
    answer["Cache-Control"] = "no-store, private"
    return answer
