"""What the office answered, and why it asked for more time, as the person reads it."""
from typing import Any

from django.utils.translation import gettext as _

from casework.audit.models import Event
from casework.cases.models import Case


def of_case(case: Case) -> list[dict[str, Any]]:
    """Answers and extensions of a case, newest first, as items of a timeline."""
    if case.life == "campaign":
        return []
    found = []
    for event in Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("-n")[:200]:
        if event.data.get("reply_to_person"):
            found.append({"at": event.at, "title": _("Answer"), "text": event.data["reply_to_person"]})
        elif event.action.endswith(".extend"):
            found.append({"at": event.at, "title": _("More time is needed"), "text": event.data.get("opinion", "")})
        elif event.action.endswith(".more_time"):
            found.append({"at": event.at, "title": _("You have more time"), "text": event.data.get("opinion", "")})
    return found
