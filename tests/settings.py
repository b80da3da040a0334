"""Settings of the tests: a scratch database, a fast password hasher, plain static names."""

import os
import tempfile

os.environ["QUIETDAYS_DATA"] = tempfile.mkdtemp(prefix="quietdays-test-")

from quietdays.web.settings import *  # noqa: F403
from quietdays.web.settings import DATABASES, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The browser tests' server and the test share one file, as two processes would.
DATABASES["default"]["TEST"] = {"NAME": os.environ["QUIETDAYS_DATA"] + "/test.sqlite3"}
