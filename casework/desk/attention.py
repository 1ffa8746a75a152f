"""What machines could not do, for people to take over: undelivered messages, letters not made, refused moves,
rules that fail."""
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.access.actor import Actor, Duty
from casework.access.duties import covers, stamp_of
from casework.audit.record import record
from casework.core import clock
from casework.core.problems import Words
from casework.desk import words
from casework.desk.funds import MONEY_ROLES
from casework.notifications import deliver, templates
from casework.notifications import troubles as message_troubles
from casework.notifications.models import Message
from casework.papers import kinds, making
from casework.papers import troubles as paper_troubles
from casework.papers.models import Paper
from casework.programmes import troubles as rule_troubles
from casework.programmes.loader import programme_of
from casework.programmes.models import RuleTrouble
from casework.site import attention, refusals
from casework.site.login import address_of
from casework.site.policy import actor_of_request, staff
from casework.workflows import timers
from casework.workflows.models import QueuedCommand

PAGE = 25
Left = Message | Paper | QueuedCommand | RuleTrouble
CODES = re.compile(r"(^|; )[A-Z][A-Z_]+ ")
GONE = gettext_lazy("This no longer stands on your list. Perhaps a colleague was faster.")


class Link(NamedTuple):
    """Where a row belongs."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing left to people. under: what tells it from others of its title. deeds: what its buttons do."""

    pk: int
    title: str
    under: str
    at: datetime
    link: Link | None
    trouble: Words
    deeds: tuple[str, ...] = ("again",)


def message_row(message: Message, actor: Actor) -> Row:
    """A message that could not be delivered. One in the app stands there anyhow: it cannot be dealt with otherwise."""
    title, _text = templates.words(message, get_language() or "")
    under = f"{message.get_channel_display()} · {message.recipient.first_name or message.recipient.username}"
    deeds = ("again",) if message.channel == "inapp" else ("again", "done")
    return Row(
        message.pk, title, under, message.created_at, _case_link(message), message_troubles.words_of(message), deeds
    )


def paper_row(paper: Paper, actor: Actor) -> Row:
    """A letter that could not be made."""
    link = _case_link(paper)
    if paper.batch and _reaches(actor.duties, MONEY_ROLES, paper.organisation.path):
        link = Link(reverse("desk_batch", args=[paper.batch.public_id]), paper.batch.number)
    return Row(paper.pk, str(kinds.title(paper.kind)), paper.number, paper.ordered_at, link,
               paper_troubles.words_of(paper))


def command_row(command: QueuedCommand, actor: Actor) -> Row:
    """A move of a case that was refused."""
    title = words.action_words(command.action, programme_of(command.case.programme))
    payment = str(command.answers.get("payment") or "")
    return Row(command.pk, title, payment, command.due_at, _case_link(command), CODES.sub(r"\1", command.trouble))


def rule_row(trouble: RuleTrouble, actor: Actor) -> Row:
    """A rule that could not be worked out; the case waits at its step. It is off the list by itself once it works."""
    title, path = str(programme_of(trouble.programme).title), trouble.organisation.path
    link = Link(reverse("desk_case", args=[trouble.case]), trouble.number)
    seen = _reaches(actor.duties, attention.DESKS, path)
    return Row(
        trouble.pk, title, "" if seen else trouble.number, trouble.since, link if seen else None,
        rule_troubles.words_of(trouble), ("done",),
    )


def _case_link(row: Message | Paper | QueuedCommand) -> Link | None:
    return Link(reverse("desk_case", args=[row.case.public_id]), row.case.number) if row.case else None


def _reaches(duties: Iterable[Duty], roles: Iterable[str], path: str) -> bool:
    return any(duty.role in roles and covers(duty, path) for duty in duties)


@dataclass(frozen=True, slots=True)
class Kind:
    """One list of the page. rows: those of an actor, newest first. deeds: name → (what is done, action of its event,
    what the page says then)."""

    title: Words
    rows: Callable[[Actor], QuerySet[Any]]
    show: Callable[[Any, Actor], Row]
    deeds: Mapping[str, tuple[Callable[[Any, datetime], bool], str, Words]]


