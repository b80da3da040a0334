"""The application that a WSGI server runs."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quietdays.web.settings")
application = get_wsgi_application()
# All code is loaded before the first request, and left out of every later round of the garbage
# collector: walking through it again and again held up long lists by a tenth of a second.
import_module("quietdays.web.urls")
gc.collect()
gc.freeze()
