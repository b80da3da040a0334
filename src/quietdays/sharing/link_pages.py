"""Links for people without an account: the family's list, and what a visitor sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.people.trail import Did, tell
from quietdays.records.forms import tried
from quietdays.records.ids import new_id
from quietdays.records.qr import qr_svg
from quietdays.sharing import actions, queries
from quietdays.sharing.health_links import health_link
from quietdays.sharing.models import LinkView, SharedLink
from quietdays.sharing.pages import PeriodForm, pdf_response
from quietdays.sharing.report import default_period, report_data

_COOKIE = "visit"


class LinkForm(PeriodForm):
    """What is shared, with whom and for how long; it carries the link's id."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    label = forms.CharField(
        label=gettext_lazy("Who is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Dr Okafor, ward 4 …")}),
    )
    lasts = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"),
        coerce=lambda days: timedelta(days=int(days)),
        choices=[
            ("1", gettext_lazy("one day")),
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
        ],
        initial="7",
    )
    has_passcode = forms.BooleanField(
        label=gettext_lazy("Ask for a passcode as well"), required=False, initial=True
    )
    for_viewer = forms.BooleanField(
        label=gettext_lazy("Also for a clinic’s own viewer (SMART Health Link)"), required=False
    )


class DoorForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name, which the family will see"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode from the family"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, has_passcode: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_passcode:
            del self.fields["passcode"]


@child_page(Act.MANAGE)
def links(request: HttpRequest, child: Child) -> HttpResponse:
    """The links that were made, who opened them, and a new one, shown this once."""
    person = person_of(request)
    first, last = default_period(child)
    form = LinkForm(
        request.POST or None,
        child=child,
        initial={"id": new_id(), "first": first, "last": last},
    )
    if request.method == "POST":
        made = tried(form, lambda: actions.make_link(by=person, child=child, **_asked(form)))
        if made:
            tell(request, Did.SHARED, child, person=person)
            response = render(request, "sharing/link_made.html", _once(request, made))
            response["Cache-Control"] = "no-store"
            return response
    now = timezone.now()
    rows = [(link, queries.state_of(link, now)) for link in queries.links_of(child)]
    return render(request, "sharing/links.html", {"form": form, "links": rows})


def _asked(form: LinkForm) -> dict[str, Any]:
    data = form.cleaned_data
    names = ("label", "first", "last", "lasts", "has_passcode", "for_viewer", "audience")
    return {"entry_id": data["id"], **{name: data[name] for name in names}}


def _once(request: HttpRequest, made: actions.Made) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("shared", args=[made.secret]))
    viewer = _viewer_link(request, made) if made.key else ""
    return {
        "link": made.link,
        "address": address,
        "passcode": made.passcode,
        "qr": qr_svg(address),
        "viewer": viewer,
        "viewer_qr": qr_svg(viewer) if viewer else "",
    }


def _viewer_link(request: HttpRequest, made: actions.Made) -> str:
    """With our own viewer before it, so that a phone's camera opens it as well."""
    link = health_link(
        request.build_absolute_uri(reverse("health-link", args=[made.secret])),
        made.key,
        expires_at=made.link.expires_at,
        has_passcode=bool(made.passcode),
        label="Report of a family",
    )
    return f"{request.build_absolute_uri(reverse('viewer'))}#{link}"


@require_POST
@child_page(Act.MANAGE)
def end_link(request: HttpRequest, child: Child, link_id: UUID) -> HttpResponse:
    link = get_object_or_404(SharedLink.objects.filter(child=child), pk=link_id)
    actions.end_link(by=person_of(request), link=link)
    echo(
        request,
        gettext("Ended: the link for %(label)s opens nothing any more") % {"label": link.label},
    )
    return redirect("links", child_id=child.pk)


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The door of a link, and behind it the report. Opening the door alone is no visit:
    programs that preview a link do that."""
    link = queries.working_link(token, timezone.now())
    if link is None:
        return _gone(request)
    visit = _visit(request, link)
    if visit is not None and request.method != "POST":
        tell(request, Did.SAW, link.child, who=_visitor(visit))
        return _private(_read(request, link, token))
    form = DoorForm(request.POST or None, has_passcode=bool(link.passcode_hash))
    if request.method == "POST" and form.is_valid():
        try:
            view = actions.open_link(
                secret=token,
                name=form.cleaned_data["name"],
                passcode=form.cleaned_data.get("passcode", ""),
            )
        except actions.LinkGone:
            return _gone(request)
        except actions.LinkLocked:
            form.add_error(
                None, gettext("The passcode was wrong too often. Ask the family for a new link.")
            )
        except actions.WrongPasscode as wrong:
            words = ngettext(
                "This is not the passcode; 1 try is left.",
                "This is not the passcode; %(count)s tries are left.",
                wrong.tries_left,
            )
            form.add_error("passcode", words % {"count": wrong.tries_left})
        else:
            return _let_in(token, view)
    status = 401 if form.is_bound else 200
    context = {"form": form, "theme": "auto"}
    return _private(render(request, "sharing/shared_door.html", context, status=status))


@require_safe
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    link = queries.working_link(token, timezone.now())
    if link is None:
        return _gone(request)
    visit = _visit(request, link)
    if visit is None:
        return redirect("shared", token=token)
    actions.note_download(visit=visit)
    tell(request, Did.EXPORTED, link.child, who=_visitor(visit))
    with timezone.override(link.child.zone):
        return _private(pdf_response(link.child, link.first, link.last, link.audience))


def _read(request: HttpRequest, link: SharedLink, token: str) -> HttpResponse:
    child = link.child
    with timezone.override(child.zone):
        now = timezone.now()
        data = report_data(child, link.first, link.last, now=now, audience=link.audience)
        context = {"report": data, "link": link, "token": token, "theme": "auto"}
        return render(request, "sharing/shared.html", context)


def _visit(request: HttpRequest, link: SharedLink) -> LinkView | None:
    seconds = int(queries.A_VISIT.total_seconds())
    found = request.get_signed_cookie(_COOKIE, None, salt=link.token_sha256, max_age=seconds)
    return queries.visit_of(link, UUID(found), timezone.now()) if found else None


def _visitor(visit: LinkView) -> str:
    """Who reads by a link, as they named themselves."""
    return f"{visit.name} (by a link)"[:120]


def _let_in(token: str, view: LinkView) -> HttpResponse:
    address = reverse("shared", args=[token])
    response = redirect(address)
    response.set_signed_cookie(
        _COOKIE,
        str(view.pk),
        salt=view.link.token_sha256,
        max_age=int(queries.A_VISIT.total_seconds()),
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return _private(response)


def _gone(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "sharing/shared_gone.html", {"theme": "auto"}, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
