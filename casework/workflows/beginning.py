"""A form begins with what the person told before in a service that asks the same, so that it is looked through and not
typed once more. Only what pages show anyway: no sealed answer, no number of a person, no file, no consent."""
from collections.abc import Collection, Mapping
from typing import Any

from casework.access.actor import Actor, Duty
from casework.access.duties import covers
from casework.cases import answers as case_answers
from casework.cases.models import Case, State
from casework.forms import drafts
from casework.forms.kinds import KINDS
from casework.forms.review import SEALED
from casework.forms.spec import Field, FormSpec, Repeat
from casework.people.models import Person
from casework.people.persons import id_hash
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.workflows import guards

GRANTED = (State.APPROVED, State.SETTLED, State.CLOSED)
NOT_CARRIED = ("file", "consent")


def own(programme: Programme, person: int | None) -> drafts.Raw:
    """What a person begins a matter of his own with."""
    case = _last(programme, person)
    return _carried(case, programme.form) if case is not None else {}


def of_member(programme: Programme, id_no: str, duty: Duty, actor: Actor) -> drafts.Raw:
    """What the handler of a union begins with for a member: only of a case that lies under his duty and that he may
    work on."""
    person = Person.objects.filter(id_hash=id_hash(id_no)).first() if programme.begins_with else None
    case = _last(programme, person.pk) if person is not None else None
    if case is None or not covers(duty, case.organisation.path) or guards.recusal(case, actor):
        return {}
    return _carried(case, programme.form)


def _last(programme: Programme, person: int | None) -> Case | None:
    """The newest granted case that this person himself applied for."""
    if person is None or not programme.begins_with:
        return None
    rows = Case.objects.filter(
        key__in=programme.begins_with, applicant_id=person, for_office=False, state__in=GRANTED
    ).select_related("programme", "organisation", "household")
    return rows.order_by("-submitted_at", "-id").first()


def _carried(case: Case, new: FormSpec) -> drafts.Raw:
    """The answers to questions that both forms ask alike."""
    old, shown = programme_of(case.programme).form, case_answers.shown(case)
    raw: drafts.Raw = {}
    for item in old.items():
        if isinstance(item, Field):
            raw |= _sent(item.key, item, new, shown)
            continue
        for number, row in enumerate(shown.get(item.key) or []):
            raw |= _row(item, number, row, new)
    return raw


def _row(rows: Repeat, number: int, row: Mapping[str, Any], new: FormSpec) -> drafts.Raw:
    raw: drafts.Raw = {}
    for field in rows.fields:
        raw |= _sent(f"{rows.key}.{number}.{field.key}", field, new, row)
    return raw


def _sent(name: str, old: Field, new: FormSpec, answers: Mapping[str, Any]) -> drafts.Raw:
    """One answer as a page would send it; {} where it is sealed, or is none of the new question's."""
    value, field = answers.get(old.key), new.field(name)
    if value is None or field is None or field.kind != old.kind or old.kind in NOT_CARRIED:
        return {}
    if old.sensitive or field.sensitive or field.derived or SEALED in (value if isinstance(value, list) else [value]):
        return {}
    values = _typed(old, value)
    return {name: values} if _offered(field, values) else {}


def _typed(field: Field, value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    clear = KINDS[field.kind].clear
    return [clear(one) for one in value] if isinstance(value, list) else [clear(value)]


def _offered(field: Field, values: Collection[str]) -> bool:
    return not field.choices or all(value in field.choices for value in values)
