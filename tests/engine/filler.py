"""Fills any form with valid values: what must be answered, and what a refusal asked for."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from casework.core.problems import Problem
from casework.forms.spec import Field, FormSpec, Repeat, holds
from casework.people import persons
from casework.people.models import Person
from tests.office import Office, id_number

CARD = "6222021234567890128"
WORDS = "情况属实，予以说明，共二十余字，以便办理人员核对清楚。"
LOSS_MOST = 100_000
AWARD_MOST = 5_000_000


class Filler:
    """Values for the forms of one walk. person: whom the forms are about."""

    def __init__(self, office: Office, person: Person | None) -> None:
        self.office, self.person = office, person
        self._uploads = 0

    def fill(
        self, form: FormSpec, who: str, fixed: Mapping[str, Any] | None = None, also: Collection[str] = ()
    ) -> dict[str, Any]:
        """Answers to a form: its required fields and those named in also. who: the login that uploads files. fixed:
        answers that are given."""
        given = dict(fixed or {})
        answers: dict[str, Any] = {}
        for item in form.items():
            if not holds(item.when, answers):
                continue
            if item.key in given:
                answers[item.key] = self._given(given[item.key])
            elif isinstance(item, Repeat):
                least = max(item.least, 1 if item.key in also else 0)
                answers[item.key] = [self._row(item, answers, who, also) for _ in range(least)]
            elif not item.derived and (item.required or item.key in also or item.key == "union"):
                answers[item.key] = self.value(item, who)
        return answers

    @staticmethod
    def _given(value: Any) -> Any:
        return value() if callable(value) else value

    def _row(self, repeat: Repeat, above: Mapping[str, Any], who: str, also: Collection[str]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for field in repeat.fields:
            wanted = field.required or field.key in also
            if wanted and not field.derived and holds(field.when, row, above):
                row[field.key] = self.value(field, who, stranger=True)
        return row

    def value(self, field: Field, who: str, *, stranger: bool = False) -> Any:
        """One valid value. stranger: of somebody else than the person the form is about."""
        makers: dict[str, Callable[[], Any]] = {
            "text": lambda: WORDS[: int(field.options.get("max", 20))],
            "longtext": lambda: WORDS[: int(field.options.get("max", 100))],
            "int": lambda: self._int(field),
            "money": lambda: self._money(field),
            "date": lambda: self._day(field),
            "year": lambda: self.office.now.year,
            "enum": lambda: next(iter(field.choices)),
            "multi": lambda: [next(iter(field.choices))],
            "bool": lambda: True,
            "consent": lambda: True,
            "file": lambda: self._files(field, who),
            "member_ref": lambda: "self",
            "union": lambda: str(self.office.orgs[self._place(field)].public_id),
            "office": lambda: str(self.office.orgs["county"].public_id),
            "resident_id": lambda: self._id_no(stranger),
            "phone": lambda: "13900001234",
            "bank_card": lambda: CARD,
            "icd": lambda: "I10",
            "credit_code": lambda: "91610825MA0000031R",
            "region": lambda: "611002",
            "person_name": lambda: "王秀英" if stranger or self.person is None else self.person.name,
        } | MORE
        return makers[field.kind]()

    @staticmethod
    def _place(field: Field) -> str:
        """A union of the first level that may be chosen."""
        level = str(next(iter(field.options.get("of") or ["grassroots"])))
        return "union" if level == "grassroots" else level

    def _int(self, field: Field) -> int:
        return int(field.options.get("max", field.options.get("min", 0)))

    @staticmethod
    def _money(field: Field) -> int:
        """As much as an award may be; the widest bounds of a form are no amount that anybody asks for."""
        most = int(field.options.get("max", LOSS_MOST))
        return most if most <= AWARD_MOST else LOSS_MOST

    def _day(self, field: Field) -> str:
        day = (self.office.now + dt.timedelta(hours=8)).date()
        return day.isoformat()

    def _files(self, field: Field, who: str) -> list[str]:
        kind = str(field.options.get("paper", field.key))
        count = max(1, int(field.options.get("min_files", 1)))
        self._uploads += count
        return [self.office.upload(who, kind, self._uploads + n) for n in range(count)]

    def _id_no(self, stranger: bool) -> str:
        if stranger or self.person is None or not self.person.id_hash:
            return id_number(next(self.office._serial), born="19700101")
        return persons.plain_for_system(self.person, "id_no")


# Field kinds that other services brought along: kind → value.
MORE: dict[str, Callable[[], Any]] = {"school_year": lambda: "2026-2027"}


def places_of(problems: Iterable[Problem]) -> set[str]:
    """The fields a refusal points at."""
    return {part for problem in problems for part in problem.place.split(".") if part and not part.isdigit()}


def satisfying(tests: Any, *, hold: bool) -> Any:
    """A value for which a closed test holds, or does not. Raises LookupError where no single value is known."""
    if not isinstance(tests, Mapping):
        return tests if hold else (not tests if isinstance(tests, bool) else None)
    for name, wanted in tests.items():
        match name:
            case "is_true":
                return bool(wanted) is hold
            case "equals":
                return wanted if hold else None
            case "in":
                return wanted[0] if hold else None
            case "at_least":
                return wanted if hold else wanted - 1
            case "at_most":
                return wanted if hold else wanted + 1
            case "contains":
                return [wanted] if hold else []
    raise LookupError(f"no value is known for {tests}")
