"""Settings of the tests: a scratch database, a fast password hasher, plain static names.

`python -m tests.on_postgresql` names a server of its own in QUIETDAYS_TEST_DATABASE_URL.
"""

import os
import tempfile

os.environ["QUIETDAYS_DATA"] = tempfile.mkdtemp(prefix="quietdays-test-")
os.environ["QUIETDAYS_DATABASE_URL"] = os.environ.get("QUIETDAYS_TEST_DATABASE_URL", "")
os.environ.pop("DATABASE_URL", None)

from quietdays.web.settings import *  # noqa: F403
from quietdays.web.settings import DATABASES, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if not os.environ["QUIETDAYS_DATABASE_URL"]:
    # The browser tests' server and the test share one file, as two processes would.
    DATABASES["default"]["TEST"] = {"NAME": os.environ["QUIETDAYS_DATA"] + "/test.sqlite3"}
