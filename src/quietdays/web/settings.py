"""Settings. All come from the environment, each with a default that is safe on one machine.

The list that people read is docs/operators.md; a test checks that it is complete.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from quietdays import words
from quietdays.web.databases import named_database
from quietdays.web.logs import logging_settings
from quietdays.web.secrets import secret_key


def _path(variable: str) -> Path | None:
    text = os.environ.get(variable, "")
    return Path(text).resolve() if text else None


PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("QUIETDAYS_DATA", "data")).resolve()
HOSTS = os.environ.get("QUIETDAYS_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
# How many proxies stand in front and append to X-Forwarded-For; nothing else is believed.
PROXIES = int(os.environ.get("QUIETDAYS_PROXIES", "0"))
# Behind TLS: secure cookies and HSTS. On by choice, since plain http on one machine has none.
BEHIND_TLS = os.environ.get("QUIETDAYS_TLS", "") == "1"

DEBUG = False
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = [*HOSTS, "127.0.0.1"]  # from where this machine asks whether the server lives
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS] if BEHIND_TLS else []

INSTALLED_APPS = [
    "quietdays.evidence",
    "quietdays.people",
    "quietdays.diary",
    "quietdays.diet",
    "quietdays.medicines",
    "quietdays.emergency",
    "quietdays.insights",
    "quietdays.reminders",
    "quietdays.sync",
    "quietdays.quick",
    "quietdays.hooks",
    "quietdays.clinic",
    "quietdays.sharing",
    "quietdays.web",
    "simple_history",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "quietdays.web.requests.Requests",
    "quietdays.web.headers.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quietdays.people.devices.remember_device",
    "quietdays.people.language.speak",
    "quietdays.people.trail.keep_trail",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "quietdays.web.urls"
WSGI_APPLICATION = "quietdays.web.wsgi.application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quietdays.web.context.surroundings",
            ],
            "builtins": ["django.templatetags.i18n", "quietdays.web.templatetags.words"],
        },
    }
]

# An acknowledged write is on the disk: WAL with FULL sync; IMMEDIATE, so that a transaction
# that means to write never fails half-way with "database is locked".
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "quietdays.sqlite3",
    "CONN_MAX_AGE": 60,
    "OPTIONS": {
        "timeout": 5,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=5000;"
            "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
        ),
    },
}
# Platforms name the second one; ours wins where both stand.
_DATABASE_URL = os.environ.get("QUIETDAYS_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
# Connections that each process of the server keeps at most; 0: each thread keeps its own.
POOL_SIZE = int(os.environ.get("QUIETDAYS_DATABASE_POOL", "8"))
DATABASES = {"default": named_database(_DATABASE_URL, POOL_SIZE) if _DATABASE_URL else _SQLITE}

# Backups: where the daily one goes (nowhere: none is made), with which key, and how many stay.
BACKUP_DIR = _path("QUIETDAYS_BACKUP_DIR")
BACKUP_KEY = _path("QUIETDAYS_BACKUP_KEY")
BACKUP_KEEP = max(1, int(os.environ.get("QUIETDAYS_BACKUP_KEEP", "14")))
RESTORE_FROM = _path("QUIETDAYS_RESTORE_FROM")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
SESSION_ENGINE = "quietdays.people.sessions"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# A family's phone stays signed in: a page that looks alive but cannot save loses entries.
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
# A browser takes a cookie of this name from this host alone, and only over TLS. The page's own
# script reads the second one (frontend/src/log/engine/client.ts).
_COOKIE_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid", f"{_COOKIE_PREFIX}csrftoken"
CSRF_FAILURE_VIEW = "quietdays.web.errors.csrf_failure"

SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked on this machine, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
# A list inside browsers, for a whole domain, and hard to leave: its owner's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
# West syndrome and ketogenic diet have SNOMED CT codes that need a licence or a member country.
SNOMED_LICENSED = os.environ.get("QUIETDAYS_SNOMED_LICENSED", "") == "1"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en-gb"
USE_I18N = True
LANGUAGES = list(words.LANGUAGES)
LOCALE_PATHS = [Path(words.__file__).parent / "locale"]
LANGUAGE_COOKIE_NAME = "quietdays-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
USE_TZ = True
TIME_ZONE = "UTC"

# The guides that the house shows; a wheel does not carry them, an image copies them.
DOCS_DIR = _path("QUIETDAYS_DOCS") or Path(__file__).resolve().parents[3] / "docs"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Films and photographs of clusters: the largest one, and all of one child's together.
CLIP_MAX_BYTES = int(os.environ.get("QUIETDAYS_CLIP_MB", "200")) * 1_000_000
CLIPS_MAX_BYTES = int(os.environ.get("QUIETDAYS_CLIPS_MB", "4000")) * 1_000_000
# Reminders: where this server is reached from outside, and how it reaches people.
ADDRESS = os.environ.get("QUIETDAYS_URL", "http://127.0.0.1:8000").rstrip("/")
CONTACT = os.environ.get("QUIETDAYS_CONTACT", "mailto:operator@localhost")
PUSH_HOSTS = [h for h in os.environ.get("QUIETDAYS_PUSH_HOSTS", "").split(",") if h]
SERVICE_HOSTS = [h for h in os.environ.get("QUIETDAYS_SERVICE_HOSTS", "").split(",") if h]
# Webhooks lead outside, by https alone. The tests' receivers stand on this machine.
HOOKS_INSIDE = False
EMAIL_HOST = os.environ.get("QUIETDAYS_SMTP_HOST", "")
EMAIL_TIMEOUT = 20
EMAIL_PORT = int(os.environ.get("QUIETDAYS_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QUIETDAYS_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QUIETDAYS_SMTP_PASSWORD", "")
# tls: from the first byte; starttls: after greeting; none: within one machine only.
_SMTP_SECURITY = os.environ.get("QUIETDAYS_SMTP_SECURITY", "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
DEFAULT_FROM_EMAIL = os.environ.get("QUIETDAYS_MAIL_FROM", "Quiet Days <quietdays@localhost>")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# "json": one line for each request and each fault; otherwise only what went wrong, as text.
LOGGING = logging_settings(os.environ.get("QUIETDAYS_LOG", "text"))
# Who may open /status/, and the token of /metrics (none: from this machine alone).
OPERATORS = [e.strip().lower() for e in os.environ.get("QUIETDAYS_OPERATORS", "").split(",") if e]
METRICS_TOKEN = os.environ.get("QUIETDAYS_METRICS_TOKEN", "")
