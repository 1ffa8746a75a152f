"""A county, a case of one applicant, and a short way to tell something."""

import datetime as dt

import pytest

from tests.notifications.sender import Sender, empty_sms_box


@pytest.fixture
def sender(db: None, moment: dt.datetime) -> Sender:
    """Somebody who tells, inside the transaction of the test."""
    empty_sms_box()
    return Sender(moment)
