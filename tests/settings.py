"""Settings of the test run: the product's own, with a throw-away folder and a few lines changed.

The environment is set before the product's settings are read, so that no test ever touches a real var/ folder.
DATABASE_URL chooses the engine; without it every test process has its own SQLite file.
"""
import atexit
import os
import shutil
import tempfile
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
_vendors = [Path(os.environ.get("CASEWORK_VAR") or _root / "var") / "vendor", _root / "var" / "vendor"]
_var = Path(tempfile.mkdtemp(prefix="casework-test-"))
_owner = os.getpid()


def _remove() -> None:
    """Remove the throw-away folder, but only from the process that made it."""
    if os.getpid() == _owner:
        shutil.rmtree(_var, ignore_errors=True)


atexit.register(_remove)
# Fonts and style sheets were built by set-up and are only read.
for _vendor in _vendors:
    if _vendor.is_dir():
        (_var / "vendor").symlink_to(_vendor.resolve(), target_is_directory=True)
        break
os.environ["CASEWORK_VAR"] = str(_var)
os.environ["CASEWORK_EMBEDDED"] = "1"
os.environ.pop("BROKER_URL", None)
os.environ.pop("SITE_HOST", None)
os.environ.setdefault("DATABASE_URL", "")
if not os.environ["DATABASE_URL"]:
    del os.environ["DATABASE_URL"]

from casework.settings import *  # noqa: E402, F403
from casework.settings import DATABASES, VAR_DIR  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: tests with threads need the real locking.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # No test cuts the power of the database server: nobody waits for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
    DATABASES["default"]["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Look a static file up when it is asked for, instead of reading the whole folder for every test client.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
