"""Who looked at the applicant's data: the access log of his case and of himself, in the words he reads (promise A2)."""
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Words
from casework.funds.models import Batch
from casework.organisations.models import Organisation
from casework.portal.story import role_words
from casework.programmes.loader import programme_of

PAGE = 50
LOOKS: dict[str, Words] = {
    "reveal": gettext_lazy("Looked at in full: %(what)s"),
    "download": gettext_lazy("Opened a file: %(what)s"),
    "preview": gettext_lazy("Looked at a picture of: %(what)s"),
    "export": gettext_lazy("Exported the file of this case"),
    "search_by_id": gettext_lazy("Searched by your ID number"),
    "refused_attempt": gettext_lazy("Tried to act on your case and was refused"),
}
FIELDS: dict[str, Words] = {
    "id_no": gettext_lazy("ID number"), "phone": gettext_lazy("Phone number"), "card_no": gettext_lazy("Card number"),
    "answers": gettext_lazy("Hidden answers (address, health and the like)"),
}


def of_case(request: HttpRequest, case: Case) -> dict[str, Any]:
    """One page of looks at the case, at the applicant himself, and at the bank files in which his card stands, newest
    first: items of a timeline, addresses of the pages beside it. At most three queries."""
    before, here = request.GET.get("looks_before", ""), reverse("my_case", args=[case.public_id])
    runs = Batch.objects.filter(payments__case=case, payments__payee=case.applicant_id)
    own = {case.public_id, case.applicant.public_id, *runs.values_list("public_id", flat=True)}
    rows = Event.objects.filter(subject_kind="access", subject_id__in=[str(one) for one in own], action__in=LOOKS)
    paged = before.isascii() and before.isdigit() and len(before) < 15
    events = list((rows.filter(pk__lt=int(before)) if paged else rows).order_by("-pk")[: PAGE + 1])
    ids = {int(number) for event in events if (number := str(event.actor.get("organisation") or "")).isdigit()}
    places = {str(pk): name for pk, name in Organisation.objects.filter(pk__in=ids).values_list("pk", "name")}
    return {
        "items": [_item(event, case, places) for event in events[:PAGE]],
        "older": f"{here}?looks_before={events[PAGE - 1].pk}#looks" if len(events) > PAGE else "",
        "newest": f"{here}#looks" if paged else "",
    }


def _item(event: Event, case: Case, places: dict[str, str]) -> dict[str, Any]:
    actor, reason = event.actor, str(event.data.get("reason") or "")
    held = (str(role_words(str(actor.get("role") or ""))), places.get(str(actor.get("organisation") or ""), ""))
    return {
        "at": event.at, "title": str(LOOKS[event.action]) % {"what": _what(event, case)}, "who": actor.get("name", ""),
        "role": " · ".join(part for part in held if part),
        "text": _("Reason given: %(reason)s") % {"reason": reason} if reason else "",
    }


def _what(event: Event, case: Case) -> str:
    if event.action == "reveal":
        field = str(event.data.get("field") or "")
        return str(FIELDS.get(field, field))
    kind = event.data.get("kind")
    if event.data.get("batch"):
        return _("The file for the bank, with the full card number")
    papers = programme_of(case.programme).papers
    return next((str(paper.title) for paper in papers if paper.key == kind), _("Papers of the case"))
