"""What every test can ask for, and which tests run where.

Markers say what a test needs (`browser`, `redis`, `pango`) or where it has a meaning (`postgres`, `sqlite`). What is
missing on this machine skips the test and says why; with CASEWORK_DEMAND_ALL=1 it fails instead.
"""
import datetime as dt
import os
import shutil
import socket
import zoneinfo
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import hypothesis
import pytest
from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEMAND_ALL = os.environ.get("CASEWORK_DEMAND_ALL") == "1"


def chromium_path() -> str | None:
    """Return the browser to drive, from CHROMIUM or the usual names, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def redis_url() -> str:
    """Return the address of the Redis server that tests may use."""
    return os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/15")


def _lack_of_redis() -> str | None:
    where = urlparse(redis_url())
    try:
        with socket.create_connection((where.hostname or "127.0.0.1", where.port or 6379), timeout=1):
            return None
    except OSError:
        return f"no Redis answers at {where.hostname}:{where.port}"


def _lack_of_pango() -> str | None:
    if not (settings.VAR_DIR / "vendor" / "fonts" / "NotoSansSC-400.ttf").exists():
        return "the fonts of the letters are not built: run `make setup`"
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return "the Pango library is missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return None


def _lack_of_browser() -> str | None:
    return None if chromium_path() else "no Chromium or Chrome was found; name one in CHROMIUM"


LACKS = {"browser": _lack_of_browser, "redis": _lack_of_redis, "pango": _lack_of_pango}


def on_postgres() -> bool:
    """Return whether this run uses PostgreSQL."""
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


# Reading files, binding forms and drawing letters never ask which database is behind: once, on SQLite, is enough.
ONE_ENGINE = ("tests/core/", "tests/documents/", "tests/forms/", "tests/papers/test_render", "tests/papers/test_fence")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "office", "house"}


def _elsewhere(item: pytest.Item) -> bool:
    """Has this test no meaning on the engine of this run?"""
    if not on_postgres():
        return item.get_closest_marker("postgres") is not None
    if item.get_closest_marker("sqlite"):
        return True
    if item.get_closest_marker("postgres") or item.get_closest_marker("redis"):
        return False
    asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return not asks or item.nodeid.startswith(ONE_ENGINE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests of the other engine; skip (or fail) those whose needs are missing."""
    left_out = [item for item in items if _elsewhere(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    wanted = {name for name in LACKS for item in items if item.get_closest_marker(name)}
    for name in wanted:
        reason = LACKS[name]()
        if reason is None:
            continue
        for item in items:
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.lacking(reason) if DEMAND_ALL else pytest.mark.skip(reason=reason))


def pytest_configure(config: pytest.Config) -> None:
    """Let the browser's event loop live beside Django's synchronous calls; size the random tests."""
    config.addinivalue_line("markers", "lacking(reason): set by the run itself on tests whose needs are missing")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    # A slow example on a busy machine is no fault. In a test with the database each example costs a rollback.
    calm = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
    for name, examples in (("S", 60), ("L", 2000)):
        hypothesis.settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=calm)
    hypothesis.settings.load_profile("L" if os.environ.get("CASEWORK_SIZE") == "L" else "S")
    from tests.emptying import allow_flush

    allow_flush()
    # No test cuts the power. Waiting for a disk that others use, too, is what a whole run would mostly do.
    os.fsync = lambda _handle: None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose needs are missing when everything was demanded."""
    mark = item.get_closest_marker("lacking")
    if mark:
        pytest.fail(f"cannot run here: {mark.args[0]}", pytrace=False)


@pytest.fixture
def moment() -> dt.datetime:
    """Monday 23 November 2026, 10:00 in Shanghai: an ordinary working morning."""
    return dt.datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI).astimezone(dt.UTC)


@pytest.fixture
def today(moment: dt.datetime) -> dt.date:
    """The office's date of `moment`."""
    return moment.astimezone(SHANGHAI).date()


@pytest.fixture(scope="session")
def size() -> str:
    """S or L (CASEWORK_SIZE): how hard the fault tests try. S takes seconds, L minutes."""
    return os.environ.get("CASEWORK_SIZE", "S")


@pytest.fixture(autouse=True)
def _fresh_language() -> Iterator[None]:
    """Give each test the site's own language, whatever the test before it switched on."""
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One headless browser for all browser tests of the run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "Browser", live_server: Any) -> "Iterator[Page]":
    """A fresh page (no cookies) of a desktop browser in Chinese, whose relative addresses are the live server's."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone_page(chromium: "Browser", live_server: Any) -> "Iterator[Page]":
    """The same on a phone: 390 × 844 points with touch."""
    context = chromium.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