AGAIN = gettext_lazy("It is tried again within a minute.")
KINDS: Mapping[str, Kind] = MappingProxyType({
    "message": Kind(gettext_lazy("Messages that could not be delivered"), attention.messages, message_row, {
        "again": (deliver.try_again, "try_message_again", AGAIN),
        "done": (deliver.dealt_with, "message_dealt_with", gettext_lazy("The message is off the list.")),
    }),
    "paper": Kind(gettext_lazy("Letters that could not be made"), attention.papers, paper_row, {
        "again": (making.try_again, "try_paper_again", AGAIN),
    }),
    "rule": Kind(gettext_lazy("Rules that could not be worked out"), attention.rules, rule_row, {
        "done": (rule_troubles.dealt_with, "rule_dealt_with", gettext_lazy("The rule is off the list.")),
    }),
    "command": Kind(gettext_lazy("Moves of cases that were refused"), attention.commands, command_row, {
        "again": (timers.try_again, "try_command_again", AGAIN),
    }),
})


@staff(*attention.ROLES)
@require_safe
def desk_attention(request: HttpRequest) -> HttpResponse:
    """All that is left to people at the officer's places, list by list."""
    return render(request, "desk/attention.html", {"sections": list(_sections(request))})


def _sections(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The lists that are not empty, each at its own page."""
    actor = actor_of_request(request)
    for name, kind in KINDS.items():
        rows, before = kind.rows(actor), _number(request.GET.get(name, ""))
        page = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
        if page or before:
            more = page[PAGE - 1].pk if len(page) > PAGE else None
            shown = [kind.show(row, actor) for row in page[:PAGE]]
            yield {"name": name, "title": kind.title, "rows": shown, "more": more, "before": before}


@staff(*attention.ROLES)
@require_POST
def desk_attention_do(request: HttpRequest) -> HttpResponse:
    """Try one thing again, or take it off the list. One answer for what is absent, not yours or done already."""
    name, _dot, deed = request.POST.get("what", "").partition(".")
    kind = KINDS.get(name)
    if kind is None or deed not in kind.deeds:
        return refusals.explain(request, 404)
    row = kind.rows(actor_of_request(request)).filter(pk=_number(request.POST.get("id", ""))).first()
    if row is None or not _carry_out(request, kind, deed, row):
        return refusals.explain(request, 404, lead=GONE)
    messages.success(request, str(kind.deeds[deed][2]))
    return redirect("desk_attention")


def _carry_out(request: HttpRequest, kind: Kind, deed: str, row: Left) -> bool:
    """Do it and write who did it, in one transaction. False when somebody else was faster."""
    actor, now = actor_of_request(request), clock.now()
    work, action, _said = kind.deeds[deed]
    held = [duty for duty in actor.duties if duty.role in attention.ROLES]
    duty = next((duty for duty in held if covers(duty, _path(row))), held[0])
    with transaction.atomic():
        if not work(row, now):
            return False
        stamp = stamp_of(actor, duty, "online", address_of(request))
        record("access", _subject(row), action, stamp, _facts(row), now)
    return True


def _path(row: Left) -> str:
    """Of the place the row belongs to; "" for a message without a case, which belongs to its reader's places."""
    if isinstance(row, RuleTrouble):
        return row.organisation.path
    if row.case is not None:
        return row.case.organisation.path
    return row.organisation.path if isinstance(row, Paper) else ""


def _subject(row: Left) -> str:
    """What the event is about: the case, or else the message or paper itself."""
    if isinstance(row, RuleTrouble):
        return str(row.case)
    return str(row.public_id if row.case is None and not isinstance(row, QueuedCommand) else row.case.public_id)


def _facts(row: Left) -> dict[str, str]:
    if isinstance(row, RuleTrouble):
        return {"rule": row.rule, "number": row.place}
    trouble = row.trouble.partition(" ")[0]
    if isinstance(row, Message):
        return {"message": str(row.public_id), "template": row.template, "channel": row.channel, "trouble": trouble}
    if isinstance(row, Paper):
        return {"paper": str(row.public_id), "number": row.number, "trouble": trouble}
    return {"command": row.action, "key": row.key, "trouble": trouble}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
