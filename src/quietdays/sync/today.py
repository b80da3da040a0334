"""What a phone needs to go on without a network: plans, medicines, zones, nights, forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from quietdays.diary.models import RANGES
from quietdays.diary.queries import last_cluster, latest_weight
from quietdays.diet.models import FoodComposition, PlannedMeal, Prescription
from quietdays.diet.queries import basis_of, prescription_on, unread_prescription
from quietdays.emergency.queries import card_of, contacts_of, parts_of
from quietdays.insights.models import Issued
from quietdays.medicines.amounts import amounts_in_words
from quietdays.medicines.models import Medicine, Schedule
from quietdays.medicines.queries import (
    DOSE_WINDOW,
    due_of,
    in_force_on,
    medicines_of,
    soon_after,
    steps_of,
)
from quietdays.medicines.supplies import supplies_of
from quietdays.people.access import Act, acts_of
from quietdays.people.models import BEGINNING, Child, Person
from quietdays.people.nights import nights
from quietdays.people.queries import between_dates
from quietdays.records.words import decimal_text
from quietdays.science.days import ZoneTimeline, date_range
from quietdays.sync.kinds import SYNC_KINDS, SyncKind, fixed_unit
from quietdays.sync.reminding import reminders_of
from quietdays.sync.values import instant_text
from quietdays.words import dated, plain

Json = dict[str, Any]
DAYS_AHEAD = 7
NIGHTS = 10
WEEK_IS_NEWS = timedelta(days=3)


def today_of(child: Child, person: Person, now: datetime) -> Json:
    """The answer of docs/sync.md#today but for its messages."""
    acts, timeline = acts_of(person, child), child.timeline()
    today = timeline.date_of(now)
    yesterday, last = today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD)
    medicines = medicines_of(child)
    prescription = prescription_on(child, today)
    return {
        "clock": instant_text(now),
        "may_log": Act.LOG in acts,
        "may_read": Act.READ in acts,
        "child": _child(child),
        "stays": _stays(child),
        "nights": [
            [instant_text(sunset), instant_text(sunrise)]
            for sunset, sunrise in nights(timeline.zone_at(now).key, yesterday, NIGHTS)
        ],
        "kinds": [_kind(kind, child, medicines) for kind in SYNC_KINDS.values()],
        "meals": _meals(child, yesterday, last),
        "medicines": _medicines(child, medicines, today, date_range(yesterday, last)),
        "dose_window_s": int(DOSE_WINDOW.total_seconds()),
        "basis": basis_of(prescription).value,
        "prescription": _prescription(prescription),
        "unread": _unread(child, person, today),
        "last_cluster": _last_cluster(child),
        "week": _week(child, now) if Act.READ in acts else None,
        "emergency": _emergency(child, today),
        "reminders": reminders_of(child, person, now),
        "supplies": _supplies(child, now),
    }


def _child(child: Child) -> Json:
    return {
        "id": str(child.pk),
        "name": child.name,
        "birth_date": child.birth_date.isoformat(),
        "glucose_unit": child.glucose_unit,
        "weight_unit": child.weight_unit,
    }


def _stays(child: Child) -> list[Json]:
    stays = [(stay.since, stay.time_zone) for stay in child.stays.order_by("since")]
    return [
        {"since": instant_text(since), "time_zone": zone}
        for since, zone in stays or [(BEGINNING, child.time_zone)]
    ]


def _emergency(child: Child, today: date) -> Json | None:
    """The card as the team signed it: it stands on the phone without a network."""
    card = card_of(child)
    if card is None:
        return None
    signed_on = dated(child.timeline().local(card.signed_at), "j F Y")
    return {
        "call_number": card.call_number,
        "say": f"{card.diagnosis}; {card.diet}" if card.diet else card.diagnosis,
        "parts": [{"title": title, "text": text} for title, text in parts_of(card)],
        "contacts": [{"words": c.words, "phone": c.phone} for c in contacts_of(card)],
        "signed": f"{card.signed_by.name}, {signed_on}",
        "expires_on": card.expires_on.isoformat(),
    }


def _last_cluster(child: Child) -> Json | None:
    """The newest one, however long ago: a phone holds entries of seven days only."""
    last = last_cluster(child)
    if last is None:
        return None
    return {
        "at": instant_text(last.happened_at),
        "words": last.count_in_words,
        "by": last.entered_by.name,
    }


