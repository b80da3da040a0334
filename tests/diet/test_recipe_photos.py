"""A recipe's photograph: drawn anew, small, and for this child's people only."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quietdays.diet import actions
from quietdays.diet.actions import recipes as recipe_actions
from quietdays.diet.models import RecipePhoto
from quietdays.people.entries import take_back
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def client(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


@pytest.fixture
def pudding(parent, child):
    return house.recipe(parent, child, (house.food(parent, child), 100))


def sent(kind="JPEG", size=(400, 300), **options) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, (200, 120, 60)).save(kept, kind, **options)
    return kept.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_nothing_of_the_sent_file_but_its_pixels_is_kept(parent, pudding):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "52.5200N 13.4050E", 6  # a description; lies on its side
    secret = b"52.5200N 13.4050E"
    data = sent(exif=exif, comment=secret, xmp=secret, icc_profile=secret)
    photo = actions.set_recipe_photo(by=parent, recipe=pudding, data=data)
    assert b"52.52" in data
    assert b"52.52" not in bytes(photo.jpeg)
    kept = Image.open(io.BytesIO(bytes(photo.jpeg)))
    assert kept.size == (300, 400)  # turned as it was meant
    assert not kept.getexif()
    assert "comment" not in kept.info


def test_a_large_picture_is_kept_small(parent, pudding):
    photo = actions.set_recipe_photo(by=parent, recipe=pudding, data=sent(size=(4000, 1000)))
    assert Image.open(io.BytesIO(bytes(photo.jpeg))).size == (1280, 320)


BOMB = zlib.compress(b"a" * 3_000_000)
PNG = sent("PNG", (8, 8))
NO_PICTURES = {
    "nothing": b"", "words": b"no picture", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "half a jpeg": sent()[:300], "half a png": PNG[:40], "gif": sent("GIF", (4, 4)),
    "too much text in a png": PNG[:33] + chunk(b"zTXt", b"a\0\0" + BOMB) + PNG[33:],
}  # fmt: skip


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_and_the_old_one_stays(client, parent, child, pudding, name):
    actions.set_recipe_photo(by=parent, recipe=pudding, data=house.picture())
    before = bytes(RecipePhoto.objects.get().jpeg)
    upload = SimpleUploadedFile("a.jpg", NO_PICTURES[name], "image/jpeg")
    response = client.post(f"/c/{child.pk}/recipes/{pudding.pk}/photo/", {"photo": upload})
    assert response.status_code == 302
    assert bytes(RecipePhoto.objects.get().jpeg) == before


def test_too_many_bytes_or_pixels_are_refused(monkeypatch, parent, pudding):
    monkeypatch.setattr(recipe_actions, "PHOTO_MAX_BYTES", 1_000)
    with pytest.raises(ValidationError, match="larger than"):
        actions.set_recipe_photo(by=parent, recipe=pudding, data=sent(size=(900, 900)))
    monkeypatch.undo()
    monkeypatch.setattr(recipe_actions, "PHOTO_MAX_PIXELS", 10_000)
    with pytest.raises(ValidationError, match="too many pixels"):
        actions.set_recipe_photo(by=parent, recipe=pudding, data=sent(size=(101, 100)))
    assert not RecipePhoto.objects.exists()


@settings(max_examples=60)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_picture_is_kept_or_refused(kind, data):
    whole = bytearray(sent(kind, (16, 12)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ValidationError):
        assert recipe_actions._drawn_anew(bytes(whole)).startswith(b"\xff\xd8")


def test_a_picture_is_shown_to_this_childs_people_only(client, parent, child, join, pudding):
    actions.set_recipe_photo(by=parent, recipe=pudding, data=sent())
    stranger, other = house.another_child()
    url = reverse("recipe-photo", args=[child.pk, pudding.pk])
    shown = client.get(url)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "private" in shown["Cache-Control"]
    client.force_login(join("reader"))
    assert client.get(url).status_code == 200
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.get(reverse("recipe-photo", args=[other.pk, pudding.pk])).status_code == 404
    take_back(pudding, by=parent)
    client.force_login(parent)
    assert client.get(url).status_code == 404
