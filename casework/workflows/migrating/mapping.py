"""What becomes of a step and of an answer when a case goes on under another version."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import Field, FormSpec, Repeat
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme, Step
from casework.workflows.models import MigrationPlan

# Parts on which a decision rests: when one differs, a case whose amount is decided keeps its version.
RESTS_ON = ("form", "eligibility", "numbers", "classify", "award", "facts", "needs")


@dataclass(frozen=True, slots=True)
class Way:
    """From one version to another. steps, fields: old key → new key, for those that are called otherwise."""

    source: Programme
    target: Programme
    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: MigrationPlan) -> "Way":
        """The way of a plan."""
        return cls(programme_of(plan.source), programme_of(plan.target), plan.steps, plan.fields)

    def key(self, step: str) -> str:
        """The new key of a step."""
        return self.steps.get(step, step)

    def step(self, old: str) -> Step | None:
        """The counterpart of a step, None when the new version has none."""
        return next((step for step in self.target.steps() if step.key == self.key(old)), None)

    def same_rules(self) -> bool:
        """Do both versions decide in the same way?"""
        return all(getattr(self.source, name) == getattr(self.target, name) for name in RESTS_ON) and not self.fields

    def same_form(self) -> bool:
        """Are the answers kept as they are?"""
        return self.source.form == self.target.form and not self.fields

    def answers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers under their new keys; those whose question is gone, or is another kind now, stay behind in the
        old revision."""
        found: dict[str, Any] = {}
        kinds, old_kinds = dict(places(self.target.form)), dict(places(self.source.form))
        for key, value in answers.items():
            new = self.fields.get(key, key)
            if old_kinds.get(key) is None or kinds.get(new) != old_kinds[key]:
                continue
            found[new] = self._rows(key, new, value) if kinds[new] == ROWS else value
        return found

    def _rows(self, old: str, new: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kinds, old_kinds = dict(places(self.target.form)), dict(places(self.source.form))
        found = []
        for row in rows:
            mine = {}
            for key, value in row.items():
                place, kind = self.fields.get(f"{old}.{key}", f"{new}.{key}"), old_kinds.get(f"{old}.{key}")
                if place.startswith(f"{new}.") and kind is not None and kinds.get(place) == kind:
                    mine[place.removeprefix(f"{new}.")] = value
            found.append(mine)
        return found


ROWS = "rows"


def places(form: FormSpec) -> Iterator[tuple[str, str]]:
    """(place, kind) of every question: id_no, members, members.id_no."""
    for item in form.items():
        if isinstance(item, Repeat):
            yield item.key, ROWS
            yield from ((f"{item.key}.{inner.key}", inner.kind) for inner in item.fields)
        else:
            yield item.key, item.kind


def missing(form: FormSpec, answers: Mapping[str, Any]) -> list[str]:
    """Keys of questions that have to be answered always and are not; the case goes on without them."""
    asked = [item for item in form.items() if isinstance(item, Field) and item.required and item.when is None]
    return [item.key for item in asked if not item.derived and answers.get(item.key) in (None, "", [])]


def plan_problems(
    source: ProgrammeVersion, target: ProgrammeVersion, steps: Mapping[str, str], fields: Mapping[str, str]
) -> list[Problem]:
    """Why a plan cannot be: another programme or life cycle, names that do not exist, two on one place."""
    if source.key != target.key or source.pk == target.pk:
        return [Problem("OTHER_PROGRAMME", _("Cases move between two versions of one programme."), place="target")]
    old, new = programme_of(source), programme_of(target)
    if old.life != new.life:
        return [Problem("OTHER_LIFE", _("The new version has another life cycle."), place="target")]
    problems = _names(steps, {s.key for s in old.steps()}, {s.key for s in new.steps()}, "steps")
    problems += _names(fields, dict(places(old.form)), dict(places(new.form)), "fields")
    kinds, old_kinds = dict(places(new.form)), dict(places(old.form))
    problems += [
        Problem("OTHER_KIND", _("%(old)s and %(new)s are questions of different kinds.") % {"old": key, "new": name},
                place=f"fields.{key}", mend=_("Leave it out; the answer then stays in the old revision."))
        for key, name in fields.items() if key in old_kinds and name in kinds and old_kinds[key] != kinds[name]
    ]
    return problems


def _names(
    mapping: Mapping[str, str], known: Mapping[str, Any] | set[str], wanted: Mapping[str, Any] | set[str], place: str
) -> list[Problem]:
    problems = []
    for old, new in mapping.items():
        lost = [name for name, names in ((old, known), (new, wanted)) if name not in names]
        problems += [
            Problem("NO_SUCH_KEY", _("There is no %(key)s.") % {"key": name}, place=f"{place}.{old}") for name in lost
        ]
    taken = [mapping.get(key, key) for key in known]
    double = sorted({name for name in taken if taken.count(name) > 1} & set(mapping.values()))
    problems += [
        Problem("TWO_ON_ONE", _("Two old keys lead to %(key)s.") % {"key": name}, place=place,
                mend=_("Name each new key once."))
        for name in double
    ]
    return problems
