"""What the trail calls each page and operation."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

# Names of addresses that would not be understood; the others read as they are.
_WORDS = {
    "child-home": gettext_lazy("home"),
    "child-settings": gettext_lazy("more"),
    "today": gettext_lazy("what is due, on the phone"),
    "changes": gettext_lazy("entries, on the phone"),
    "children": gettext_lazy("the list of children"),
    "dietitian": gettext_lazy("the dietitian’s day"),
    "sync": gettext_lazy("entries, from the phone"),
    "begin_clip": gettext_lazy("a film or photograph"),
    "put_piece": gettext_lazy("a film or photograph"),
    "csv": gettext_lazy("tables (CSV)"),
    "shared": gettext_lazy("the report"),
    "shared-pdf": gettext_lazy("the report as PDF"),
    "health-link": gettext_lazy("the report as data"),
    "fhir-read": gettext_lazy("medical data (FHIR)"),
    "fhir-find": gettext_lazy("medical data (FHIR)"),
    "fhir-search": gettext_lazy("medical data (FHIR)"),
    "fhir-summary": gettext_lazy("the patient summary (FHIR)"),
    "trail": gettext_lazy("who did what"),
}
_AS_THEY_ARE = (
    _("acknowledge"), _("add checklist item"), _("add entry"), _("add food"), _("add medicine"),
    _("add recipe"), _("add supply"), _("archive"), _("archive file"), _("balance meal"),
    _("breastfeed"), _("build meal"), _("change breastfeed"), _("change channel"), _("channel"),
    _("check in"), _("check label"), _("checklists"), _("choose medicine"), _("clinic"), _("clip"),
    _("copy plan"), _("copy week"), _("correct food"), _("delete clip"), _("delete dose"),
    _("delete entry"), _("delete everything"), _("delete meal"), _("delete plan"),
    _("delete recipe"), _("delete step"), _("delete supply"), _("deleted"), _("diary"),
    _("diary day"), _("eat planned"), _("eat unplanned"), _("edit dose"), _("edit entry"),
    _("edit medicine"), _("edit plan"), _("edit recipe"), _("edit step"), _("edit supply"),
    _("effect"), _("emergency"), _("emergency pdf"), _("end button"), _("end clinic"),
    _("end hook"), _("end link"), _("end role"), _("end token"), _("exchange food"),
    _("favourite food"), _("feeds"), _("food"), _("foods"), _("fridge sheet"), _("give dose"),
    _("growth"), _("import diary"), _("import draft"), _("invite"), _("invite clinic"),
    _("invite guest"), _("keep everything"), _("limits"), _("links"), _("lock baseline"), _("meal"),
    _("medicine step"), _("medicines"), _("menu"), _("messages"), _("mix feed"), _("nothing seen"),
    _("patient summary"), _("plan"), _("plan bottles"), _("pour"), _("prescribe"),
    _("prescription"), _("quick"), _("read messages"), _("recipe"), _("recipe photo"), _("recipes"),
    _("reminder log"), _("reminders"), _("report"), _("report fhir"), _("report pdf"), _("restore"),
    _("restore clip"), _("resume hook"), _("revoke feed"), _("round"), _("set limits"),
    _("set photo"), _("settle message"), _("shopping"), _("sign emergency"), _("sort off plan"),
    _("start checklist"), _("supplies"), _("taper"), _("this week"), _("tick checklist"),
    _("tokens"), _("travel"), _("try hook"), _("undo"), _("undo import"), _("watching"),
    _("webhooks"), _("week"), _("weigh"),
)  # fmt: skip


def in_words(what: str) -> str:
    """What an address is called for the family: “diary-day” is “diary day”."""
    if what in _WORDS:
        return str(_WORDS[what])
    return gettext(what.replace("-", " ").replace("_", " "))


def has_words(what: str) -> bool:
    """Whether the catalogues know what to call an address."""
    return what in _WORDS or what.replace("-", " ").replace("_", " ") in _AS_THEY_ARE
