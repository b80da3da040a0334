"""E-mail: a link and a time, nothing of the child. That a server took it is no proof of reading."""

from __future__ import annotations

import smtplib
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext

from quietdays.reminders.channels.answers import Answer, Route
from quietdays.reminders.messages import Message

_LATER = range(400, 500)  # replies by which a mail server asks to try again


def send(route: Route, message: Message, timeout_s: float) -> Answer:
    if not settings.EMAIL_HOST:
        return Answer(False, "this server sends no e-mail: QUIETDAYS_SMTP_HOST is not set")
    mail = EmailMessage(
        subject=message.title,
        body=_text(message),
        to=[route.address],
        headers={
            "Message-ID": make_msgid(idstring=message.tag, domain=settings.MAIL_DOMAIN),
            "List-Unsubscribe": f"<{message.off_at}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(timeout=timeout_s),
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        [(code, reason)] = list(error.recipients.values())[:1]
        return Answer(False, _words(code, reason), is_over=code not in _LATER)
    except smtplib.SMTPResponseException as error:
        return Answer(False, _words(error.smtp_code, error.smtp_error))
    except OSError as error:
        return Answer(False, f"the mail server was not reached: {error}"[:300])
    return Answer(True, "250: the mail server took it")


def _text(message: Message) -> str:
    lines = [message.body, ""]
    with translation.override(message.language):
        if message.answer_at:
            lines += [gettext("Answer, or put it off:"), message.answer_at, ""]
        lines += [gettext("Open Quiet Days:"), message.navigate, ""]
        lines += [gettext("No more e-mail to this address:"), message.off_at, ""]
    return "\n".join(lines)


def _words(code: int, reason: object) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return f"{code}: {' '.join(text.split())}"[:300]
