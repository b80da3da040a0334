"""Bringing a file in: handed in, looked at row by row, brought in, and for a day undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.ids import new_id
from quietdays.sharing.imports import batches
from quietdays.sharing.imports.diary_csv import DAILY, EVENTS
from quietdays.sharing.imports.plan import Outcome, Verdict, preview
from quietdays.sharing.imports.sources import TITLES, Source, detected, questions, read
from quietdays.sharing.imports.table import ImportRefused, Problem
from quietdays.sharing.models import ImportBatch, ImportDraft

_SHOWN = 200  # rows of a preview; those that are refused are shown all
_PROBLEMS_SHOWN = 50


class FileForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Row 1: choose a file first."),
            "empty": gettext_lazy("Row 1: it is empty."),
        },
    )


class AnswersForm(forms.Form):
    """What the file does not say, beside what kind of file it is."""

    source = forms.ChoiceField(label=gettext_lazy("This file is"), choices=list(TITLES.items()))

    def __init__(self, asked: dict[str, str], data: bytes) -> None:
        source = Source(asked["source"])
        self.open: list[str] = []  # questions without an answer
        fields: dict[str, forms.Field] = {}
        for question in questions(source, data, asked):
            choices = [("", "–"), *question.choices]
            fields[question.name] = forms.ChoiceField(
                label=question.label, choices=choices, required=question.required
            )
            given = asked.get(question.name) or question.initial
            is_known = given in dict(question.choices)
            asked[question.name] = given if is_known else ""
            if question.required and not is_known:
                self.open.append(question.name)
        super().__init__(initial=asked)
        self.fields.update(fields)
        self.answers = {name: asked[name] for name in fields}
        self.kind = source


@child_page(Act.MANAGE)
def import_file(request: HttpRequest, child: Child) -> HttpResponse:
    """Hand a file in; what was brought in before stands below."""
    form = FileForm(request.POST or None, request.FILES or None, initial={"id": new_id()})
    problems: list[Problem] = []
    if request.method == "POST":
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                draft = batches.keep_file(
                    by=person_of(request), child=child, entry_id=form.cleaned_data["id"],
                    file=upload, size=upload.size, name=upload.name,
                )  # fmt: skip
            except ImportRefused as error:
                problems = error.problems
            except ValidationError as error:
                problems = [Problem(1, " ".join(error.messages))]
            else:
                return redirect("import-draft", child_id=child.pk, draft_id=draft.pk)
        else:
            problems = [Problem(1, str(e)) for errors in form.errors.values() for e in errors]
    now = timezone.now()
    context = {
        "form": form,
        "problems": problems[:_PROBLEMS_SHOWN],
        "more": max(0, len(problems) - _PROBLEMS_SHOWN),
        "daily": sorted(set(DAILY.values()) - {"date"}),
        "events": sorted(set(EVENTS.values()) - {"date", "time"}),
        "batches": [
            (batch, TITLES.get(Source(batch.source), ""), _can_be_undone(batch, now))
            for batch in ImportBatch.objects.filter(child=child).select_related("person")[:10]
        ],
    }
    return render(request, "sharing/import.html", context, status=400 if problems else 200)


def _can_be_undone(batch: ImportBatch, now: Any) -> bool:
    return batch.undone_at is None and now <= batch.made_at + batches.LASTS


@child_page(Act.MANAGE)
def import_draft(request: HttpRequest, child: Child, draft_id: UUID) -> HttpResponse:
    """What a file would make, row by row; a POST brings it in."""
    if request.method == "POST" and ImportBatch.objects.filter(child=child, pk=draft_id).exists():
        return redirect("diary", child_id=child.pk)  # sent twice, brought in once
    draft = get_object_or_404(ImportDraft.objects.filter(child=child), pk=draft_id)
    data = bytes(draft.data)
    asked = (request.POST if request.method == "POST" else request.GET).dict()
    try:
        source = detected(data)
        if asked.get("source") not in TITLES:
            asked["source"] = source
        form = AnswersForm(asked, data)
    except ImportRefused as error:
        return _shown(request, draft, None, None, error.problems)
    if form.open:
        return _shown(request, draft, form, None, [])
    try:
        if request.method == "POST":
            done = batches.bring_in(
                by=person_of(request), draft=draft, source=form.kind, answers=form.answers
            )
            echo(request, gettext("Brought in: %(done)s") % {"done": done})
            return redirect("diary", child_id=child.pk)
        reading = read(form.kind, data, child, form.answers)
        outcome = preview(by=person_of(request), child=child, reading=reading)
    except ImportRefused as error:
        return _shown(request, draft, form, None, error.problems)
    return _shown(request, draft, form, outcome, [])


def _shown(
    request: HttpRequest,
    draft: ImportDraft,
    form: AnswersForm | None,
    outcome: Outcome | None,
    problems: list[Problem],
) -> HttpResponse:
    rows = []
    if outcome is not None:
        refused = [j for j in outcome.judged if j.verdict is Verdict.REFUSED]
        others = [j for j in outcome.judged if j.verdict is not Verdict.REFUSED]
        rows = [*refused, *others[:_SHOWN]]
    context = {
        "draft": draft,
        "form": form,
        "outcome": outcome,
        "rows": rows,
        "more": len(outcome.judged) - len(rows) if outcome else 0,
        "counts": [(v.value, outcome.count(v)) for v in Verdict] if outcome else [],
        "problems": problems[:_PROBLEMS_SHOWN],
    }
    status = 400 if problems else 200
    return render(request, "sharing/import_draft.html", context, status=status)


@require_POST
@child_page(Act.MANAGE)
def undo_import(request: HttpRequest, child: Child, batch_id: UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.filter(child=child), pk=batch_id)
    try:
        undone = batches.undo_batch(by=person_of(request), batch=batch)
    except ValidationError as error:
        echo(request, " ".join(error.messages))
    else:
        taken = ngettext(
            "Taken back: %(count)s entry", "Taken back: %(count)s entries", undone.taken_back
        ) % {"count": undone.taken_back}
        left = ngettext(
            "%(count)s was changed since and stays",
            "%(count)s were changed since and stay",
            undone.left,
        ) % {"count": undone.left}
        echo(request, f"{taken}; {left}" if undone.left else taken)
    return redirect("import-diary", child_id=child.pk)
