"""Life cycles: the legal standings a case can have, in plain django-fsm. One file each; of() finds one by its name."""
from collections.abc import Mapping
from types import MappingProxyType

from casework.cases.models import Case
from casework.workflows.lifecycles.application import ApplicationCase
from casework.workflows.lifecycles.campaign import CampaignCase
from casework.workflows.lifecycles.enquiry import EnquiryCase

LIVES: Mapping[str, type[Case]] = MappingProxyType(
    {"application": ApplicationCase, "enquiry": EnquiryCase, "campaign": CampaignCase}
)


def of(life: str) -> type[Case]:
    """The class of a life cycle. Raises KeyError."""
    return LIVES[life]


def seen_as(case: Case) -> Case:
    """The same row seen through its own life cycle, so that its transitions are at hand. The classes are proxies of one
    table: nothing is read again."""
    case.__class__ = LIVES[case.life]
    return case
