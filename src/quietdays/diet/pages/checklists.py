"""The team's lists: what speaks against the diet, and when to look again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions
from quietdays.diet.forms import ChecklistForm, ChecklistItemForm
from quietdays.diet.models import ChecklistItem
from quietdays.diet.monitoring import State, due_date, line_of
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried


@child_page()
def checklists(request: HttpRequest, child: Child) -> HttpResponse:
    """Both lists as this child's team has them, or a way to begin them from the template."""
    items = ChecklistItem.objects.of(child).select_related("ticked_by")
    lists = []
    for which in ChecklistItem.List:
        rows = [line_of(item, child, child.today()) for item in items if item.list == which]
        headings = dict.fromkeys(line.item.heading for line in rows)
        groups = [(h, [line for line in rows if line.item.heading == h]) for h in headings]
        lists.append(
            {
                "which": which,
                "groups": groups,
                "ticked": sum(line.state is State.DONE for line in rows),
                "lines": len(rows),
                "overdue": sum(line.state is State.OVERDUE for line in rows),
                "form": ChecklistItemForm(zone=child.zone, initial={"list": which}),
            }
        )
    return render(request, "diet/checklists.html", {"lists": lists})


@require_POST
@child_page(Act.PRESCRIBE)
def start_checklist(request: HttpRequest, child: Child, which: str) -> HttpResponse:
    if which not in ChecklistItem.List.values:
        raise Http404(gettext("There is no such list."))
    try:
        actions.start_checklist(by=person_of(request), child=child, which=which)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        echo(request, gettext("Begun: change the lines until they are your centre’s"))
    return redirect("checklists", child_id=child.pk)


@require_POST
@child_page(Act.PRESCRIBE)
def add_checklist_item(request: HttpRequest, child: Child) -> HttpResponse:
    form = ChecklistItemForm(request.POST, zone=child.zone)
    added = tried(
        form,
        lambda: actions.add_checklist_item(
            by=person_of(request),
            child=child,
            entry_id=form.cleaned_data["id"],
            which=form.cleaned_data["list"],
            heading=form.cleaned_data["heading"],
            text=form.cleaned_data["text"],
            months_on_diet=form.cleaned_data["months_on_diet"],
        ),
    )
    if added:
        echo(
            request,
            gettext("Added: %(line)s") % {"line": added.record},
            kind="checklist",
            records=[added.record],
        )
    else:
        messages.error(request, gettext("Not added: write under what, and what to look at."))
    return redirect("checklists", child_id=child.pk)


@child_page(Act.PRESCRIBE)
def tick_checklist(request: HttpRequest, child: Child, item_id: UUID) -> HttpResponse:
    """Tick a line, plan it for a date, remark on it, or take it off the list."""
    item = get_object_or_404(ChecklistItem.objects.of(child), pk=item_id)
    form = ChecklistForm(
        request.POST or None,
        initial={
            "is_ticked": item.ticked_at is not None,
            "due_on": item.due_on,
            "done_on": item.done_on,
            "remark": item.remark,
        },
    )
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_checklist_item(by=person_of(request), item=item)
        echo(
            request,
            gettext("Taken off: %(line)s") % {"line": item},
            kind="checklist",
            records=[item],
        )
        return redirect("checklists", child_id=child.pk)
    if request.method == "POST":
        saved = tried(
            form,
            lambda: actions.tick_checklist_item(
                by=person_of(request), item=item, **form.cleaned_data
            ),
        )
        if saved:
            echo(
                request,
                gettext("Saved: %(entry)s") % {"entry": item},
                kind="checklist",
                records=[item],
            )
            return redirect("checklists", child_id=child.pk)
    context = {"form": form, "item": item, "due": due_date(item, child.diet_started_on)}
    return render(request, "diet/checklist_item.html", context)
