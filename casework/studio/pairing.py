"""Steps and questions of one version beside those of another, to say which is which."""
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.core.text import Text
from casework.forms.spec import FormSpec, Repeat
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.workflows.migrating.mapping import places


@dataclass(frozen=True, slots=True)
class Pair:
    """Something of the old version whose key the new version does not have. choices: what may stand for it there."""

    key: str
    words: Text
    choices: Mapping[str, Text]


def steps_of(source: ProgrammeVersion, target: ProgrammeVersion) -> list[Pair]:
    """The steps that are gone, each with the new ones of its kind and standing."""
    old, new = programme_of(source), programme_of(target)
    there, before = {step.key for step in new.steps()}, {step.key for step in old.steps()}
    return [
        Pair(step.key, step.title, {
            other.key: other.title for other in new.steps()
            if other.key not in before and (other.kind, other.group) == (step.kind, step.group)
        })
        for step in old.steps() if step.key not in there
    ]


def fields_of(source: ProgrammeVersion, target: ProgrammeVersion) -> list[Pair]:
    """The questions that are gone, each with the new ones of its kind."""
    old, new = programme_of(source).form, programme_of(target).form
    kinds, old_kinds = dict(places(new)), dict(places(old))
    return [
        Pair(key, _title(old, key), {
            other: _title(new, other) for other, its in kinds.items() if other not in old_kinds and its == kind
        })
        for key, kind in old_kinds.items() if key not in kinds
    ]


def _title(form: FormSpec, place: str) -> Text:
    head, _dot, inner = place.partition(".")
    item: Any = next(item for item in form.items() if item.key == head)
    if inner and isinstance(item, Repeat):
        return next(field.title for field in item.fields if field.key == inner)
    title: Text = item.title
    return title
