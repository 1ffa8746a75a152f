"""Words for rows of other parts: the service of a case, the kind of a posting, the title of a message."""
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case
from casework.core.problems import Words
from casework.funds.models import Transaction
from casework.notifications import templates
from casework.notifications.models import Message
from casework.papers import kinds
from casework.papers.models import Paper
from casework.programmes.loader import programme_of

register = template.Library()

POSTINGS: dict[str, Words] = {
    "receive": _("Received"), "allocate": _("Allocated"), "reserve": _("Set aside"), "release": _("Freed"),
    "send": _("Sent to the bank"), "pay": _("Paid"), "return": _("Returned by the bank"), "reverse": _("Reversed"),
    "carry_over": _("Carried over"),
}


@register.filter
def service_title(case: Case) -> str:
    """The title of the service in the reader's language."""
    return str(programme_of(case.programme).title)


@register.filter
def posting_words(posting: Transaction) -> Words:
    """The kind of a posting in words."""
    return POSTINGS.get(posting.kind, posting.kind)


@register.filter
def letter_title(paper: Paper) -> str:
    """What kind of letter it is."""
    return str(kinds.title(paper.kind))


@register.filter
def message_words(message: Message) -> str:
    """The title of a message."""
    return templates.words(message, get_language() or "zh-hans")[0]
