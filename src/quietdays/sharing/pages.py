"""The report for the team, as paper and as data, and the emergency card on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.diary.queries import visits_of
from quietdays.people.access import Act
from quietdays.people.http import child_page
from quietdays.people.models import Child
from quietdays.sharing.audiences import Audience
from quietdays.sharing.card import PAPERS, card_pdf
from quietdays.sharing.fhir.bundles import as_text, diary_document, patient_summary
from quietdays.sharing.fhir.codes import Json
from quietdays.sharing.report import default_period, report_pdf
from quietdays.words import LANGUAGES, language


class PeriodForm(forms.Form):
    """A period of the child's life up to today, and for whom it is reported."""

    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    audience = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=Audience.choices,
        initial=Audience.NEUROLOGIST,
        required=False,
        help_text=gettext_lazy(
            "Each gets what they need; what is left out is not in the file either."
        ),
    )

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child = child

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or Audience.NEUROLOGIST

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if last and last > self.child.today():
            self.add_error("last", gettext("This day has not come yet."))
        if first and first < self.child.birth_date:
            self.add_error(
                "first", gettext("This is before %(child)s was born.") % {"child": self.child.name}
            )
        if first and last and last < first:
            self.add_error("last", gettext("The period ends before it begins."))
        return data


class ReportForm(PeriodForm):
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"),
        choices=[("a4", "A4"), ("us-letter", gettext_lazy("Letter"))],
        required=False,
    )

    def clean_paper(self) -> str:
        return self.cleaned_data["paper"] or PAPERS[0]


@child_page()
def report(request: HttpRequest, child: Child) -> HttpResponse:
    first, last = default_period(child)
    form = ReportForm(
        request.GET if "first" in request.GET else None,
        child=child,
        initial={"first": first, "last": last},
    )
    return _report(request, form)


def _report(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "visits": visits_of(form.child)[:6], "now": timezone.now()}
    return render(request, "sharing/report.html", context, status=status)


@child_page()
def report_pdf_page(request: HttpRequest, child: Child) -> HttpResponse:
    """The PDF; a period that cannot be drawn goes back to the form with the reason."""
    form = ReportForm(request.GET, child=child)
    if not form.is_valid():
        return _report(request, form, status=400)
    return pdf_response(child, **form.cleaned_data)


def pdf_response(
    child: Child, first: date, last: date, audience: str, paper: str = PAPERS[0]
) -> HttpResponse:
    """The report of a period as a file to download."""
    pdf = report_pdf(child, first, last, audience=audience, paper=paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"quiet-days-{first}-to-{last}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@child_page()
def report_fhir(request: HttpRequest, child: Child) -> HttpResponse:
    """The same period as FHIR, with the PDF inside, for a clinic's own system."""
    form = ReportForm(request.GET, child=child)
    if not form.is_valid():
        return _report(request, form, status=400)
    first: date = form.cleaned_data["first"]
    last: date = form.cleaned_data["last"]
    pdf = report_pdf(child, first, last)
    bundle = diary_document(child, first, last, now=timezone.now(), pdf=pdf)
    return _fhir_response(bundle, f"quiet-days-{first}-to-{last}.fhir.json")


@child_page()
def patient_summary_page(request: HttpRequest, child: Child) -> HttpResponse:
    """The International Patient Summary of what is entered today."""
    now = timezone.now()
    return _fhir_response(patient_summary(child, now=now), f"summary-{child.today(now)}.fhir.json")


def _fhir_response(bundle: Json, name: str) -> HttpResponse:
    response = HttpResponse(as_text(bundle), content_type="application/fhir+json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@child_page(Act.TODAY)
def card_pdf_page(request: HttpRequest, child: Child) -> HttpResponse:
    """The emergency card to hang up and to carry; A4 unless Letter is asked for. Its headings stand
    in the reader's language, and beside it in the one that is asked for."""
    asked, beside = request.GET.get("paper", ""), request.GET.get("beside", "")
    paper = asked if asked in PAPERS else PAPERS[0]
    languages = [language(), *([beside] if beside in dict(LANGUAGES) else [])]
    pdf = card_pdf(child, now=timezone.now(), paper=paper, languages=languages)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="emergency-card.pdf"'
    return response
