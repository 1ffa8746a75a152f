"""Settings of Casework. Everything that differs between installations comes from the environment.

DATABASE_URL     database; default SQLite in var/
BROKER_URL       Celery broker; default the file system under var/
CASEWORK_VAR     folder for everything written at run time; default var/ beside manage.py
CASEWORK_EMBEDDED  1 = single-machine setting with demo logins offered on the login page; default 1
SECRET_KEY       Django's key; in the embedded setting made once and kept in var/
SITE_HOST        host name used in letters and mails; default http://127.0.0.1:8000
"""
import secrets
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("CASEWORK_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
EMBEDDED = env.bool("CASEWORK_EMBEDDED", default=True)
DEBUG = env.bool("DEBUG", default=False)


def _kept_secret(name: str) -> str:
    """Return the secret kept in var/<name>, making it on first use (embedded setting only)."""
    path = VAR_DIR / name
    if not path.exists():
        if not EMBEDDED:
            raise ImproperlyConfigured(f"{name}: set it in the environment outside the embedded setting")
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret_key")
# Key ring for encrypted fields: "id:base64key,id:base64key", the first one encrypts. Never derived from SECRET_KEY.
FIELD_KEYS = env.str("FIELD_KEYS", default="")
LOCK_TIMEOUT = env.str("LOCK_TIMEOUT", default="5s")  # PostgreSQL waits so long for a case that somebody else holds
SITE_HOST = env.str("SITE_HOST", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "guardian",
    "casework.core",
    "casework.audit",
    "casework.organisations",
    "casework.people",
    "casework.access",
    "casework.documents",
    "casework.programmes",
    "casework.forms",
    "casework.cases",
    "casework.registers",
    "casework.funds",
    "casework.papers",
    "casework.notifications",
    "casework.staffing",
    "casework.workflows",
    "casework.site",
    "casework.portal",
    "casework.desk",
    "casework.oversight",
    "casework.studio",
    "casework.offices",
    "casework.demo",
]

# Checks of a programme that need the engine; the language's own stand in casework/programmes/lint.py.
PROGRAMME_CHECKS = ["casework.workflows.lint.findings"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casework.site.middleware.session_limits",
    "casework.site.middleware.actor_middleware",
    "casework.site.middleware.own_password_first",
    "casework.site.middleware.private_pages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "casework.site.errors.RefusedMiddleware",
]

ROOT_URLCONF = "casework.urls"
WSGI_APPLICATION = "casework.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "casework.site.navigation.frame",
            ],
            # Each template is read and parsed once a process.
            "loaders": [("django.template.loaders.cached.Loader", [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ])],
        },
    }
]
del TEMPLATES[0]["APP_DIRS"]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'casework.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        # INSERT OR REPLACE deletes: only so do the guards of append-only tables see it.
        "PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Statements that are sent so often on a connection are planned once; 0, never, behind a pooler that cannot do that.
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = env.int("PREPARE_AFTER", default=5) or None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "catalogue"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_HOST.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_IDLE_SECONDS = 30 * 60
CSRF_FAILURE_VIEW = "casework.site.errors.csrf_failure"
# Nothing from other hosts, nothing inline. Tabler draws the arrows of its selects with data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# One translation folder a part of the site, so that its words stand beside its name.
LOCALE_PATHS = [path for path in sorted((BASE_DIR / "locale").glob("*")) if path.is_dir()]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [path for path in (BASE_DIR / "assets", VAR_DIR / "vendor") if path.is_dir()]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = EMBEDDED
FILES_DIR = VAR_DIR / "files"
# Seconds a demonstration runs ahead of the world; None where people live by the real clock.
CLOCK_AHEAD_FILE = VAR_DIR / "clock_ahead" if EMBEDDED else None
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["casework.documents.uploads.LimitedUpload"]

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Casework <noreply@casework.example>")
EMAIL_HOST, EMAIL_PORT = env.str("EMAIL_HOST", default="localhost"), env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS, EMAIL_TIMEOUT = env.bool("EMAIL_USE_TLS", default=False), 10
SMS_ADAPTER = env.str("SMS_ADAPTER", default="casework.notifications.channels.sms.FileAdapter")
SMS_URL, SMS_TOKEN = env.str("SMS_URL", default=""), env.str("SMS_TOKEN", default="")  # of sms.HttpAdapter
# Signed checkpoints of the event log are delivered here, outside the database.
CHECKPOINT_DIR = Path(env.str("CHECKPOINT_DIR", default=str(VAR_DIR / "checkpoints")))
# The sealer's private key; only the process that seals needs to read it.
CHECKPOINT_KEY_FILE = Path(env.str("CHECKPOINT_KEY_FILE", default=str(VAR_DIR / "checkpoint_key.pem")))

# Faults go to standard error, from where the supervisor or the container takes them. One handler for all.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {
        "()": "casework.core.logs.MaskedFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
    }},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # what a visitor may not see or cannot find is no fault of ours
        "kombu.connection": {"level": "ERROR"},  # the broker of files has no host, and needs none
    },
}

CELERY_BROKER_URL = env.str("BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    _queue = VAR_DIR / "queue"
    _queue.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue), "data_folder_out": str(_queue), "control_folder": str(_queue / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # the worker's log is masked like that of the web
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Every job finds its work in rows, so a beat that was missed is made up by the next. Seconds between beats.
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"casework.{task}", "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("timers", "workflows.tasks.fire_timers", 30.0),
        ("queued", "workflows.tasks.run_queued", 20.0),
        ("campaigns", "workflows.tasks.tend_campaigns", 20.0),
        ("calendar", "workflows.tasks.recount", 600.0),
        ("plans", "workflows.tasks.work_off_plans", 60.0),
        ("ending", "workflows.tasks.alert_ending", 6 * 3600.0),
        ("dossiers", "workflows.tasks.alert_unverified", 6 * 3600.0),
        ("yearly", "workflows.tasks.alert_due_checks", 6 * 3600.0),
        ("letters", "papers.tasks.sweep_papers", 30.0),
        ("messages", "notifications.tasks.sweep_messages", 30.0),
        ("seal", "audit.tasks.seal_checkpoint", 50.0),
    )
}
