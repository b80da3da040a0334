"""Mixing a feed for a day, and pouring it into the day's bottles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions, mixing, queries
from quietdays.diet.actions import Portion
from quietdays.diet.balancing import Wish, key_of
from quietdays.diet.forms import FeedForm, Row
from quietdays.diet.mixing import FeedOrder, Mix
from quietdays.diet.models import Prescription, Recipe, RecipeItem
from quietdays.diet.pages.rows import submitted_rows
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import LocalTimeField, add_errors, tried
from quietdays.records.words import decimal_text
from quietdays.words import dated

# A bottle that is due further off than this is a slip of the year.
DAYS_AHEAD = 366


@child_page(Act.PLAN)
def mix_feed(request: HttpRequest, child: Child) -> HttpResponse:
    """Powder, modulars, breast milk and water to a volume; looked at first, then kept.

    `?from=` opens a kept feed, to be mixed anew and kept in its place.
    """
    current = queries.prescription_on(child, child.today())
    feed = _asked_feed(request, child)
    form = FeedForm(request.POST or None, zone=child.zone, initial=_initial(current, feed))
    rows = _kept_rows(feed)
    mixed: Mix | None = None
    if request.method == "POST":
        rows = submitted_rows(request, child, form, blank_is_open=True)
        if form.is_valid():
            mixed = _mixed(request, child, form, rows, current)
        if mixed is not None and "keep" in request.POST:
            wanted = mixed
            kept = tried(form, lambda: _keep(request, child, form, wanted))
            if kept:
                echo(
                    request,
                    gettext("Kept: %(entry)s") % {"entry": kept.name},
                    kind="recipe",
                    records=[kept],
                )
                return redirect("pour", child_id=child.pk, recipe_id=kept.pk)
            mixed = None  # what could not be kept is complained of, not shown as found
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "locked": set(request.POST.getlist("locked")),
        "mixed": mixed,
        "prescription": current,
        "basis": queries.basis_of(current),
    }
    if mixed is not None:
        data = form.cleaned_data
        context["lines"] = _lines(mixed.portions, data["bottles"])
        context["bottle_ml"] = data["volume_ml"] / data["bottles"]
        energy_kcal = mixed.macros().energy_kcal(queries.basis_of(current))
        context["kcal_per_ml"] = energy_kcal / float(data["volume_ml"])
        context["label"] = Recipe(made_at=data["made_at"], keeps_h=data["keeps_h"]).label
    return render(request, "diet/mix_feed.html", context)


def _asked_feed(request: HttpRequest, child: Child) -> Recipe | None:
    try:
        feed_id = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    feeds = queries.recipes_of(child).filter(kind=Recipe.Kind.FEED)
    found: Recipe | None = feeds.filter(pk=feed_id).first()
    return found


def _initial(current: Prescription | None, feed: Recipe | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"made_at": "07:00"}
    if current is not None:
        initial["bottles"] = current.meals_per_day
        for name, value in (("ratio", current.ratio), ("energy_kcal", current.energy_kcal)):
            initial[name] = "" if value is None else decimal_text(value)
        initial["volume_ml"] = current.fluid_ml or ""
    if feed is not None:
        initial |= {"id": feed.pk, "name": feed.name, "bottles": feed.servings}
        initial |= {"made_at": feed.made_at, "keeps_h": feed.keeps_h}
        initial["volume_ml"] = "" if feed.volume_ml is None else decimal_text(feed.volume_ml)
        macros = feed.macros()
        basis = queries.basis_of(current)
        initial["energy_kcal"] = f"{macros.energy_kcal(basis):.0f}"
        initial["ratio"] = f"{macros.ratio(basis) or 0:.2f}"
    return initial


def _kept_rows(feed: Recipe | None) -> list[Row]:
    """The foods of a kept feed; its water is found anew."""
    if feed is None:
        return []
    tap = mixing.water()
    items = feed.items.all()
    return [
        Row.of(i.composition.food.composition, i.amount)
        for i in items
        if i.composition.food_id != tap.food_id
    ]


def _mixed(
    request: HttpRequest,
    child: Child,
    form: FeedForm,
    rows: list[Row],
    current: Prescription | None,
) -> Mix | None:
    """The feed that the form asks for; what stands in its way becomes the form's complaint."""
    data, locked = form.cleaned_data, set(request.POST.getlist("locked"))
    blank = [r for r in rows if key_of(r.composition) in locked and r.amount is None]
    if blank:
        name = blank[0].composition.food.name
        form.add_error(None, gettext("%(food)s is locked, but has no amount.") % {"food": name})
        return None
    wishes = [
        Wish(
            r.composition,
            None if r.amount is None else float(r.amount),
            is_locked=key_of(r.composition) in locked,
        )
        for r in rows
    ]
    order = FeedOrder(data["volume_ml"], data["energy_kcal"], data["ratio"])
    try:
        return mixing.mix(
            wishes, order, prescription=current, scale_step_g=child.family.scale_step_g
        )
    except ValidationError as error:
        add_errors(form, error)
        return None


