"""Reminders with the app closed: what the service worker shows, reports and takes away again."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const all = await registration.getNotifications();
  return all.map(({ title, body, tag, actions }) => ({
    title, body, tag, actions: actions.map((a) => a.action) }));
}"""

TOUCH = """async (action) => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}"""


class Pushes:
    """A push service in the place of the real one: the browser hands its messages to the worker."""

    def __init__(self, page, house: str) -> None:
        self.page = page
        self.origin = house
        self._receipts: list[tuple[str, str, dict]] = []
        page.context.grant_permissions(["notifications"], origin=house)
        page.context.on("request", self._note)
        self.session = page.context.new_cdp_session(page)
        versions: list[dict] = []
        self.session.on(
            "ServiceWorker.workerVersionUpdated", lambda e: versions.extend(e["versions"])
        )
        self.session.send("ServiceWorker.enable")
        while not versions:
            page.wait_for_timeout(25)
        self.registration = versions[0]["registrationId"]

    def _note(self, request) -> None:
        token = re.search(r"/api/v1/receipts/([^/]+)$", request.url)
        if token:
            self._receipts.append((token[1], request.method, request.post_data_json))

    def deliver(self, message: str) -> None:
        self.session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.origin, "registrationId": self.registration, "data": message},
        )

    def receipts(self) -> list[tuple[str, str, dict]]:
        self.page.wait_for_timeout(1)  # what the browser has to tell is heard only while one waits
        return list(self._receipts)

    def touch(self, action: str = "") -> None:
        """A finger on the notification that stands, or on one of its buttons."""
        (worker,) = self.page.context.service_workers
        worker.evaluate(TOUCH, action)

    def shown(self) -> list[dict]:
        """Asked only once a message is reported: Chromium forgets what is just being shown."""
        return self.page.evaluate(SHOWN)


@pytest.fixture
def pushes(phone, night_log, house, child):
    return Pushes(night_log(phone("mira").new_page()), house)


def message(house: str, what: str = "reminder", **notification) -> str:
    return json.dumps(
        {
            "web_push": 8030,
            "notification": {
                "title": "Quiet Days",
                "body": "08:00: something is due.",
                "tag": "dose-1",
                "navigate": f"{house}/log/#/medicine",
                "silent": False,
                **notification,
            },
            "quiet_days": {"receipt": f"token-{what}", "what": what, "snooze_min": 10},
        }
    )


RECEIVED = {"what": "received", "minutes": None}


def test_a_reminder_is_shown_once_reported_and_replaced(pushes, house, eventually):
    reminder = {"title": "Quiet Days", "body": "08:00: something is due.", "tag": "dose-1"}
    rings = reminder | {"actions": ["seen", "snoozed"]}
    reported = [("token-reminder", "POST", RECEIVED)]
    pushes.deliver(message(house))
    eventually(pushes.receipts, reported)
    assert pushes.shown() == [rings]
    pushes.deliver(message(house))  # sent twice by a server that was killed: one notification
    eventually(pushes.receipts, reported * 2)
    assert pushes.shown() == [rings]
    pushes.deliver(message(house, "closed", body="Jonas is on it."))
    eventually(lambda: pushes.receipts()[2:], [("token-closed", "POST", RECEIVED)])
    assert pushes.shown() == [reminder | {"body": "Jonas is on it.", "actions": []}]


def stands(pushes, house, eventually) -> None:
    pushes.deliver(message(house))
    eventually(pushes.receipts, [("token-reminder", "POST", RECEIVED)])


@pytest.mark.parametrize(("action", "minutes"), [("seen", None), ("snoozed", 10)])
def test_an_answer_on_the_notification_goes_to_the_server(
    pushes, house, eventually, action, minutes
):
    pushes.page.context.route(
        "**/api/v1/receipts/*", lambda route: route.fulfill(status=204)
    )  # the message was made up: its receipt is known to no server
    stands(pushes, house, eventually)
    pushes.touch(action)
    said = ("token-reminder", "POST", {"what": action, "minutes": minutes})
    eventually(lambda: pushes.receipts()[1:], [said])
    assert pushes.shown() == []


def test_an_answer_that_does_not_get_there_is_said(pushes, house, eventually):
    stands(pushes, house, eventually)
    pushes.touch("seen")  # the server knows no such receipt
    eventually(lambda: len(pushes.receipts()), 2)
    pushes.page.wait_for_timeout(500)
    (notification,) = pushes.shown()
    assert "Your answer was not sent." in notification["body"]


def test_a_touch_goes_to_the_screen_in_the_open_night_log(pushes, house, eventually):
    pushes.page.evaluate("window.isTheSame = true")
    stands(pushes, house, eventually)
    pushes.touch()
    pushes.page.wait_for_url("**/log/#/medicine")
    assert pushes.page.evaluate("window.isTheSame")  # nothing typed was loaded away


def test_a_proof_is_reported_and_goes_away_again(pushes, house, eventually):
    pushes.deliver(message(house, "proof", tag="proof-1", body="This phone is reached."))
    eventually(pushes.receipts, [("token-proof", "POST", RECEIVED)])
    eventually(pushes.shown, [])


def test_a_message_that_cannot_be_read_is_shown_all_the_same(pushes):
    pushes.deliver("no json")
    pushes.page.wait_for_timeout(1_000)
    neutral = {"title": "Quiet Days", "body": "Open the app.", "tag": "", "actions": []}
    assert pushes.shown() == [neutral]
    assert pushes.receipts() == []


def test_the_worker_is_in_scope_of_the_whole_server(pushes):
    scope = pushes.page.evaluate("navigator.serviceWorker.ready.then((r) => r.scope)")
    assert urlsplit(scope).path == "/"
