"""The address that a calendar reads: whoever has it needs no account, and it can be ended."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quietdays.people.access import Act, may
from quietdays.people.codes import sha256_of
from quietdays.people.language import language_of
from quietdays.people.trail import Did, tell
from quietdays.reminders.actions import note_fetched
from quietdays.reminders.calendar import calendar_of
from quietdays.reminders.models import CalendarFeed

KEPT = timedelta(minutes=15)


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """One child's times. 404 for an address that was ended, or whose owner's access was."""
    rows = CalendarFeed.objects.filter(revoked_at__isnull=True, token_sha256=sha256_of(token))
    feed = rows.select_related("child", "person").first()
    if feed is None or not may(feed.person, feed.child, Act.LOG):
        raise Http404(gettext("There is no such calendar."))
    now = timezone.now()
    note_fetched(feed, now)
    tell(request, Did.SAW, feed.child, person=feed.person, device="a calendar")
    with language_of(feed.person):
        body = calendar_of(feed, now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="quiet-days.ics"'
    response["Cache-Control"] = f"private, max-age={int(KEPT.total_seconds())}"
    response["ETag"] = etag = quote_etag(sha256(body).hexdigest())
    return get_conditional_response(request, etag=etag, response=response) or response
