"""In the app: a message is delivered by being there, as long as it can be put into words."""
from casework.notifications import templates
from casework.notifications.models import Message


def send(message: Message) -> None:
    """Raises templates.Unwritable."""
    templates.compose(message.template, message.params, message.recipient.language)
