"""The facts of a case that conditions may look at. A name that stands in neither table is most often mistyped."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casework.core import money
from casework.core.text import Text
from casework.forms.spec import Field
from casework.programmes import references
from casework.programmes.checks import CHECKS
from casework.programmes.fact_words import FACTS
from casework.programmes.number_words import named
from casework.programmes.spec import Programme

# Carried by every case, whatever its service (workflows.flow.facts_of).
CARRIED = frozenset({"category", "amount_fen", "requested_fen", "via"})
# Found by a rule, while the service names it.
OF_RULES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "classify": frozenset(
            {
                "category",
                "exclusions",
                "income_fen",
                "rigid_fen",
                "members",
                "pc_fen",
                "line_fen",
                "event_fen",
                "loss_fen",
            }
        ),
        "award": frozenset({"award_fen", "award_base_fen", "award_limit"}),
    }
)
# Found by a kind of step, while the route has one.
OF_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "means_check": frozenset({"check_refused", "means_income_fen"}),
        "visit": frozenset({"check_refused", "no_visit", "visit_disagrees"}),
        "discuss": frozenset({"not_supported"}),
        "check": frozenset({"not_supported"}),
        "approve": frozenset({"waiting_for_funds"}),
        "payee": frozenset({"gone"}),
        "confirmations": frozenset({"vetoed"}),
        "answer": frozenset({"answered"}),
        "take_on": frozenset({"matter_class"}),
        "callback": frozenset({"satisfied"}),
        "lessons": frozenset({"score", "attendance_percent"}),
        "exam": frozenset({"passed_count", "failed_count"}),
        "listing": frozenset({"taken_off"}),
        "recognise": frozenset({"recognised"}),
        "match": frozenset({"placed", "not_placed"}),
        "follow_up": frozenset({"stable"}),
        "score": frozenset({"vetoed", "passed"}),
        "expert": frozenset({"expert_supports"}),
        "conduct": frozenset({"aid_result", "handled", "amount_won_fen"}),
        "fee": frozenset({"fee_due", "fee_fen"}),
        "admit": frozenset({"important"}),
        "respond": frozenset({"asked_review", "asked_recheck"}),
    }
)


def known(programme: Programme) -> frozenset[str]:
    """Every fact a case of this programme can have."""
    found = CARRIED | frozenset(programme.facts)
    found |= OF_RULES["classify"] if programme.classify else frozenset()
    found |= OF_RULES["award"] if programme.award else frozenset()
    found |= frozenset(CHECKS[programme.check].names) if programme.check else frozenset()
    return found.union(*(OF_KINDS.get(step.kind, frozenset()) for step in programme.steps()))


SIGNS: Mapping[str, str] = MappingProxyType(
    {"equals": "=", "in": "∈", "at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "is_true": "=",
     "contains": "∋"}
)


def condition(programme: Programme, when: Mapping[str, Any], numbers: Mapping[str, Any] = MappingProxyType({})) -> Text:
    """A closed condition in words, such as "award ≥ 3,000.00". numbers: regional numbers whose values are told beside
    their names; those of a case, or of a region and a day."""
    found = [_said(programme, fact, tests, numbers) for fact, tests in when.items()]
    return Text("，".join(text.zh for text in found), ", ".join(text.en for text in found))


def _said(programme: Programme, fact: str, tests: Any, numbers: Mapping[str, Any]) -> Text:
    field = programme.form.field(fact)
    name = FACTS.get(fact) or (field.title if field else Text(fact, fact))
    each = tests.items() if isinstance(tests, Mapping) else [("equals", tests)]
    found = [(SIGNS[test], _value(field, fact, wanted, numbers)) for test, wanted in each]
    return Text(" ".join(f"{name.zh} {sign} {value.zh}" for sign, value in found),
                " ".join(f"{name.en} {sign} {value.en}" for sign, value in found))


def _value(field: Field | None, fact: str, wanted: Any, numbers: Mapping[str, Any]) -> Text:
    """A value as people read it: choices by their words, fen as yuan, a regional number by its name and value."""
    if references.is_reference(wanted):
        return _number(field, fact, wanted[references.NUMBER], numbers)
    if isinstance(wanted, list):
        found = [_value(field, fact, one, numbers) for one in wanted]
        return Text("/".join(text.zh for text in found), "/".join(text.en for text in found))
    if isinstance(wanted, bool):
        return Text("是", "yes") if wanted else Text("否", "no")
    if isinstance(wanted, int) and (fact.endswith("_fen") or (field is not None and field.kind == "money")):
        return Text.of(money.show(wanted))
    words = field.choices.get(str(wanted)) if field is not None else None
    return words or Text.of(str(wanted))


def _number(field: Field | None, fact: str, reference: str, numbers: Mapping[str, Any]) -> Text:
    name, value = named(reference), references.part(numbers, reference)
    if value is None:
        return name
    told = _value(field, fact, value, numbers)
    return Text(f"{told.zh}（{name.zh}）", f"{told.en} ({name.en})")
