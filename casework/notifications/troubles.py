"""Why a message could not be delivered, in words for the desk."""
from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words
from casework.notifications.models import Message

WORDS: Mapping[str, Words] = MappingProxyType({
    "NO_PHONE": _("The person has no phone number any more. Tell the person in another way."),
    "NOT_MOBILE": _("The number is not a mobile and cannot receive SMS. Please call it."),
    "ERASED": _("The person's data was erased; there is nobody to write to."),
    "NO_ADDRESS": _("The person has no e-mail address any more."),
    "NOT_AN_ADDRESS": _("The e-mail address is wrong. Ask the person for the right one."),
    "REFUSED": _("The provider refuses to deliver it. Ask the person whether number and address are right."),
    "NO_ANSWER": _("The provider did not answer. Tell whoever runs the server when it lasts."),
    "DISK": _("The server could not write to its disk. Tell whoever runs it."),
    "SETTINGS": _("Sending is not set up on the server. Tell whoever runs it."),
    "TEMPLATE": _("The message could not be put into words. Tell the person, and whoever runs the server."),
    "WORKER": _("Sending it failed again and again. Tell whoever runs the server."),
})
OTHER = _("The message could not be sent. Tell whoever runs the server when it lasts.")


def words_of(message: Message) -> Words:
    """What keeps the message from being delivered, "" when nothing does."""
    return WORDS.get(message.trouble.partition(" ")[0], OTHER) if message.trouble else ""
