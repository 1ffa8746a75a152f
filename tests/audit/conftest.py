"""A log to try things on: its key and outside copies lie in a folder of the test."""
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from casework.audit.models import Event
from casework.audit.record import record

STAMP = {
    "user": 7, "person": "p-7", "name": "李审核", "role": "reviewer", "organisation": "米脂县总工会", "via": "online",
    "system": "", "address": "10.0.0.7",
}
Write = Callable[..., Event]


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    """The folder of the outside copies, with a signing key of its own."""
    settings.CHECKPOINT_DIR = tmp_path / "outside"
    settings.CHECKPOINT_KEY_FILE = tmp_path / "key" / "checkpoint_key.pem"
    return tmp_path / "outside"


@pytest.fixture
def write(db: None, moment: dt.datetime) -> Write:
    """Append an event: write("a", amount=1) goes to the chain of case "a"."""

    def append(subject: str, kind: str = "case", action: str = "review.pass", **data: Any) -> Event:
        with transaction.atomic():
            return record(kind, subject, action, STAMP, data, moment)

    return append
