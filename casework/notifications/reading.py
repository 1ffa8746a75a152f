"""What somebody was told in the application, as he may read it."""
from django.db.models import Q, QuerySet

from casework.access.actor import Actor
from casework.notifications.models import Message


def of(actor: Actor) -> QuerySet[Message]:
    """The messages of his login. One that an office keeps reads nothing of what its person applied for himself, though
    it was told of it once (promise R7)."""
    rows = Message.objects.filter(recipient_id=actor.user, channel="inapp")
    if not actor.of_office or actor.person is None:
        return rows
    return rows.filter(Q(case=None) | Q(case__for_office=True) | ~Q(case__applicant_id=actor.person))
