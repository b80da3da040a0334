"""The family's page of webhooks: which programs are told of changes, and what each took."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.hooks import actions, queries
from quietdays.hooks.models import Webhook
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.people.trail import Did, tell
from quietdays.records.forms import tried
from quietdays.records.ids import new_id


class HookForm(forms.Form):
    """Who is told, and where; the form carries the webhook's id."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Which program is it?"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Home display, study server …")}),
    )
    url = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=500,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
        ),
    )


@child_page(Act.MANAGE)
def webhooks(request: HttpRequest, child: Child) -> HttpResponse:
    """The webhooks with what was sent in 30 days, and a new one, whose secret is shown once."""
    person = person_of(request)
    form = HookForm(request.POST or None, initial={"id": new_id()})
    if request.method == "POST":
        made = tried(
            form,
            lambda: actions.make_hook(
                by=person,
                child=child,
                entry_id=form.cleaned_data["id"],
                name=form.cleaned_data["name"],
                url=form.cleaned_data["url"],
            ),
        )
        if made:
            tell(request, Did.SHARED, child, person=person)
            response = render(request, "hooks/made.html", {"hook": made})
            response["Cache-Control"] = "no-store"
            return response
    now = timezone.now()
    rows = [(hook, queries.log_of(hook, now)) for hook in queries.hooks_of(child)]
    return render(request, "hooks/webhooks.html", {"form": form, "hooks": rows})


def _hook(child: Child, hook_id: UUID) -> Webhook:
    rows = Webhook.objects.filter(child=child).select_related("child")
    return get_object_or_404(rows, pk=hook_id)


@require_POST
@child_page(Act.MANAGE)
def end_hook(request: HttpRequest, child: Child, hook_id: UUID) -> HttpResponse:
    hook = _hook(child, hook_id)
    actions.end_hook(by=person_of(request), hook=hook)
    echo(request, gettext("Ended: %(hook)s is told nothing any more") % {"hook": hook.name})
    return redirect("webhooks", child_id=child.pk)


@require_POST
@child_page(Act.MANAGE)
def try_hook(request: HttpRequest, child: Child, hook_id: UUID) -> HttpResponse:
    hook = _hook(child, hook_id)
    actions.try_hook(by=person_of(request), hook=hook)
    echo(
        request,
        gettext("A test is on its way to %(hook)s. Open this page again in a moment")
        % {"hook": hook.name},
    )
    return redirect("webhooks", child_id=child.pk)


@require_POST
@child_page(Act.MANAGE)
def resume_hook(request: HttpRequest, child: Child, hook_id: UUID) -> HttpResponse:
    hook = _hook(child, hook_id)
    actions.resume_hook(by=person_of(request), hook=hook)
    echo(request, gettext("%(hook)s is told again, from where it stopped") % {"hook": hook.name})
    return redirect("webhooks", child_id=child.pk)
