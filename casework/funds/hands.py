"""Whose hands may touch a payment run: the duty for the fund, and nobody who is paid by it, is related to who is paid,
or decided one of its cases (promise M5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import find_duty, stamp_of
from casework.audit.record import Stamp
from casework.cases.models import CaseParty
from casework.core.problems import Problem, Refused
from casework.funds.models import Fund, Payment
from casework.people.kin import related_ids
from casework.people.models import HouseholdMember


@dataclass(frozen=True, slots=True)
class Hand:
    """A person acting on a fund. persons: himself, and whom he stands in for; both count."""

    actor: Actor
    duty: Duty
    user: int
    person: int
    persons: frozenset[int]

    @property
    def stamp(self) -> Stamp:
        """As an event keeps him."""
        return stamp_of(self.actor, self.duty, "online")


def hand_of(actor: Actor, role: str, fund: Fund) -> Hand:
    """The actor with his duty for this fund. Raises Refused (403): no duty, or a login that stands for no person."""
    duty = find_duty(actor, role, fund.organisation.path)
    if duty is None or actor.user is None or actor.person is None:
        raise Refused([Problem("NO_DUTY", _("You hold no duty for this fund."))], 403)
    persons = frozenset({actor.person} | ({duty.for_person} if duty.for_person else set()))
    return Hand(actor, duty, actor.user, actor.person, persons)


def touching(
    hand: Hand, payments: Sequence[Payment], barred: Mapping[int, Collection[int]] | None = None
) -> list[Problem]:
    """Which payments this person may not touch. barred: case → persons who decided it."""
    found = [_own(payment) for payment in _of_own(hand, payments)]
    for payment in payments:
        if hand.persons & set((barred or {}).get(payment.case_id, ())):
            found.append(_decided(payment))
    return found


def _of_own(hand: Hand, payments: Sequence[Payment]) -> Iterable[Payment]:
    """Payments whose payee, applicant, co-living member, household of the dossier or any relative of these is the
    person."""
    parties = CaseParty.objects.filter(case__in=[p.case_id for p in payments]).values_list("case_id", "person_id")
    homes = HouseholdMember.objects.filter(household__in={p.case.household_id for p in payments} - {None})
    of_case, at_home = _gathered(parties), _gathered(homes.values_list("household_id", "person_id"))
    near = related_ids(hand.persons)
    for payment in payments:
        case = payment.case
        with_him = of_case.get(case.pk, set()) | at_home.get(case.household_id or 0, set())
        if near & {payment.payee_id, case.applicant_id, *with_him}:
            yield payment


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, person in pairs:
        found.setdefault(key, set()).add(person)
    return found


def _own(payment: Payment) -> Problem:
    return Problem(
        "OWN_PAYMENT",
        _("Payment %(number)s is for you or for a relative of yours.") % {"number": payment.number},
        mend=_("A colleague with the same role takes it."),
        params={"payment": payment.number},
    )


def _decided(payment: Payment) -> Problem:
    return Problem(
        "SAME_HANDS",
        _("You already decided the case of payment %(number)s; paying it needs another person.")
        % {"number": payment.number},
        mend=_("Leave it to a colleague with the same role."),
        params={"payment": payment.number},
    )
