"""Clips: sent in pieces that may break off anywhere, and shown to a child's own people only."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diary import clip_files, clips
from quietdays.diary.models import Clip
from quietdays.people.entries import bring_back, take_back
from quietdays.sharing.purge import purge_deleted
from tests import house
from tests.diary.films import HEADS, begun, clips_of, film, ftyp, kept
from tests.processes import environment, make_family

pytestmark = pytest.mark.django_db
PIECE = 4096


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "media" / "clips"


@pytest.fixture
def cluster(parent, child):
    return house.cluster(parent, child, "2026-06-09 07:30")


def signed_in(person, **kwargs) -> Client:
    client = Client(raise_request_exception=False, **kwargs)
    client.force_login(person)
    return client


@pytest.fixture
def phone(parent):
    return signed_in(parent)


def announce(phone, child, cluster, data: bytes, /, **changes):
    cluster_id = getattr(cluster, "pk", cluster)
    body = {
        "id": str(house.new_id()),
        "cluster": str(cluster_id),
        "size_bytes": len(data),
        "content_type": "video/mp4",
    } | changes
    response = phone.post(
        f"/api/v1/children/{child.pk}/clips", json.dumps(body), content_type="application/json"
    )
    return body["id"], response


def put(phone, child, clip_id, offset: int, data: bytes, **headers):
    return phone.put(
        f"/api/v1/children/{child.pk}/clips/{clip_id}/piece?offset={offset}",
        data,
        content_type="application/octet-stream",
        **headers,
    )


def send_all(phone, child, cluster, data: bytes, **changes) -> str:
    clip_id, response = announce(phone, child, cluster, data, **changes)
    offset = response.json()["received_bytes"]
    while offset < len(data):
        response = put(phone, child, clip_id, offset, data[offset : offset + PIECE])
        assert response.status_code == 200, response.content
        offset = response.json()["received_bytes"]
    assert response.json() == {"id": clip_id, "received_bytes": len(data), "complete": True}
    return clip_id


def on_disk(disk, child, clip_id) -> bytes | None:
    file = disk / str(child.pk) / str(clip_id)
    return file.read_bytes() if file.exists() else None


def files(disk: Path) -> list[Path]:
    return [p for p in disk.rglob("*") if p.is_file()]


# --- sending


@pytest.mark.parametrize("kind", HEADS)
def test_a_clip_arrives_in_pieces_and_is_what_its_bytes_say(phone, child, cluster, disk, kind):
    data = film(3 * PIECE + 17, kind)
    clip_id = send_all(phone, child, cluster, data, content_type="")
    assert on_disk(disk, child, clip_id) == data
    stored = Clip.objects.get()
    assert stored.content_type == kind
    assert stored.completed_at is not None
    assert clips_of([cluster.pk]) == {cluster.pk: [stored]}
    assert stored.history.count() == 2  # begun and complete, not one for each piece


def test_a_small_photograph_arrives_in_one_piece(phone, child, cluster):
    send_all(phone, child, cluster, film(300, "image/jpeg"))


def test_announced_twice_it_is_one_clip_and_answers_how_far_it_is(phone, child, cluster):
    data = film(2 * PIECE)
    clip_id, first = announce(phone, child, cluster, data)
    assert first.json() == {"id": clip_id, "received_bytes": 0, "complete": False}
    put(phone, child, clip_id, 0, data[:PIECE])
    _, again = announce(phone, child, cluster, data, id=clip_id)
    assert again.json() == {"id": clip_id, "received_bytes": PIECE, "complete": False}
    put(phone, child, clip_id, PIECE, data[PIECE:])
    _, done = announce(phone, child, cluster, data, id=clip_id)
    assert done.json() == {"id": clip_id, "received_bytes": 2 * PIECE, "complete": True}
    assert Clip.objects.count() == 1


def test_a_piece_whose_answer_was_lost_is_not_stored_twice(phone, child, cluster, disk):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    again = put(phone, child, clip_id, 0, data[:PIECE])
    assert again.status_code == 409
    assert again.json()["received_bytes"] == PIECE
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).json()["complete"] is True
    last = put(phone, child, clip_id, PIECE, data[PIECE:])
    assert (last.status_code, last.json()["complete"]) == (409, True)
    assert on_disk(disk, child, clip_id) == data


@pytest.mark.parametrize("offset", [1, PIECE - 1, PIECE + 1, 2 * PIECE, 10**17, -1])
def test_a_piece_from_elsewhere_is_told_where_to_go_on(phone, child, cluster, disk, offset):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    response = put(phone, child, clip_id, offset, b"x" * 10)
    assert response.status_code == 409
    assert response.json()["received_bytes"] == PIECE
    assert on_disk(disk, child, clip_id) == data[:PIECE]


@pytest.mark.parametrize("offset", ["", "x", "false", "1.5"])
def test_an_offset_that_is_no_number_is_refused(phone, child, cluster, offset):
    clip_id, _ = announce(phone, child, cluster, film(PIECE))
    url = f"/api/v1/children/{child.pk}/clips/{clip_id}/piece?offset={offset}"
    response = phone.put(url, film(PIECE), content_type="application/octet-stream")
    assert response.status_code == 422
    assert "offset" in response.json()["detail"]


def test_a_clip_before_its_cluster_waits_on_the_phone(phone, parent, child, disk):
    data, cluster_id = film(PIECE), house.new_id()
    _, early = announce(phone, child, cluster_id, data)
    assert early.status_code == 409
    assert "not here yet" in early.json()["detail"]["cluster"][0]
    assert (Clip.objects.count(), files(disk)) == (0, [])
    _, sami = house.another_child()
    elsewhere = house.cluster(sami.care_roles.get().person, sami, "2026-06-09 07:30")
    _, foreign = announce(phone, child, elsewhere, data)
    assert foreign.json() == early.json()  # another child's cluster is as if there were none


def test_a_clip_of_a_deleted_cluster_is_kept_with_it(phone, parent, child, cluster):
    take_back(cluster, by=parent)
    clip_id = send_all(phone, child, cluster, film(PIECE))
    assert clips_of([cluster.pk]) == {}
    bring_back(cluster, by=parent)
    assert [str(c.pk) for c in clips_of([cluster.pk])[cluster.pk]] == [clip_id]


@pytest.mark.parametrize(
    "change",
    [{"size_bytes": 0}, {"size_bytes": -1}, {"size_bytes": True}, {"size_bytes": "5"},
     {"id": "x"}, {"id": False}, {"cluster": 1}, {"extra": 1}, {"content_type": 3},
     {"content_type": "text/html"}, {"content_type": "image/svg+xml"}, {"sha256": "x"},
     {"content_type": "video/" + "x" * 100}, {"content_type": "video/\u0000"}],
)  # fmt: skip
def test_an_announcement_that_cannot_be_is_refused_by_field(phone, child, cluster, change):
    _, response = announce(phone, child, cluster, film(PIECE), **change)
    assert response.status_code == 422
    assert set(response.json()["detail"]) == set(change)
    assert Clip.objects.count() == 0


def test_an_id_of_another_clip_is_refused(phone, parent, child, cluster):
    clip_id = send_all(phone, child, cluster, film(PIECE))
    other = house.cluster(parent, child, "2026-06-09 09:30")
    for response in (
        announce(phone, child, cluster, film(PIECE + 1), id=clip_id)[1],
        announce(phone, child, other, film(PIECE), id=clip_id)[1],
    ):
        assert response.status_code == 422
        assert set(response.json()["detail"]) == {"id"}
    stranger, sami = house.another_child()
    theirs = house.cluster(stranger, sami, "2026-06-09 07:30")
    _, response = announce(signed_in(stranger), sami, theirs, film(PIECE), id=clip_id)
    assert response.status_code == 422


# --- what it is


WRONG = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "exe": b"MZ\x90\x00\x03",
    "zip": b"PK\x03\x04",
    "pdf": b"%PDF-1.7",
    "gif": b"GIF89a",
    "polyglot": b"<!--" + HEADS["video/mp4"],
    "late jpeg": b"\x00" + HEADS["image/jpeg"],
    "audio": ftyp(b"M4A ", b"M4A ", b"isom"),
    "avif": ftyp(b"avif", b"mif1"),
    "matroska": HEADS["video/webm"].replace(b"\x84webm", b"\x88matroska"),
    "wav": b"RIFF\x00\x10\x00\x00WAVEfmt ",
    "box too large": ftyp(b"isom", b"isom", size=1 << 30),
    "box too small": ftyp(b"isom", b"isom", size=8),
    "nothing": b"",
}


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_is_refused_in_words_and_its_bytes_go(phone, child, cluster, disk, name):
    data = WRONG[name] + bytes(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    response = put(phone, child, clip_id, 0, data[:PIECE])
    assert response.status_code == 422
    assert "no film or photograph" in response.json()["detail"]["piece"][0]
    assert (files(disk), Clip.objects.count(), Clip.history.count()) == ([], 0, 0)
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).status_code == 404


def test_the_kind_is_looked_at_again_when_all_is_here(phone, child, cluster, disk):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    (disk / str(child.pk) / clip_id).write_bytes(b"<html>" + data[6:PIECE])
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).status_code == 422
    assert (files(disk), Clip.objects.count()) == ([], 0)


def test_a_first_piece_too_small_to_tell_is_refused(phone, child, cluster):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    assert put(phone, child, clip_id, 0, data[:100]).status_code == 422
    assert put(phone, child, clip_id, 0, b"").status_code == 422
    assert put(phone, child, clip_id, 0, data).json()["complete"] is True


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_a_beginning(head):
    for data in (head, *(h[: len(head)] + head for h in HEADS.values())):
        assert clip_files.sniffed(data) in {None, *clip_files.EXTENSIONS}


def test_a_damaged_clip_is_asked_for_again(phone, child, cluster, disk):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data, sha256=hashlib.sha256(data).hexdigest())
    put(phone, child, clip_id, 0, data[:PIECE])
    damaged = put(phone, child, clip_id, PIECE, bytes(PIECE))
    assert damaged.status_code == 422
    _, state = announce(phone, child, cluster, data, id=clip_id)
    assert state.json()["received_bytes"] == 0
    assert put(phone, child, clip_id, 0, data).json()["complete"] is True
    assert on_disk(disk, child, clip_id) == data


# --- how much


def test_a_piece_larger_than_a_mebibyte_is_refused_before_it_is_read(phone, child, cluster, disk):
    data = film(clips.PIECE_MAX_BYTES + 1)
    clip_id, _ = announce(phone, child, cluster, data)
    assert put(phone, child, clip_id, 0, data).status_code == 413
    assert put(phone, child, clip_id, 0, bytes(20 << 20)).status_code == 413
    assert files(disk) == []
    assert put(phone, child, clip_id, 0, data[:-1]).status_code == 200


def test_more_than_was_announced_is_refused(phone, child, cluster, disk):
    data = film(PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    assert put(phone, child, clip_id, 0, data + b"x").status_code == 422
    assert put(phone, child, clip_id, 0, data).json()["complete"] is True


def test_a_piece_cut_off_on_its_way_is_refused(phone, child, cluster):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    broken = {"wsgi.input": io.BytesIO(data[:PIECE])}  # the line went after half of it
    response = put(phone, child, clip_id, 0, data, **broken)
    assert response.status_code == 422
    assert "cut off" in response.json()["detail"]["piece"][0]
    assert Clip.objects.get().received_bytes == 0


def test_a_clip_or_a_childs_clips_beyond_the_limit_are_refused(phone, child, cluster, settings):
    settings.CLIP_MAX_BYTES, settings.CLIPS_MAX_BYTES = 10_000, 25_000
    _, response = announce(phone, child, cluster, film(10_001))
    assert "larger than" in response.json()["detail"]["size_bytes"][0]
    assert response.status_code == 422
    for _ in range(2):
        assert announce(phone, child, cluster, film(10_000))[1].status_code == 200
    _, response = announce(phone, child, cluster, film(5_001))
    assert (response.status_code, Clip.objects.count()) == (422, 2)
    assert "clips of one child" in response.json()["detail"]["size_bytes"][0]
    assert announce(phone, child, cluster, film(5_000))[1].status_code == 200


# --- mishaps


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", ["pwrite", "fsync", "mkdir"])
def test_a_full_disk_is_said_in_words_and_nothing_is_half_recorded(
    phone, child, cluster, disk, monkeypatch, name
):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    if name != "mkdir":
        put(phone, child, clip_id, 0, data[:PIECE])
    before = Clip.objects.get().received_bytes
    with monkeypatch.context() as patched:
        patched.setattr(os, name, full)
        response = put(phone, child, clip_id, before, data[before : before + PIECE])
    assert response.status_code == 507
    assert "stays on the phone" in response.json()["detail"]["piece"][0]
    assert Clip.objects.get().received_bytes == before == len(on_disk(disk, child, clip_id) or b"")
    for offset in range(before, len(data), PIECE):
        assert put(phone, child, clip_id, offset, data[offset : offset + PIECE]).status_code == 200
    assert on_disk(disk, child, clip_id) == data


def test_a_full_database_is_said_in_the_same_words(phone, child, cluster, monkeypatch):
    def no_room(*args, **kwargs):
        raise OperationalError("database or disk is full")

    data = film(PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    monkeypatch.setattr(clips, "save_as", no_room)
    assert put(phone, child, clip_id, 0, data).status_code == 507
    assert Clip.objects.get().received_bytes == 0
    monkeypatch.undo()
    assert put(phone, child, clip_id, 0, data).json()["complete"] is True


def test_after_a_write_that_was_never_counted_the_row_stands(
    phone, child, cluster, disk, monkeypatch
):
    """Killed between the file and the row: the file is ahead, and its end counts for nothing."""

    def dies(*args):
        raise KeyboardInterrupt

    data = film(3 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    with monkeypatch.context() as patched:
        patched.setattr(clips, "_counted", dies)
        with pytest.raises(KeyboardInterrupt):
            put(phone, child, clip_id, PIECE, b"?" * PIECE)
    assert len(on_disk(disk, child, clip_id) or b"") == 2 * PIECE
    _, state = announce(phone, child, cluster, data, id=clip_id)
    assert state.json()["received_bytes"] == PIECE
    for offset in (PIECE, 2 * PIECE):
        put(phone, child, clip_id, offset, data[offset : offset + PIECE])
    assert on_disk(disk, child, clip_id) == data


@pytest.mark.parametrize("left", [0, 100, PIECE, None])
def test_a_file_shorter_than_the_row_is_gone_on_with_where_it_ends(
    phone, child, cluster, disk, left
):
    """A backup put back, or a disk that lied: what is not there is never claimed."""
    data = film(3 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[: 2 * PIECE])
    file = disk / str(child.pk) / clip_id
    if left is None:
        file.unlink()
    else:
        os.truncate(file, left)
    there = left or 0
    response = put(phone, child, clip_id, 2 * PIECE, data[2 * PIECE :])
    assert (response.status_code, response.json()["received_bytes"]) == (409, there)
    assert Clip.objects.get().received_bytes == there
    assert put(phone, child, clip_id, there, data[there:]).json()["complete"] is True
    assert on_disk(disk, child, clip_id) == data


SENDER = """
import sys
from quietdays.house_commands import open_house
open_house()
from datetime import timedelta
from uuid import UUID
from django.utils import timezone
from quietdays.diary import clips
from quietdays.diary.models import Clip, SpasmCluster
from quietdays.people.entries import enter
from quietdays.people.models import Child, Person
from tests.diary.films import film
clip_id, size = UUID(sys.argv[1]), int(sys.argv[2])
child, person = Child.objects.get(), Person.objects.get()
values = {"happened_at": timezone.now() - timedelta(hours=1), "spasm_count": 1}
cluster = enter(SpasmCluster, by=person, child=child, entry_id=clip_id, **values).record
clip = clips.begin_clip(by=person, child=child, entry_id=clip_id, cluster_id=cluster.pk, size_bytes=size)
data = film(size)
at = clip.received_bytes
print("at", at, flush=True)
while at < size:
    clip = clips.add_piece(by=person, clip=clip, offset=at, data=data[at : at + 4096])
    at = clip.received_bytes
    print("at", at, flush=True)
