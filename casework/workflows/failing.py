"""A rule that fails holds the case at its step: the door says which rule and which number, and a row stands before the
people who mend it until the rule can be worked out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case
from casework.core.problems import Problem, Refused
from casework.core.text import Text
from casework.programmes import troubles
from casework.programmes.loader import programme_of
from casework.programmes.parameters import MissingParameter
from casework.programmes.rules import RuleFault


class RuleFailed(Refused):
    """A named rule could not be worked out; nothing is guessed."""

    def __init__(self, rule: str, fault: RuleFault) -> None:
        self.rule, self.fault = rule, fault
        message = _("A rule could not be worked out, so nothing is decided: %(rule)s, %(where)s: %(what)s.") % {
            "rule": rule, "where": fault.where, "what": fault.what,
        }
        params = {"rule": rule, "number": fault.where}
        super().__init__([Problem("RULE_FAILED", message, mend=str(fault.mend), params=params)])


def note(case: Case, refusal: Refused, now: datetime) -> None:
    """Keep what must be mended, where the refusal is of this kind."""
    if isinstance(refusal, RuleFailed):
        rule, fault = refusal.rule, refusal.fault
    elif isinstance(refusal, MissingParameter):
        programme = programme_of(case.programme)
        rule, key = programme.award or programme.classify, str(refusal.problems[0].params["key"])
        fault = RuleFault(key, Text("本地区尚未录入该数值", "this number of the region is not entered yet"))
    else:
        return
    troubles.note(case.public_id, case.number, case.organisation_id, case.programme_id, rule, fault, now)


def note_refused(case_id: int, refusal: Refused, now: datetime) -> None:
    """The same after the door said no and undid everything else."""
    if isinstance(refusal, RuleFailed | MissingParameter):
        note(Case.objects.select_related("programme").get(pk=case_id), refusal, now)
