"""E-mail through Django's backend. The Message-ID is made of the row's public id, so a repeat is recognised."""
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from casework.notifications import messages, templates
from casework.notifications.channels import Permanent, Temporary
from casework.notifications.models import Message


def send(message: Message) -> None:
    """Raises Permanent, Temporary, templates.Unwritable."""
    user = message.recipient
    if not user.email:
        raise Permanent("NO_ADDRESS")
    subject, text = templates.compose_email(message.template, message.params, user.language, link_of(message))
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(subject, text, to=[user.email], headers=headers)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _answer in error.recipients.values()]
        raise (Permanent if all(code >= 500 for code in codes) else Temporary)(f"REFUSED {codes[:1]}") from error
    except smtplib.SMTPDataError as error:
        raise (Permanent if error.smtp_code >= 500 else Temporary)(f"REFUSED {error.smtp_code}") from error
    except ValueError as error:  # not an address, or a line end in a header
        raise Permanent("NOT_AN_ADDRESS") from error
    except OSError as error:  # smtplib's other errors too: the server is away, or refuses us and not the reader
        raise Temporary(f"NO_ANSWER {type(error).__name__}") from error


def message_id(message: Message) -> str:
    """The same at every try."""
    return f"<{message.public_id}@{urlsplit(settings.SITE_HOST).hostname}>"


def link_of(message: Message) -> str:
    """Address of the page of the message's case, "" without a case."""
    template = messages.TABLE.get(message.template)
    if message.case is None or template is None:
        return ""
    return f"{settings.SITE_HOST}{reverse(template.page, args=[message.case.public_id])}"
