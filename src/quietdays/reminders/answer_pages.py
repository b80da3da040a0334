"""The pages behind the links in messages: they open without signing in and say nothing medical."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from quietdays.people.language import language_of
from quietdays.reminders import actions
from quietdays.reminders.messages import off_token
from quietdays.reminders.models import SNOOZE_MIN, Channel, Delivery


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answer one reminder. Opening changes nothing: mail programs open links by themselves."""
    delivery = actions.of_receipt(token)
    if delivery is None:
        raise Http404(gettext("There is no such reminder."))
    with language_of(delivery.person):
        return _answer(request, token, delivery)


def _answer(request: HttpRequest, token: str, delivery: Delivery) -> HttpResponse:
    said, problem = "", ""
    if request.method == "POST":
        what, minutes = request.POST.get("what", ""), request.POST.get("minutes", "")
        try:
            actions.receive(
                token=token,
                what="received" if delivery.reminder is None else what,
                minutes=int(minutes) if what == "snoozed" and minutes.isdecimal() else None,
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        except PermissionDenied as error:
            problem = str(error)
        else:
            said = gettext("Put off.") if what == "snoozed" else gettext("Thank you: noted.")
    if delivery.reminder is not None:
        delivery.reminder.refresh_from_db()
    context = {
        "delivery": delivery,
        "said": said,
        "problem": problem,
        "snooze_min": SNOOZE_MIN,
    }
    return render(request, "reminders/answer.html", context, status=422 if problem else 200)


@csrf_exempt  # one click in a mail program (RFC 8058); the address holds the secret
def channel_off(request: HttpRequest, channel_id: UUID, token: str) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    if not constant_time_compare(token, off_token(channel)):
        raise Http404(gettext("There is no such address."))
    if request.method == "POST":
        actions.end_unsigned(channel)
    with language_of(channel.person):
        return render(request, "reminders/off.html", {"is_off": request.method == "POST"})
