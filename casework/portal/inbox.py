"""Messages to the person, newest first."""
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from casework.core import clock
from casework.notifications import reading
from casework.notifications.models import Message
from casework.portal import letters
from casework.site.policy import actor_of_request, signed_in
from casework.workflows import queries
from casework.workflows.guards import on_his_side

PAGE = 20


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One page of messages; those shown count as read from the next page on."""
    before = request.GET.get("before", "")
    mark = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else None
    rows = _mine(request).select_related("case__programme").order_by("-id")
    if mark:
        rows = rows.filter(pk__lt=mark)
    page = list(rows[: PAGE + 1])
    pages = case_pages(request, page[:PAGE])
    shown = [
        {
            "message": message, "unread": message.read_at is None, "words": letters.words_of(message),
            "href": pages[message.pk],
        }
        for message in page[:PAGE]
    ]
    return render(request, "portal/inbox.html", {
        "rows": shown, "next": f"{reverse('inbox')}?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "prev": reverse("inbox") if mark else "", "unread": any(row["unread"] for row in shown),
    })


def case_pages(request: HttpRequest, messages: Sequence[Message]) -> dict[int, str]:
    """The page of each message's case: the desk's for officers, one's own otherwise; "" without a case, and for one
    that he may not read any more: what he was told is his, what became of it is not (promise R6)."""
    actor, found = actor_of_request(request), {message.pk: "" for message in messages}
    open_to_him = queries.readable(actor, {message.case_id for message in messages})
    for message in messages:
        if message.case is not None and message.case_id in open_to_him:
            name = "my_case" if on_his_side(message.case, actor) else "desk_case"
            found[message.pk] = reverse(name, args=[message.case.public_id])
    return found


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    _mine(request).filter(read_at__isnull=True).update(read_at=clock.now())
    return redirect("inbox")


def _mine(request: HttpRequest) -> QuerySet[Message]:
    return reading.of(actor_of_request(request))
