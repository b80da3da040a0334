"""Taking everything along: the archive of a child, and a CSV of each kind of entry."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from quietdays.people.access import Act
from quietdays.people.http import child_page
from quietdays.people.models import Child
from quietdays.sharing.archive.csv_files import csv_lines, csv_table, csv_titles, daily_lines
from quietdays.sharing.archive.writing import archive_steps, streamed
from quietdays.words import in_english

# A spreadsheet takes a CSV for the alphabet of its country unless this stands first.
_UTF8_MARK = "\ufeff"


@child_page()
def archive(request: HttpRequest, child: Child) -> HttpResponse:
    """Where everything can be taken from."""
    return render(request, "sharing/archive.html", {"tables": csv_titles()})


@child_page(Act.MANAGE)
@in_english
def archive_file(request: HttpRequest, child: Child) -> HttpResponseBase:
    """Everything as one ZIP, as it is written."""
    response = StreamingHttpResponse(streamed(archive_steps, child), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="quiet-days-archive.zip"'
    return response


@child_page()
def csv_file(request: HttpRequest, child: Child, kind: str) -> HttpResponseBase:
    """The entries of one kind, or a row a day, as a CSV."""
    if kind == "days":
        lines = daily_lines(child)
    else:
        table = csv_table(kind)
        if table is None:
            raise Http404(gettext("There is no such table."))
        lines = csv_lines(table, child)
    response = StreamingHttpResponse(_bytes(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="quiet-days-{kind}.csv"'
    return response


def _bytes(lines: Iterator[str]) -> Iterator[bytes]:
    yield _UTF8_MARK.encode()
    for line in lines:
        yield line.encode()
