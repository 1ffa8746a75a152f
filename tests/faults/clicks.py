"""A federation in which everything that is done passes through one method, so that a test can try it out first."""
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import clock
from casework.documents import store
from casework.forms import drafts
from casework.forms.models import Draft
from casework.funds.models import Batch, Payment
from casework.notifications import tasks as telling
from casework.papers import tasks as papers
from casework.programmes.loader import programme_of
from casework.workflows import intake, payruns
from casework.workflows import tasks as working
from tests.doubles.bank import Bank
from tests.filled import dossier_answers
from tests.office import Office
from tests.portal.typed import typed_page

_keys = itertools.count()
Action = Callable[[], Any]


class Tried(Office):
    """tried(name, action) carries each action out; who inherits may repeat it, its key stays the same. trying: false
    while what is done was tried before."""

    trying = True

    def tried(self, name: str, action: Action) -> Any:
        """Carry the action out."""
        return action()

    def do(self, case: Case, action: str, who: str, key: str = "", seen: int | None = None, **answers: Any) -> Event:
        """One click."""
        key = key or f"tried-{next(_keys)}"
        seen = Case.objects.only("event_n").get(pk=case.pk).event_n if seen is None else seen
        event: Event = self.tried(action, partial(super().do, case, action, who, key, seen, **answers))
        return event

    def apply(self, who: str, key: str, answers: dict[str, Any], token: str = "") -> Case:
        """Hand an application in, from no draft."""
        token = token or f"tried-{next(_keys)}"
        case: Case = self.tried(f"submit {key}", partial(super().apply, who, key, answers, token))
        return case

    def send(self, draft: Draft, answers: dict[str, Any]) -> Event:
        """Hand a draft in."""
        actor = self.actor(draft.owner.username)
        event: Event = self.tried("submit", partial(intake.submit_draft, draft, answers, actor, self.now))
        return event

    def tick(self) -> int:
        """Timers and queued commands of this moment."""
        done: int = self.tried("tick", super().tick)
        return done

    # The finance desk

    def make_batch(self, *cases: Case) -> Batch:
        """A batch of the queued payments of these cases."""
        waiting = list(Payment.objects.filter(case__in=cases, state="queued").order_by("id"))
        ids = [payment.pk for payment in waiting]
        maker = self.actor("finance")
        batch: Batch = self.tried("batch.make", partial(payruns.make, waiting[0].fund, ids, maker, self.now))
        return batch

    def check_batch(self, batch: Batch, approve: bool = True) -> None:
        """A second person checks it."""
        checker = self.actor("cashier")
        reason = "" if approve else "户名请核对"
        self.tried("batch.check", partial(payruns.check, batch, checker, self.now, approve=approve, reason=reason))

    def export_batch(self, batch: Batch) -> None:
        """A third makes the bank file."""
        self.tried("batch.export", partial(payruns.export, batch, self.actor("cashier_2"), self.now))

    def answer_batch(self, batch: Batch, *returned: Case) -> None:
        """The bank answers; the cards of these cases are closed."""
        batch.refresh_from_db()
        back = {payment.number: "CARD_CLOSED" for payment in batch.payments.filter(case__in=returned)}
        data = Bank().answer(store.open_file(batch.file).read(), back)
        self.tried("batch.result", partial(payruns.take_result, batch, data, self.actor("cashier"), self.now))


def draft_of(office: Office, who: str, key: str) -> Draft:
    """An empty draft."""
    return drafts.start(office.users[who], office.version(key), office.now)


def filled_draft(
    office: Office, who: str, key: str = "hardship_dossier", answers: dict[str, Any] | None = None
) -> Draft:
    """A draft with every answer typed in: of an application for a dossier, if nothing else is said."""
    version, answers = office.version(key), answers or dossier_answers(office, who)
    raw: dict[str, list[str]] = {}
    for page in programme_of(version).form.pages:
        for name, value in typed_page(page, answers).items():
            raw[name] = value if isinstance(value, list) else [value]
    return drafts.start(office.users[who], version, office.now, raw)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Workers that were woken after a commit; nobody works."""
    found: list[tuple[str, Any]] = []
    jobs = (("message", telling.deliver_message), ("paper", papers.make_paper), ("queued", working.run_queued))
    for name, task in jobs:
        monkeypatch.setattr(task, "apply_async", lambda args=(), *_a, name=name, **_k: found.append((name, args)))
    return found


def clock_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and workers read the office's clock."""
    monkeypatch.setattr(clock, "now", lambda: office.now)