"""


@pytest.mark.slow
def test_killed_again_and_again_a_clip_arrives_whole(tmp_path):
    """SIGKILL at any moment: what was acknowledged is there, and the rest is sent again."""
    data = tmp_path / "house"
    data.mkdir()
    [child_id] = make_family(data, "Noor")
    clip_id, size = str(house.new_id()), 60 * 4096
    env = environment(data)
    env["PYTHONPATH"] += f"{os.pathsep}{Path(__file__).resolve().parents[2]}"
    acknowledged = 0
    for round_ in range(20):
        process = subprocess.Popen(
            [sys.executable, "-c", SENDER, clip_id, str(size)],
            env=env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        words = process.stdout.readline().split()
        assert words[:1] == ["at"]
        assert int(words[1]) >= acknowledged  # nothing that was acknowledged is missing
        acknowledged = int(words[1])
        for _ in range(12 + round_):
            line = process.stdout.readline().split()
            acknowledged = int(line[1]) if line else acknowledged
        if acknowledged == size:
            process.wait(timeout=30)
            break
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        process.stdout.close()
    stored = data / "media" / "clips" / child_id / clip_id
    assert acknowledged == size
    assert stored.read_bytes() == film(size)


@pytest.mark.django_db(transaction=True)
def test_two_phones_that_race_never_mix_their_pieces(parent, child, cluster, disk):
    data = film(40 * PIECE)
    clip = begun(parent, child, cluster, data)
    problems: list[BaseException] = []

    def send() -> None:
        from django.db import connection

        at = 0
        try:
            while at < len(data):
                piece = data[at : at + PIECE]
                try:
                    at = clips.add_piece(by=parent, clip=clip, offset=at, data=piece).received_bytes
                except clips.WrongOffset as error:
                    at = error.clip.received_bytes
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    phones = [threading.Thread(target=send) for _ in range(3)]
    for thread in phones:
        thread.start()
    for thread in phones:
        thread.join()
    assert problems == []
    assert on_disk(disk, child, clip.pk) == data
    assert Clip.objects.get().completed_at is not None


@pytest.mark.parametrize("place", ["media", "media/clips", "media/clips/CHILD"])
def test_no_folder_on_the_way_may_be_a_link(phone, child, cluster, tmp_path, place):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = tmp_path / place.replace("CHILD", str(child.pk))
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere)
    clip_id, _ = announce(phone, child, cluster, film(PIECE))
    assert put(phone, child, clip_id, 0, film(PIECE)).status_code == 507
    assert list(elsewhere.rglob("*")) == []


def test_a_link_in_place_of_a_clip_is_neither_written_nor_shown(
    phone, parent, child, cluster, disk, tmp_path
):
    secret = tmp_path / "secret"
    secret.write_bytes(film(PIECE))
    clip_id, _ = announce(phone, child, cluster, film(PIECE))
    (disk / str(child.pk)).mkdir(parents=True)
    (disk / str(child.pk) / clip_id).symlink_to(secret)
    assert put(phone, child, clip_id, 0, film(PIECE, "video/webm")).status_code == 507
    assert secret.read_bytes() == film(PIECE)
    whole = kept(parent, child, cluster, film(PIECE))
    file = disk / str(child.pk) / str(whole.pk)
    file.unlink()
    file.symlink_to(secret)
    assert phone.get(reverse("clip", args=[child.pk, whole.pk])).status_code == 404
    file.unlink()
    os.mkfifo(file)
    assert phone.get(reverse("clip", args=[child.pk, whole.pk])).status_code == 404


# --- for whom


def test_only_the_childs_people_send_and_see_a_clip(phone, parent, child, cluster, join):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    stranger, sami = house.another_child()
    theirs, reader, nobody = signed_in(stranger), signed_in(join("reader")), Client()
    assert announce(theirs, child, cluster, data)[1].status_code == 404
    assert put(theirs, child, clip_id, PIECE, data[PIECE:]).status_code == 404
    assert put(theirs, sami, clip_id, PIECE, data[PIECE:]).status_code == 404
    assert announce(reader, child, cluster, data)[1].status_code == 403
    assert put(reader, child, clip_id, PIECE, data[PIECE:]).status_code == 403
    assert announce(nobody, child, cluster, data)[1].status_code == 401
    assert put(nobody, child, clip_id, PIECE, data[PIECE:]).status_code == 401
    url = reverse("clip", args=[child.pk, clip_id])
    assert phone.get(url).status_code == 404  # not whole yet
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).json()["complete"] is True
    assert b"".join(reader.get(url)) == data
    assert theirs.get(url).status_code == 404
    assert theirs.get(reverse("clip", args=[sami.pk, clip_id])).status_code == 404
    assert nobody.get(url).status_code == 302


def test_a_piece_without_the_forms_token_is_refused(parent, child, cluster):
    clip = begun(parent, child, cluster, film(PIECE))
    phone = signed_in(parent, enforce_csrf_checks=True)
    assert put(phone, child, clip.pk, 0, film(PIECE)).status_code == 403


# --- showing


@pytest.fixture
def shown(parent, child, cluster):
    return kept(parent, child, cluster, film(10_000))


def ask(phone, clip, method: str = "get", **headers):
    url = reverse("clip", args=[clip.child_id, clip.pk])
    return getattr(phone, method)(url, headers=headers)


def test_a_whole_clip_is_shown_as_what_it_is_and_never_kept(phone, shown):
    response = ask(phone, shown)
    assert (response.status_code, b"".join(response)) == (200, film(10_000))
    assert {name: response[name] for name in (
        "Content-Type", "Content-Length", "Content-Disposition", "X-Content-Type-Options",
        "Cache-Control", "Content-Security-Policy", "Accept-Ranges", "X-Frame-Options",
    )} == {
        "Content-Type": "video/mp4",
        "Content-Length": "10000",
        "Content-Disposition": 'inline; filename="spasms-2026-06-09-0730.mp4"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Accept-Ranges": "bytes",
        "X-Frame-Options": "DENY",
    }  # fmt: skip
    head = ask(phone, shown, "head")
    assert (head["Content-Length"], b"".join(head)) == ("10000", b"")


RANGES = [
    ("bytes=0-1", 0, 1),
    ("bytes=0-", 0, 9999),
    ("bytes=9999-", 9999, 9999),
    ("bytes=100-199", 100, 199),
    ("bytes=9000-20000", 9000, 9999),
    ("bytes=-1", 9999, 9999),
    ("bytes=-500", 9500, 9999),
    ("bytes=-20000", 0, 9999),
]


@pytest.mark.parametrize(("asked", "first", "last"), RANGES)
def test_a_part_is_answered_as_a_part(phone, shown, asked, first, last):
    response = ask(phone, shown, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/10000"
    assert response["Content-Length"] == str(last - first + 1)
    assert b"".join(response) == film(10_000)[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=10000-", "bytes=10000-10001", "bytes=-0"])
def test_a_part_beyond_the_end_says_how_long_the_clip_is(phone, shown, asked):
    response = ask(phone, shown, Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10000")


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-2", "bytes=-", "bytes=a-b", "seconds=0-1", "bytes=0-1,5-6", "bytes=0-1-2",
     "bytes=" + "9" * 30 + "-", "bytes=٣-", ""],
)  # fmt: skip
def test_a_part_that_makes_no_sense_is_answered_with_the_whole(phone, shown, asked):
    response = ask(phone, shown, Range=asked.encode().decode("latin-1"))
    assert (response.status_code, b"".join(response)) == (200, film(10_000))


def test_the_rest_of_a_long_film_comes_in_parts(phone, shown, monkeypatch):
    monkeypatch.setattr("quietdays.diary.clip_pages.OPEN_END_BYTES", 4000)
    got = b""
    while len(got) < 10_000:
        response = ask(phone, shown, Range=f"bytes={len(got)}-")
        got += b"".join(response)
    assert got == film(10_000)


def test_a_part_of_another_version_is_answered_with_the_whole(phone, shown):
    etag = ask(phone, shown)["ETag"]
    assert ask(phone, shown, Range="bytes=0-1", **{"If-Range": etag}).status_code == 206
    assert ask(phone, shown, Range="bytes=0-1", **{"If-Range": '"old"'}).status_code == 200


def test_no_file_stays_open(phone, shown):
    before = len(os.listdir("/proc/self/fd"))
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=99999-"}):
        for method in ("get", "head"):
            # What a server does at the end; close() would also close the test's own database.
            for close in ask(phone, shown, method, **headers)._resource_closers:
                close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_page_of_a_cluster_shows_its_clips(phone, parent, child, cluster, shown):
    kept(parent, child, cluster, film(5000, "image/jpeg"))
    begun(parent, child, cluster, film(5000))
    html = phone.get(reverse("edit-entry", args=[child.pk, "cluster", cluster.pk])).content.decode()
    assert html.count("<video") == html.count("<img") == 1
    assert 'controls preload="none"' in html
    assert 'loading="lazy"' in html
    assert "0 % is here" in html
    other = house.cluster(parent, child, "2026-06-09 09:30")
    page = phone.get(reverse("edit-entry", args=[child.pk, "cluster", other.pk]))
    assert "Films and photographs" not in page.content.decode()


# --- deleting


def test_a_deleted_clip_is_shown_to_nobody_and_can_come_back(phone, child, cluster, shown, disk):
    clip_url = reverse("clip", args=[child.pk, shown.pk])
    page = reverse("edit-entry", args=[child.pk, "cluster", cluster.pk])
    response = phone.post(reverse("delete-clip", args=[child.pk, shown.pk]), follow=True)
    assert "Deleted: film of the spasms of 9 June 2026, 07:30" in response.content.decode()
    assert phone.get(clip_url).status_code == 404
    assert clips_of([cluster.pk]) == {}
    assert "Bring back" in phone.get(page).content.decode()
    phone.post(reverse("restore-clip", args=[child.pk, shown.pk]))
    assert b"".join(phone.get(clip_url)) == film(10_000)


def test_a_clip_goes_with_its_cluster_and_comes_back_with_it(phone, parent, child, cluster, shown):
    url = reverse("clip", args=[child.pk, shown.pk])
    take_back(cluster, by=parent)
    assert phone.get(url).status_code == 404
    bring_back(cluster, by=parent)
    assert phone.get(url).status_code == 200


def test_a_clip_deleted_on_its_way_takes_no_more(phone, parent, child, cluster):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    clip = clips.delete_clip(by=parent, clip=Clip.objects.get())
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).status_code == 422
    assert announce(phone, child, cluster, data, id=clip_id)[1].status_code == 422
    clips.bring_back_clip(by=parent, clip=clip)
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).json()["complete"] is True


def test_a_deletion_from_an_old_page_loses_no_count(parent, child, cluster):
    """The row that the page had read is older than the piece that came meanwhile."""
    data = film(2 * PIECE)
    stale = begun(parent, child, cluster, data)
    clips.add_piece(by=parent, clip=stale, offset=0, data=data[:PIECE])
    assert clips.delete_clip(by=parent, clip=stale).received_bytes == PIECE


def purge_after(days: float) -> int:
    with time_machine.travel(house.NOW + timedelta(days=days)):
        return purge_deleted()


@pytest.mark.parametrize("days", [29.9, 30.1])
def test_a_deleted_clip_goes_from_the_disk_after_thirty_days(parent, child, cluster, disk, days):
    kept_one = kept(parent, child, cluster)
    gone = clips.delete_clip(by=parent, clip=kept(parent, child, cluster))
    assert purge_after(days) == (1 if days > 30 else 0)
    assert (on_disk(disk, child, gone.pk) is None) is (days > 30)
    assert gone.history.model.objects.filter(id=gone.pk).exists() is (days < 30)
    assert on_disk(disk, child, kept_one.pk) == film(6000)


def test_the_clips_of_a_deleted_cluster_go_with_it(parent, child, cluster, disk):
    kept(parent, child, cluster)
    half = begun(parent, child, cluster, film(2 * PIECE))
    clips.add_piece(by=parent, clip=half, offset=0, data=film(PIECE))
    take_back(cluster, by=parent)
    purge_after(31)
    assert (files(disk), Clip.objects.count(), Clip.history.count()) == ([], 0, 0)


def test_a_clip_half_sent_goes_after_thirty_days_and_can_be_begun_anew(
    phone, child, cluster, disk, parent
):
    data = film(2 * PIECE)
    clip_id, _ = announce(phone, child, cluster, data)
    put(phone, child, clip_id, 0, data[:PIECE])
    assert purge_after(29) == 0
    assert purge_after(31) == 1
    assert (files(disk), Clip.objects.count()) == ([], 0)
    assert put(phone, child, clip_id, PIECE, data[PIECE:]).status_code == 404
    assert send_all(phone, child, cluster, data, id=clip_id) == clip_id


def test_a_clip_purged_while_a_piece_is_written_leaves_nothing(
    parent, child, cluster, disk, monkeypatch
):
    data = film(2 * PIECE)
    clip = begun(parent, child, cluster, data)
    append = clip_files.append

    def purged_meanwhile(*args):
        Clip.objects.all().delete()
        append(*args)

    monkeypatch.setattr(clip_files, "append", purged_meanwhile)
    with pytest.raises(clips.Gone):
        clips.add_piece(by=parent, clip=clip, offset=0, data=data[:PIECE])
    assert files(disk) == []
    with pytest.raises(clips.Gone):
        clips.add_piece(by=parent, clip=clip, offset=0, data=data[:PIECE])
    assert files(disk) == []


def test_a_claim_that_nobody_can_keep_is_refused_before_anything_is_sent(parent, child, cluster):
    with pytest.raises(ValidationError):
        begun(parent, child, cluster, film(PIECE), content_type="Text/HTML; charset=utf-8")
    assert begun(parent, child, cluster, film(PIECE), content_type="video/webm;codecs=vp9")