def _lines(parts: Iterable[Portion | RecipeItem], bottles: int) -> list[dict[str, Any]]:
    """What to weigh for the whole, and what of it is in each bottle."""
    return [
        {
            "name": part.composition.food.name,
            "unit": part.composition.get_per_unit_display(),
            "whole": part.amount,
            "bottle": part.amount / bottles,
        }
        for part in parts
    ]


def _keep(request: HttpRequest, child: Child, form: FeedForm, mixed: Mix) -> Recipe:
    data = form.cleaned_data
    return actions.keep_recipe(
        by=person_of(request),
        child=child,
        entry_id=data["id"],
        kind=Recipe.Kind.FEED,
        name=data["name"],
        servings=data["bottles"],
        volume_ml=data["volume_ml"],
        made_at=data["made_at"],
        keeps_h=data["keeps_h"],
        portions=mixed.portions,
    ).record


@child_page(Act.TODAY)
def pour(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    """A kept feed with what to weigh, its label, and its bottles planned over a day."""
    feeds = queries.recipes_of(child).filter(kind=Recipe.Kind.FEED)
    feed = get_object_or_404(feeds, pk=recipe_id)
    current = queries.prescription_on(child, child.today())
    first = datetime.combine(child.today(), feed.made_at or time(7, 0))
    context = {
        "feed": feed,
        "lines": _lines(feed.items.all(), feed.servings),
        "basis": queries.basis_of(current),
        "bottle_ml": None if feed.volume_ml is None else feed.volume_ml / feed.servings,
        "first": first.strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "diet/pour.html", context)


@require_POST
@child_page(Act.PLAN)
def plan_bottles(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    feeds = queries.recipes_of(child).filter(kind=Recipe.Kind.FEED)
    feed = get_object_or_404(feeds, pk=recipe_id)
    due = LocalTimeField(zone=child.zone, may_be_future=True)
    try:
        first: datetime = due.clean(request.POST.get("first", ""))  # type: ignore[assignment]
        made = _plan_bottles(request, child, feed, first.astimezone(child.zone))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pour", child_id=child.pk, recipe_id=feed.pk)
    left_alone, local = feed.servings - len(made), first.astimezone(child.zone)
    planned = ngettext(
        "Planned: %(number)s feed from %(time)s",
        "Planned: %(number)s feeds from %(time)s",
        len(made),
    )
    text = planned % {"number": len(made), "time": f"{local:%H:%M}"}
    if left_alone:
        other = ngettext(
            "%(number)s at a time that has a plan already was left alone",
            "%(number)s at times that have a plan already were left alone",
            left_alone,
        )
        text = f"{text}; {other % {'number': left_alone}}"
    echo(request, text, kind="planned-meal", records=made)
    return redirect("plan", child_id=child.pk, day=local.date())


def _plan_bottles(request: HttpRequest, child: Child, feed: Recipe, first: datetime) -> list[Any]:
    """Raises ValidationError for a far date, and for bottles after the feed's own use-by."""
    if abs((first - timezone.now()).days) > DAYS_AHEAD:
        raise ValidationError(
            gettext("Check the date: %(date)s.") % {"date": dated(first, "j F Y")}
        )
    times = mixing.bottle_times(first.astimezone(UTC), feed.servings)
    until = mixing.use_by(feed, first)
    if until is not None and times[-1] > until:
        late = sum(at > until for at in times)
        local = until.astimezone(child.zone)
        raise ValidationError(
            gettext(
                "%(late)s of %(bottles)s bottles would come after %(time)s, when this feed may "
                "no longer be used. Mix fewer bottles, or a second feed later."
            )
            % {"late": late, "bottles": feed.servings, "time": f"{local:%H:%M}"}
        )
    current = queries.prescription_on(child, first.date())
    plans = mixing.bottle_plans(feed, times, day_share=mixing.bottle_share(feed, current))
    return actions.plan_meals(by=person_of(request), child=child, plans=plans)
