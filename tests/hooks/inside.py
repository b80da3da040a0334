"""The shipped settings for a process of a test: its receiver stands on this machine."""

from quietdays.web.settings import *  # noqa: F403

HOOKS_INSIDE = True
