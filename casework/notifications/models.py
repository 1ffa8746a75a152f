"""The outbox: a message is a row in the transaction of the event it tells; a worker delivers it afterwards."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message to one user by one channel. params: values for the template, without diagnosis, and without
    amounts for SMS (domain.md §4.10). public_id is the provider's reference, so a repeat is recognised."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="messages")
    recipient = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(
        max_length=10, choices=[("inapp", _("In the app")), ("email", _("E-mail")), ("sms", _("SMS"))]
    )
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10,
        default="due",
        choices=[("due", _("Due")), ("claimed", _("Being sent")), ("sent", _("Sent")), ("dead", _("Failed"))],
    )
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "recipient", "channel", "template"], name="told_once")]
        indexes = [
            models.Index(
                fields=["next_try", "id"], condition=models.Q(state__in=["due", "claimed"]), name="messages_due"
            ),
            models.Index(fields=["recipient", "channel", "-id"], name="inbox"),
            models.Index(fields=["-id"], condition=models.Q(state="dead"), name="messages_dead"),
        ]
