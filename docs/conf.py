"""The documentation site: `make docs` builds it from these pages, strictly."""

import json
import os
import re
from pathlib import Path

import django

project = "Quiet Days"
copyright = "the Quiet Days contributors, AGPL-3.0-or-later"
extensions = ["myst_parser", "sphinxcontrib.openapi"]
html_theme = "furo"
html_title = "Quiet Days"
exclude_patterns = ["README.md"]
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]


def describe_api(app, config):
    """The API's description, as a running house serves it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quietdays.web.settings")
    django.setup()
    from quietdays.web.api import api

    text = json.dumps(api.get_openapi_schema(), default=str)
    (Path(app.srcdir) / "openapi.json").write_text(text)


def name_headings(app, docname, source):
    """`## Title {#name}`, as the pages write it, in MyST's own way."""
    source[0] = re.sub(r"^(#+ .*?) \{#([\w-]+)\}$", r"(\2)=\n\1", source[0], flags=re.MULTILINE)


def setup(app):
    app.connect("config-inited", describe_api)
    app.connect("source-read", name_headings)
