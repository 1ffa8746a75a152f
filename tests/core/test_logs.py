"""The log tells every fault, and no personal number (promise I6)."""
import logging
import sys

import pytest
from django.test import Client

from casework.core.logs import WITHHELD, MaskedFormatter
from casework.site import login
from tests.office import id_number


def logged(message: str) -> str:
    """What the log holds of a fault with this message."""
    try:
        raise ValueError(message)
    except ValueError:
        record = logging.LogRecord("casework", logging.ERROR, __file__, 1, "it failed: %s", (message,), sys.exc_info())
    return MaskedFormatter("%(levelname)s %(name)s %(message)s").format(record)


@pytest.mark.parametrize("number", [id_number(321), "13900001234", "6222021234567890128", "１３９００００１２３４"])
def test_a_number_that_an_exception_took_along_is_masked(number: str) -> None:
    text = logged(f"bad value {number} in a row")
    assert number not in text and f"{number[:3]}****" in text
    assert "ValueError: bad value" in text and "test_logs.py" in text


@pytest.mark.parametrize("written", ["139 0000 1234", "6222 0212 3456 7890"])
def test_a_line_with_a_number_written_otherwise_is_withheld(written: str) -> None:
    assert written not in logged(written) and WITHHELD in logged(written)


def test_ids_and_hashes_stay_readable() -> None:
    text = "case 7d9f0f6e-0000-4000-8000-123456789012 hash " + "1234567890abcdef" * 4
    assert text in logged(text)


def test_a_fault_of_a_page_reaches_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Seen red with Django's own settings, which tell nobody outside debugging."""

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the house is on fire")

    monkeypatch.setattr(login.Login, "get", broken)
    answer = Client(raise_request_exception=False).get("/login/")
    assert answer.status_code == 500
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert record.exc_info is not None and "on fire" in str(record.exc_info[1])
    assert any(isinstance(handler.formatter, MaskedFormatter) for handler in logging.getLogger().handlers)
