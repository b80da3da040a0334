"""Keeping recipes and their photographs."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from PIL import Image, ImageOps, UnidentifiedImageError

from quietdays.diet.actions.plans import (
    Portion,
    items_change,
    need_portions,
    replace_items,
    store_items,
)
from quietdays.diet.models import Recipe, RecipeItem, RecipePhoto
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter, refuse_deleted
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write

PHOTO_MAX_BYTES = 12_000_000  # a phone's photograph; what is kept is a fraction of it
PHOTO_EDGE_PX = 1280
# A small file can unpack to more than the memory of a small server.
PHOTO_MAX_PIXELS = 60_000_000
# What the readers of pictures raise for a damaged file.
_NO_PICTURE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error)


def keep_recipe(
    *, by: Person, child: Child, entry_id: UUID, portions: Sequence[Portion], **values: Any
) -> Entered[Recipe]:
    """Keep a recipe; the same form sent again corrects it."""
    need_portions(portions)
    with one_write():
        entered = enter(Recipe, by=by, child=child, entry_id=entry_id, act=Act.PLAN, **values)
        if entered.created:
            store_items(RecipeItem, {"recipe": entered.record}, portions)
        else:
            refuse_deleted(entered.record)
            change_recipe(by=by, recipe=entered.record, portions=portions, **values)
    return entered


def change_recipe(
    *, by: Person, recipe: Recipe, portions: Sequence[Portion], **values: Any
) -> Recipe:
    """Change a recipe; meals that were planned from it stay as they are."""
    need_portions(portions)
    with one_write():
        change = items_change(RecipeItem, {"recipe": recipe}, portions)
        amend(recipe, by=by, act=Act.PLAN, parts_change=change, **values)
        if change:
            replace_items(RecipeItem, {"recipe": recipe}, portions)
    return recipe


def set_recipe_photo(*, by: Person, recipe: Recipe, data: bytes) -> RecipePhoto:
    """Keep a picture of the dish, drawn anew and smaller, so that no place or time is in it.

    Raises ValidationError for a file that is too large or no picture; the old one stays then.
    """
    require(by, recipe.child, Act.PLAN)
    jpeg = _drawn_anew(data)
    with one_write():
        photo, _ = RecipePhoto.objects.update_or_create(recipe=recipe, defaults={"jpeg": jpeg})
    return photo


def remove_recipe_photo(*, by: Person, recipe: Recipe) -> None:
    require(by, recipe.child, Act.PLAN)
    with one_write():
        RecipePhoto.objects.filter(recipe=recipe).delete()


def _drawn_anew(data: bytes) -> bytes:
    if len(data) > PHOTO_MAX_BYTES:
        limit = PHOTO_MAX_BYTES // 1_000_000
        raise ValidationError(
            {"photo": gettext("This file is larger than %(limit)s MB.") % {"limit": limit}}
        )
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as sent:
            if sent.width * sent.height > PHOTO_MAX_PIXELS:
                raise ValidationError({"photo": gettext("This picture has too many pixels.")})
            picture = ImageOps.exif_transpose(sent).convert("RGB")
    except ValidationError:
        raise
    except (*_NO_PICTURE, ValueError, Image.DecompressionBombError) as error:
        text = gettext("This is no picture that can be read (JPEG, PNG or WebP).")
        raise ValidationError({"photo": text}) from error
    picture.info.clear()  # a JPEG's comment would be written again
    picture.thumbnail((PHOTO_EDGE_PX, PHOTO_EDGE_PX))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()
