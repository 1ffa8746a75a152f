"""A matter goes on as a case of another service, without being told again (domain §5.4; §5.9 no. 15): its answers fill
a draft, which the person finishes where he has a login, and otherwise the officer who met him first."""
from collections.abc import Mapping
from typing import Any

from casework.access.models import User
from casework.access.signup import private_logins
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.forms import drafts
from casework.forms.kinds import KINDS
from casework.forms.spec import Field, FormSpec
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.workflows.turn import Turn

# Where the story of a person goes in a form that does not call it "text".
STORIES = ("text", "reason", "cause_note", "facts_told")


def services(turn: Turn) -> dict[str, Programme]:
    """What a matter may become: every service in force that people start themselves, or this officer does."""
    found = [programme_of(row) for row in versions.all_current(turn.today)]
    return {p.key: p for p in found if p.key != turn.case.key and p.life != "campaign" and _open_to(p, turn)}


def _open_to(programme: Programme, turn: Turn) -> bool:
    if programme.for_unit or programme.re_examines:
        return False
    return programme.may_start("applicant") or any(
        programme.may_start(duty.role, duty.level) for duty in turn.actor.duties
    )


def version_of(turn: Turn, key: str) -> ProgrammeVersion:
    """The version of a service that a new case comes under."""
    return versions.current(key, local_date(turn.now))


def finisher(turn: Turn) -> User:
    """Whoever finishes the form: the person himself if he has a private login, else the officer, who helps him."""
    own = private_logins(turn.case.applicant_id).order_by("pk").first()
    return own or User.objects.get(pk=turn.actor.user or 0)


def start_draft(turn: Turn, key: str, owner: User) -> None:
    """Open the draft with everything that is known already."""
    version = version_of(turn, key)
    form = programme_of(version).form
    known = case_answers.full(turn.case)
    duty = turn.duty if owner.person_id != turn.case.applicant_id else None
    draft = drafts.start(owner, version, turn.now, carried(turn.programme.form, form, known), duty)
    draft.came_from_id = turn.case.pk
    if form.field("id_no") is None and turn.case.applicant.id_hash:
        draft.for_person = turn.case.applicant
    draft.save(update_fields=["came_from", "for_person"])


def carried(old: FormSpec, new: FormSpec, known: Mapping[str, Any]) -> drafts.Raw:
    """What both forms ask, as it would be typed; and the story, wherever the new form tells it."""
    raw: drafts.Raw = {}
    for item in new.items():
        before = old.field(item.key)
        if isinstance(item, Field) and before is not None and before.kind == item.kind and known.get(item.key):
            value = known[item.key]
            clear = KINDS[item.kind].clear
            raw[item.key] = [clear(one) for one in value] if isinstance(value, list) else [_typed(value, clear)]
    story = next((key for key in STORIES if isinstance(new.field(key), Field)), "")
    if story and story not in raw and known.get("text"):
        field = new.field(story)
        assert field is not None  # just found
        raw[story] = [str(known["text"])[: int(field.options.get("max", 200))]]
    return raw


def _typed(value: Any, clear: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(clear(value))


def source_of(case: Case) -> Case | None:
    """The case this one grew out of."""
    if "came_from" not in case.facts:
        return None
    link = case.links_in.filter(kind="became").select_related("source").first()
    return link.source if link else None
