"""What was typed into a draft, read by its form; and whether the account in it is that of whoever will be paid, told
beside its field long before the application is handed in."""
import uuid
from collections.abc import Mapping

from casework.core import clock
from casework.core.calendar import local_date
from casework.forms.bind import Bound, bind
from casework.forms.models import Draft
from casework.organisations.models import Organisation
from casework.people.models import Person
from casework.programmes.spec import Programme
from casework.workflows import payees
from casework.workflows.corrections import unfitting

Raw = Mapping[str, list[str]]


def judged(draft: Draft, programme: Programme, raw: Raw, page: str | None = None) -> Bound:
    """The whole draft, or one page of it, with every problem at its place."""
    today = local_date(clock.now())
    bound = bind(programme.form, raw, today, page)
    if page is None and bound.ok:
        bound.problems += unfitting(programme, bound.answers, today)
    bound.problems += payees.problems(programme, payee_of(draft, programme, raw), bound.answers)
    return bound


def payee_of(draft: Draft, programme: Programme, raw: Raw) -> str:
    """The name the account must bear, as far as the draft tells who is paid; "" while it does not."""
    if programme.form.field("account_name") is None:
        return ""
    if programme.for_unit:
        union = _union(raw)
        return union.name if union is not None else ""
    if programme.form.field("name"):
        return _last(raw, "name")
    person: Person | None = draft.for_person or draft.owner.person
    if person is None:
        return ""
    return payees.expected(programme, person, local_date(clock.now())).name


def _union(raw: Raw) -> Organisation | None:
    try:
        return Organisation.objects.filter(public_id=uuid.UUID(_last(raw, "union"))).first()
    except ValueError:
        return None


def _last(raw: Raw, name: str) -> str:
    return (raw.get(name) or [""])[-1]