def _week(child: Child, now: datetime) -> Json | None:
    """The newest weekly summary, for the few days in which it is news."""
    newest = child.issued.filter(what=Issued.What.WEEK, issued_at__gt=now - WEEK_IS_NEWS)
    week = newest.order_by("-first_day").first()
    if week is None:
        return None
    return {"first": week.first_day.isoformat(), "last": week.last_day.isoformat()}


# --- forms


def _kind(kind: SyncKind, child: Child, medicines: list[Medicine]) -> Json:
    unit = fixed_unit(kind.slug, child)
    fields = []
    for field in kind.fields:
        if not field.is_drawn:
            continue
        later: Json = {}
        if field.name == "value" and unit:
            later = _range(kind.slug, unit)
        elif field.name == "medicine":
            later = {"choices": [[str(m.pk), m.name] for m in medicines]}
        fields.append(field.spec(**later))
    fixed = {"unit": unit} if unit else {}
    return {"slug": kind.slug, "title": str(kind.title), "fields": fields, "fixed": fixed}


def _range(slug: str, unit: str) -> Json:
    usual_min, usual_max, lowest, highest = RANGES[slug.replace("-", "_"), unit]
    return {
        "unit": "" if unit == "grade" else unit,
        "min": lowest,
        "max": highest,
        "usual_min": usual_min,
        "usual_max": usual_max,
    }


# --- plans


def _meals(child: Child, first: date, last: date) -> list[Json]:
    rows = between_dates(PlannedMeal, child, first, last)
    prefetch_related_objects(rows, "items__composition__food")
    return [_meal(row) for row in rows]


def _meal(meal: PlannedMeal) -> Json:
    return {
        "id": str(meal.pk),
        "at": instant_text(meal.happened_at),
        "time_zone": meal.time_zone,
        "date": meal.local_time.date().isoformat(),
        "name": meal.name,
        "volume_ml": None if meal.volume_ml is None else decimal_text(meal.volume_ml),
        "items": [
            {
                "composition": str(item.composition_id),
                "food_name": item.composition.food.name,
                "unit": item.unit,
                "amount": decimal_text(item.amount),
                **_per_100(item.composition),
            }
            for item in meal.items.all()
        ],
    }


def _per_100(composition: FoodComposition) -> Json:
    """As a meal eaten keeps it: fibre apart, two decimals."""
    macros = composition.macros_per_100()
    return {
        f"{name}_per_100": f"{getattr(macros, name):.2f}"
        for name in ("fat_g", "protein_g", "carbohydrate_g", "fibre_g")
    }


# --- medicines


def _medicines(
    child: Child, medicines: list[Medicine], today: date, days: list[date]
) -> list[Json]:
    timeline, steps = child.timeline(), steps_of(child)
    weight = latest_weight(child, today)
    found: dict[Any, list[Json]] = {medicine.pk: [] for medicine in medicines}
    for day in days:
        for step in in_force_on(steps, day):
            amounts = amounts_in_words(step, weight, today)
            found[step.medicine_id].append(_step(step, day, timeline) | {"amounts": amounts})
    current = {step.medicine_id: step for step in in_force_on(steps, today)}
    return [
        {
            "id": str(m.pk),
            "name": m.name,
            "form": m.form,
            "unit": m.unit,
            "soon_s": int(soon_after(current.get(m.pk)).total_seconds()),
            "steps": found[m.pk],
        }
        for m in medicines
    ]


def _step(step: Schedule, day: date, timeline: ZoneTimeline) -> Json:
    return {
        "date": day.isoformat(),
        "dose": None if step.dose is None else decimal_text(step.dose),
        "due": [instant_text(instant) for instant in due_of(step, timeline, day)],
        "how": step.how,
        "rules": step.rules,
    }


def _supplies(child: Child, now: datetime) -> list[Json]:
    """Only those of which it is time to say that they end."""
    address = reverse("supplies", args=[child.pk])
    return [
        {"name": left.supply.name, "words": left.words, "address": address}
        for left in supplies_of(child, now)
        if left.is_low
    ]


# --- the diet's numbers


def _prescription(prescription: Prescription | None) -> Json | None:
    if prescription is None:
        return None
    since = prescription.effective_from.isoformat()
    return {"words": _words(prescription), "since": since}


def _words(prescription: Prescription) -> str:
    energy = prescription.energy_kcal
    kcal = "" if energy is None else f", {plain(energy)} kcal"
    return f"{prescription.diet_in_words}{kcal}"


def _unread(child: Child, person: Person, today: date) -> Json | None:
    unread = unread_prescription(child, today, person)
    if unread is None:
        return None
    return {"words": _words(unread), "address": reverse("prescription", args=[child.pk])}
