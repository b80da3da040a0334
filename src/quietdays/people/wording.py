"""What is stored in plain English about where a request came from, in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_lazy

# As devices.py, trail.py and the quick buttons store it, and as it is read.
_STORED = (
    (re.compile(r"the program “(?P<name>.*?)”?"), gettext_lazy("the program “%(name)s”")),
    (re.compile(r"the button “(?P<name>.*?)”?"), gettext_lazy("the button “%(name)s”")),
    (re.compile(r"(?P<browser>.+) on (?P<system>.+)"), gettext_lazy("%(browser)s on %(system)s")),
    (re.compile(r"a program"), gettext_lazy("a program")),
)


def device_in_words(stored: str) -> str:
    """“Chrome on Android”; a browser without a system has its name in every language."""
    for pattern, words in _STORED:
        if match := pattern.fullmatch(stored):
            return words % match.groupdict()
    return stored


def role_in_words(stored: str) -> str:
    """A role as the trail stores it: by its English name, so that a removed one still reads."""
    return gettext(stored)
