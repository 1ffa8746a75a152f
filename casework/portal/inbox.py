"""Messages to the person, newest first."""
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from casework.core import clock
from casework.notifications.models import Message
from casework.portal import letters
from casework.site.policy import actor_of_request, signed_in
from casework.workflows.guards import is_applicant

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
    shown = [
        {
            "message": message, "unread": message.read_at is None, "words": letters.words_of(message),
            "href": case_page(request, message),
        }
        for message in page[:PAGE]
    ]
    return render(request, "portal/inbox.html", {
        "rows": shown, "next": f"{reverse('inbox')}?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "prev": reverse("inbox") if mark else "", "unread": any(row["unread"] for row in shown),
    })


def case_page(request: HttpRequest, message: Message) -> str:
    """The page of the message's case: the desk's for officers, one's own otherwise, "" without a case."""
    if message.case is None:
        return ""
    actor = actor_of_request(request)
    return reverse("my_case" if is_applicant(message.case, actor) else "desk_case", args=[message.case.public_id])


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    _mine(request).filter(read_at__isnull=True).update(read_at=clock.now())
    return redirect("inbox")


def _mine(request: HttpRequest) -> QuerySet[Message]:
    return Message.objects.filter(recipient_id=request.user.pk, channel="inapp")
