"""What one decision needs to know of its case, asked in one query once the case is locked: the head of its event chain,
whether the key was spent, who is concerned and related, who holds which exclusive duty, which steps have passed."""
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.db import connection

from casework.access.actor import Actor
from casework.audit.chain import GENESIS
from casework.audit.models import ChainHead
from casework.cases.models import Case, CaseParty, UsedKey
from casework.core import prepared
from casework.people.models import HouseholdMember, Kinship, Person
from casework.workflows.models import Decision, DutyHolder

# Decisions by which a step is done.
PASSED = ("pass", "silence", "gone", "missed", "not_supported", "sign_no_visit")


@dataclass(frozen=True, slots=True)
class Known:
    """head: number and hash of the last event. used: (event id, digest) of the key, None for a fresh one. concerned,
    related: persons, as guards.concerned() and kin.related_ids() find them. holders: (person, duty). passed: steps with
    a passing decision."""

    head: tuple[int, str] = (0, GENESIS)
    used: tuple[int, str] | None = None
    concerned: frozenset[int] = frozenset()
    related: frozenset[int] = frozenset()
    holders: tuple[tuple[int, str], ...] = ()
    passed: frozenset[str] = field(default_factory=frozenset)


@cache
def _sql() -> str:
    """The question. Values: see known()."""
    names = {
        model.__name__: connection.ops.quote_name(model._meta.db_table)
        for model in (CaseParty, HouseholdMember, Kinship, Person, ChainHead, UsedKey, DutyHolder, Decision)
    }
    return _QUESTION.format(passed="', '".join(PASSED), **names)


_QUESTION = """
WITH mine AS (
    SELECT person_id AS id FROM {CaseParty} WHERE case_id = %s
    UNION SELECT person_id FROM {HouseholdMember} WHERE household_id = %s AND valid_to IS NULL
    UNION SELECT id FROM {Person} WHERE id = %s)
SELECT 'head' AS what, n AS number, hash AS word FROM {ChainHead} WHERE subject_kind = 'case' AND subject_id = %s
UNION ALL SELECT 'used', event_id, digest FROM {UsedKey} WHERE actor = %s AND key = %s
UNION ALL SELECT 'holder', person, duty FROM {DutyHolder} WHERE case_id = %s
UNION ALL SELECT 'passed', 0, step FROM {Decision}
    WHERE case_id = %s AND decision IN ('{passed}')
UNION ALL SELECT 'concerned', id, '' FROM mine
UNION ALL SELECT 'related', person_id, '' FROM {HouseholdMember} WHERE household_id IN (
    SELECT household_id FROM {HouseholdMember} WHERE person_id IN (SELECT id FROM mine))
UNION ALL SELECT 'related', person_id, '' FROM {Kinship} WHERE relative_id_hash IN (
    SELECT id_hash FROM {Person} WHERE id_hash IS NOT NULL AND id IN (SELECT id FROM mine))
UNION ALL SELECT 'related', id, '' FROM {Person} WHERE id_hash IN (
    SELECT relative_id_hash FROM {Kinship} WHERE person_id IN (SELECT id FROM mine))
"""


@cache
def _sql_of_many(cases: int, keys: int) -> str:
    names = {
        model.__name__: connection.ops.quote_name(model._meta.db_table)
        for model in (Case, CaseParty, HouseholdMember, Kinship, Person, ChainHead, UsedKey, DutyHolder, Decision)
    }
    marks = {"cases": ", ".join(["%s"] * cases), "keys": ", ".join(["(%s, %s)"] * keys)}
    return _OF_MANY.format(passed="', '".join(PASSED), **marks, **names)


_OF_MANY = """
WITH mine AS (
    SELECT case_id, person_id AS id FROM {CaseParty} WHERE case_id IN ({cases})
    UNION SELECT c.id, m.person_id FROM {Case} c JOIN {HouseholdMember} m ON m.household_id = c.household_id
        WHERE c.id IN ({cases}) AND m.valid_to IS NULL
    UNION SELECT id, applicant_id FROM {Case} WHERE id IN ({cases}) AND life <> 'campaign')
SELECT 'head' AS what, 0 AS of_case, subject_id AS name, n AS number, hash AS word FROM {ChainHead}
    WHERE subject_kind = 'case' AND subject_id IN ({cases})
UNION ALL SELECT 'used', 0, actor || ' ' || key, event_id, digest FROM {UsedKey} WHERE (actor, key) IN (VALUES {keys})
UNION ALL SELECT 'holder', case_id, '', person, duty FROM {DutyHolder} WHERE case_id IN ({cases})
UNION ALL SELECT 'passed', case_id, '', 0, step FROM {Decision} WHERE case_id IN ({cases}) AND decision IN ('{passed}')
UNION ALL SELECT 'concerned', case_id, '', id, '' FROM mine
UNION ALL SELECT 'related', c.case_id, '', m.person_id, '' FROM mine c
    JOIN {HouseholdMember} h ON h.person_id = c.id JOIN {HouseholdMember} m ON m.household_id = h.household_id
UNION ALL SELECT 'related', c.case_id, '', k.person_id, '' FROM mine c
    JOIN {Person} p ON p.id = c.id JOIN {Kinship} k ON k.relative_id_hash = p.id_hash
UNION ALL SELECT 'related', c.case_id, '', p.id, '' FROM mine c
    JOIN {Kinship} k ON k.person_id = c.id JOIN {Person} p ON p.id_hash = k.relative_id_hash
"""


def known_of_many(cases: Collection[Case], keys: Collection[tuple[Actor, str]]) -> Callable[[Case, Actor, str], Known]:
    """The same for many locked cases, in one query; what comes back answers for each of them."""
    if not cases:
        return lambda case, actor, key: Known()
    ids, heads = [case.pk for case in cases], [str(case.public_id) for case in cases]
    names = [word for actor, key in keys for word in (name_of(actor), key)]
    found: dict[tuple[str, int, str], list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_sql_of_many(len(ids), len(keys)), [*ids, *ids, *ids, *heads, *names, *ids, *ids])
        for what, case, name, number, word in cursor.fetchall():
            found[what, case, name].append((number, word))

    def of(case: Case, actor: Actor, key: str) -> Known:
        own = {what: found[what, case.pk, ""] for what in ("concerned", "related", "holder", "passed")}
        own["head"] = found["head", 0, str(case.public_id)]
        own["used"] = found["used", 0, f"{name_of(actor)} {key}"]
        return _known(own)

    return of


def known(case: Case, actor: Actor, key: str) -> Known:
    """Ask. The household and the applicant are those of the case as it is now; of a campaign nobody applies."""
    applicant = None if case.life == "campaign" else case.applicant_id
    values = [
        case.pk, case.household_id, applicant, str(case.public_id), name_of(actor), key, case.pk, case.pk,
    ]
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with prepared.cursor() as cursor:
        cursor.execute(_sql(), values)
        for what, number, word in cursor.fetchall():
            found[what].append((number, word))
    return _known(found)


def _known(found: Mapping[str, list[tuple[int, str]]]) -> Known:
    concerned = frozenset(number for number, _word in found["concerned"])
    return Known(
        head=next(iter(found["head"]), (0, GENESIS)),
        used=next(iter(found["used"]), None),
        concerned=concerned,
        related=concerned | {number for number, _word in found["related"]},
        holders=tuple(found["holder"]),
        passed=frozenset(word for _number, word in found["passed"]),
    )


def name_of(actor: Actor) -> str:
    """The actor as a spent key names him."""
    return f"user:{actor.user}" if actor.user else f"system:{actor.system}"
