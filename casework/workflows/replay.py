"""Every decided case worked out again from what it keeps: its version, its frozen numbers, its answers (domain §4.9).

What was found then must be found now, to the fen. Nothing is written; no other case is asked, since what counted from
earlier ones is frozen into the facts. Registers and households have gone on since: what a check looked up in them that
day is not looked up again but held against the event that told it, and that is sealed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case, State
from casework.core.calendar import SHANGHAI, local_date
from casework.core.crypto import Undecipherable
from casework.programmes.checks import CHECKS, Held
from casework.programmes.loader import programme_of
from casework.programmes.models import Parameter
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.spec import Programme

CHUNK = 200
DECIDED = Q(state__in=(State.APPROVED, State.SETTLED, State.CLOSED, State.DENIED, State.REVOKED)) | Q(
    state=State.ACCEPTED, amount_fen__isnull=False
)
# Facts of a household that the rule of the category finds.
FOUND = ("income_fen", "rigid_fen", "members", "pc_fen", "line_fen", "exclusions", "event_fen", "loss_fen")


@dataclass(frozen=True, slots=True)
class Difference:
    """number: of the case. what: the figure. kept: as it stands with the case; found: as it comes out now."""

    number: str
    what: str
    kept: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.number}: {self.what} is kept as {self.kept}, but comes out as {self.found}"


@dataclass
class Replay:
    """Counts as the cases pass by. unreadable: cases whose answers were lawfully erased; nobody can repeat those.
    looked_up: cases with facts that were looked up, and were held against the log."""

    cases: int = 0
    unreadable: int = 0
    looked_up: int = 0
    differences: int = 0

    def run(self, since: date | None = None) -> Iterator[Difference]:
        """Work out every decided case, in chunks, oldest first. since: only those accepted from this day on."""
        rows = Case.objects.filter(DECIDED, accepted_at__isnull=False).select_related("programme", "applicant__key")
        if since is not None:
            rows = rows.filter(accepted_at__gte=datetime.combine(since, time(), SHANGHAI))
        last = 0
        while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            for case in chunk:
                yield from self._one(case)
            last = chunk[-1].pk

    def _one(self, case: Case) -> Iterator[Difference]:
        self.cases += 1
        try:
            answers = case_answers.full(case)
        except Undecipherable:
            if case.applicant.key.destroyed_at is not None:
                self.unreadable += 1
                return
            self.differences += 1
            yield Difference(case.number, "answers", "sealed", "not readable")
            return
        programme = programme_of(case.programme)
        self.looked_up += bool(programme.check and CHECKS[programme.check].looked)
        for what, kept, found in _compare(case, programme, answers):
            if kept != found:
                self.differences += 1
                yield Difference(case.number, what, kept, found)


Pairs = Iterator[tuple[str, Any, Any]]


def _compare(case: Case, programme: Programme, answers: Mapping[str, Any]) -> Pairs:
    """(figure, as it is kept, as it comes out)."""
    yield from _numbers(case)
    try:
        yield from _checked(case, programme, answers)
        yield from _household(case, programme, answers)
        yield from _award(case, programme, answers)
    except RuleFault as fault:
        yield "rule", "worked out", str(fault)


def _numbers(case: Case) -> Pairs:
    """The frozen numbers are those of the rows they were taken from."""
    for key, (region, day) in case.parameters.get("_from", {}).items():
        row = Parameter.objects.filter(key=key, region=region, effective_from=day).first()
        yield f"number {key}", case.parameters.get(key), row.value if row else None


class _Nothing:
    """Look-ups that find nothing: the facts that hang on none come out all the same."""

    def held(self, register: str, id_no: str = "") -> tuple[Held, ...]:
        """No entry."""
        return ()

    def lives_with(self, id_no: str) -> bool:
        """Nobody."""
        return False

    def standing(self, register: str, id_nos: Collection[str]) -> int:
        """None of them."""
        return 0


def _checked(case: Case, programme: Programme, answers: Mapping[str, Any]) -> Pairs:
    """The facts of the programme's check: worked out again, or as the log told them."""
    if not programme.check:
        return
    check, day = CHECKS[programme.check], local_date(case.submitted_at or case.created_at)
    found = check.find(programme.check, answers, case.parameters, day, _Nothing())
    told = _told(case) if check.looked else {}
    for name in check.names:
        yield name, case.facts.get(name), (told if name in check.looked else found).get(name)


def _told(case: Case) -> Mapping[str, Any]:
    """The facts in the last event that told them."""
    rows = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), data__has_key="facts")
    last = rows.order_by("-n").values_list("data", flat=True).first()
    return last["facts"] if last else {}


def _household(case: Case, programme: Programme, answers: Mapping[str, Any]) -> Pairs:
    facts = case.facts
    if not programme.classify:
        yield "category", case.category, str(facts.get("category") or "")
        return
    day = local_date(case.accepted_at or case.created_at)
    found = RULES[programme.classify].classify(
        answers, case.parameters, day, found_income=facts.get("means_income_fen")
    )
    for key in FOUND:
        yield key, facts.get(key), found[key]
    yield "lines", _figures(facts.get("lines")), _figures(found["lines"])
    category = facts.get("category") if facts.get("overridden") else found["category"]
    yield "category", (case.category, facts.get("category")), (category, category)


def _award(case: Case, programme: Programme, answers: Mapping[str, Any]) -> Pairs:
    if not programme.award:
        return
    facts, inputs = case.facts, case.facts.get("award_inputs", {})
    found = RULES[programme.award].award(answers, case.parameters, case.category, facts.get("earlier"), facts)
    yield "award_fen", facts.get("award_fen"), found["award_fen"]
    yield "award_lines", _figures(facts.get("award_lines")), _figures(found["award_lines"])
    if inputs:
        yield "answers", inputs.get("answers"), case_answers.digests(case)
        yield "programme", inputs.get("programme", {}).get("content_hash"), case.programme.content_hash
        yield "category", inputs.get("category"), case.category
    if case.amount_fen is not None:
        most = int(found["award_fen"])
        yield "amount_fen", case.amount_fen, min(case.amount_fen, most)


def _figures(lines: Any) -> list[tuple[int, str]]:
    """The figures of lines; their words may be put better one day."""
    return [(line["value"], line["unit"]) for line in lines or []]
