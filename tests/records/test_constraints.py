"""Every rule of the data stands in the database too: written past the forms, it still refuses."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from quietdays.clinic.actions import mark_read, set_limits, write_message
from quietdays.clinic.models import Limits, MessageMark
from quietdays.diary.models import (
    RANGES,
    CheckIn,
    Clip,
    DayTotal,
    Eeg,
    Illness,
    Measurement,
    Observation,
    OtherSeizure,
    SpasmCluster,
)
from quietdays.diet.models import (
    Acknowledgement,
    ChecklistItem,
    EatenItem,
    FavouriteFood,
    Food,
    FoodComposition,
    FoodMeasure,
    LabelCheck,
    MealEaten,
    PlannedItem,
    PlannedMeal,
    Prescription,
    Recipe,
    RecipeItem,
)
from quietdays.emergency.models import EmergencyCard
from quietdays.hooks.models import Delivery as HookDelivery
from quietdays.hooks.models import Webhook
from quietdays.insights.models import Baseline, Issued
from quietdays.medicines.models import Dose, Medicine, Schedule, Supply
from quietdays.people.models import (
    AccessToken,
    AccessUse,
    CareRole,
    Child,
    Clinic,
    ClinicLink,
    ClinicStaff,
    Family,
    Farewell,
    Invitation,
    RecoveryCode,
    Stay,
    TrailEntry,
)
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly, Record, WrittenOnce
from quietdays.reminders.models import (
    CalendarFeed,
    Channel,
    Delivery,
    Event,
    Reminder,
    Rules,
    Turn,
)
from quietdays.sharing.models import SharedLink
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
PRESCRIPTION = {**house.PRESCRIBED, "signed_at": house.NOW}
COMPOSITION = {
    "version": 9,
    "fat_g": Decimal(1),
    "protein_g": Decimal(1),
    "carbohydrate_g": Decimal(1),
    "carbohydrate_basis": "available",
    "source": "test",
}
ISSUED = {
    "what": "week", "first_day": DAY, "last_day": DAY, "content": {}, "version": "1",
    "inputs_sha256": "0",
}  # fmt: skip
REMINDER = {
    "key": "dose:2", "kind": "medicine", "subject_id": new_id(), "due_at": house.NOW,
    "until": house.NOW + timedelta(hours=1), "words": "Vigabatrin",
}  # fmt: skip
DELIVERY = {"key": "1", "due_at": house.NOW, "until": house.NOW + timedelta(hours=1)}
CHANNEL = {"kind": "push", "address": "https://push.example/2", "device": new_id()}
QUIET = {"quiet_from": time(22), "quiet_until": time(6)}
STEP = {"effective_from": DAY, "change": "start"}
EATEN = {
    "food_name": "Cream",
    "unit": "g",
    "offered": Decimal(10),
    "fat_g_per_100": 1,
    "protein_g_per_100": 1,
    "carbohydrate_g_per_100": 1,
    "fibre_g_per_100": 0,
}

MODIFIED_ATKINS = PRESCRIPTION | {
    "diet_kind": "mad", "ratio": None, "carbohydrate_limit_g": Decimal(5),
}  # fmt: skip
MCT = PRESCRIPTION | {
    "diet_kind": "mct", "ratio": None, "protein_g": None, "mct_percent": 40,
    "protein_percent": 10, "carbohydrate_percent": 15,
}  # fmt: skip
CHECKLIST = {"list": "monitoring", "heading": "1 month", "text": "Visit"}

# For each constraint: the table, values that keep every rule, and the one change that breaks it.
CARD = {
    "diagnosis": "Spasms", "rescue": "As planned", "signed_at": house.NOW,
    "expires_on": date(2026, 12, 1),
}  # fmt: skip
SUPPLY = {"kind": "medicine", "unit": "mL", "amount": 0, "counted_at": house.NOW}
LINK = {
    "label": "Dr Okafor",
    "token_sha256": "0",
    "first": DAY,
    "last": DAY,
    "expires_at": timezone.now(),
}
TOKEN = {
    "token_sha256": "1", "scopes": "read fhir", "created_at": house.NOW,
    "expires_at": house.NOW + timedelta(days=1),
}  # fmt: skip
WEBHOOK = {"name": "Display", "url": "https://1.1.1.1/", "secret": "s", "cursor": 0}
INVITATION = {"token_sha256": "2", "expires_at": house.NOW}
FAREWELL = {"child_id": new_id(), "due_at": house.NOW}
BROKEN: dict[str, list[tuple[type[models.Model], dict, dict]]] = {
    "cluster_count_matches_kind": [
        (SpasmCluster, {"spasm_count": 5}, {"spasm_count": None}),
        (SpasmCluster, {"spasm_count": 5}, {"spasm_count": 0}),
        (SpasmCluster, {"spasm_count": None, "count_kind": "unknown"}, {"spasm_count": 5}),
    ],
    "child_kept_years": [
        (Child, {"kept_years": 1}, {"kept_years": 0}),
        (Child, {"kept_years": 30}, {"kept_years": 31}),
    ],
    "care_role_guest_ends": [
        (
            CareRole,
            {"role": "guest", "ends_at": house.NOW, "ended_at": house.NOW},
            {"ends_at": None},
        )
    ],
    "clinic_staff_clinical": [(ClinicStaff, {"role": "nurse"}, {"role": "parent"})],
    "invitation_to_one_place": [
        (Invitation, INVITATION | {"what": "clinic", "clinic": None}, {"child": None}),
        (Invitation, INVITATION | {"what": "staff", "child": None}, {"clinic": None}),
        (Invitation, INVITATION | {"what": "person", "clinic": None}, {"what": "staff"}),
    ],
    "invitation_guest_ends": [
        (
            Invitation,
            INVITATION | {"what": "guest", "clinic": None, "access_ends_at": house.NOW},
            {"access_ends_at": None},
        )
    ],
    "cluster_count_possible": [(SpasmCluster, {"spasm_count": 10_000}, {"spasm_count": 10_001})],
    "cluster_duration_possible": [
        (SpasmCluster, {"spasm_count": 1, "duration_s": 86_400}, {"duration_s": 86_401})
    ],
    "clip_received_within_size": [
        (Clip, {"size_bytes": 1}, {"size_bytes": 0}),
        (Clip, {"size_bytes": 9, "received_bytes": 9}, {"received_bytes": 10}),
    ],
    "clip_complete_when_all_is_here": [
        (
            Clip,
            {"size_bytes": 9, "received_bytes": 9, "completed_at": house.NOW},
            {"size_bytes": 10},
        )
    ],
    "other_seizure_duration_possible": [
        (OtherSeizure, {"looks": "stiff", "duration_s": 0}, {"duration_s": 86_401})
    ],
    "day_total_spasm_per_cluster": [
        (DayTotal, {"was_observed": True, "clusters": 2, "spasms": 2}, {"spasms": 1})
    ],
    "day_total_hours_possible": [
        (DayTotal, {"was_observed": True, "hours_watched": 25}, {"hours_watched": 26}),
        (DayTotal, {"was_observed": True, "hours_watched": 0}, {"hours_watched": -1}),
    ],
    "day_total_adherence_possible": [
        (DayTotal, {"was_observed": True, "adherence_percent": 100}, {"adherence_percent": 101}),
        (DayTotal, {"was_observed": True, "adherence_percent": 0}, {"adherence_percent": -1}),
    ],
    "check_in_alertness_scale": [(CheckIn, {"alertness": 1}, {"alertness": 0})],
    "check_in_feeding_scale": [(CheckIn, {"feeding": 5}, {"feeding": 6})],
    "check_in_behaviour_scale": [(CheckIn, {"behaviour": 5}, {"behaviour": 6})],
    "check_in_stress_scale": [(CheckIn, {"stress": 1}, {"stress": 0})],
    "check_in_sleep_possible": [(CheckIn, {"sleep_hours": 24}, {"sleep_hours": 25})],
    "check_in_wakings_possible": [(CheckIn, {"night_wakings": 60}, {"night_wakings": 61})],
    "illness_ends_after_start": [
        (Illness, {"started_on": DAY, "ended_on": DAY}, {"ended_on": DAY - timedelta(days=1)})
    ],
    "limits_glucose_in_order": [
        (
            Limits,
            {"glucose_low": 3, "glucose_high": 6, "glucose_unit": "mmol/L"},
            {"glucose_high": 2},
        )
    ],
    "limits_ketones_in_order": [
        (Limits, {"ketones_low": 2, "ketones_high": 6}, {"ketones_high": 1})
    ],
    "limits_glucose_has_unit": [
        (Limits, {"glucose_low": 3, "glucose_unit": "mmol/L"}, {"glucose_unit": ""})
    ],
    "limits_silent_days_possible": [(Limits, {"silent_days": 1}, {"silent_days": 0})],
    "eeg_based_scale": [(Eeg, {"based": 5}, {"based": 6})],
    "measurement_kind_unit_range": [
        (Measurement, {"kind": "weight", "value": 8, "unit": "kg"}, {"value": 8000}),
        (Measurement, {"kind": "weight", "value": 8, "unit": "kg"}, {"unit": "mmol/L"}),
        (Measurement, {"kind": "ketones_urine", "value": 3, "unit": "grade"}, {"unit": "mmol/L"}),
        (Measurement, {"kind": "ketones_blood", "value": 3, "unit": "mmol/L"}, {"unit": "mg/dL"}),
        (Measurement, {"kind": "glucose", "value": 4, "unit": "mmol/L"}, {"unit": ""}),
    ],
    "medicine_carbohydrate_possible": [
        (Medicine, {"name": "A", "carbohydrate_g_per_unit": 0}, {"carbohydrate_g_per_unit": -1})
    ],
    "medicine_strength_possible": [
        (Medicine, {"name": "A", "strength_mg_per_unit": 1}, {"strength_mg_per_unit": 0})
    ],
    "emergency_card_says_something": [(EmergencyCard, CARD, {"rescue": ""})],
    "supply_of_a_medicine_names_it": [
        (Supply, SUPPLY, {"medicine": None}),
        (Supply, SUPPLY | {"kind": "strips", "medicine": None}, {"kind": "medicine"}),
    ],
    "supply_amount_possible": [(Supply, SUPPLY, {"amount": -1})],
    "supply_per_day_possible": [(Supply, SUPPLY | {"per_day": 1}, {"per_day": 0})],
    "supply_warn_possible": [
        (Supply, SUPPLY, {"warn_days": 0}),
        (Supply, SUPPLY, {"warn_days": 61}),
    ],
    "schedule_dose_possible": [
        (Schedule, {"effective_from": DAY, "change": "start", "dose": 1}, {"dose": 0})
    ],
    "schedule_every_days_possible": [
        (Schedule, STEP | {"every_days": 28}, {"every_days": 29}),
        (Schedule, STEP, {"every_days": 0}),
    ],
    "schedule_hours_between_possible": [
        (Schedule, STEP | {"hours_between": Decimal("0.5")}, {"hours_between": Decimal("0.4")}),
        (Schedule, STEP | {"hours_between": Decimal(72)}, {"hours_between": Decimal("72.1")}),
    ],
    "schedule_unscheduled_has_rules": [
        (Schedule, STEP | {"how": how, "rules": "As written."}, change)
        for how in ("as_needed", "rescue")
        for change in ({"rules": ""}, {"times": ["08:00"]}, {"every_days": 2})
    ],
    "dose_given_has_amount": [
        (Dose, {"outcome": "given", "amount": 1}, {"amount": None}),
        (Dose, {"outcome": "given", "amount": 1}, {"amount": 0}),
    ],
    "composition_not_negative": [
        (FoodComposition, COMPOSITION, {name: Decimal("-0.01")})
        for name in ("fat_g", "protein_g", "carbohydrate_g", "fibre_g")
    ],
    "composition_sum_possible": [
        # Peer defect 7: a pure oil of 100.09 g blocked a whole import.
        (FoodComposition, COMPOSITION | {"fat_g": Decimal("100.09")}, {"fat_g": Decimal(104)})
    ],
    "composition_volume_possible": [
        (FoodComposition, COMPOSITION | {"volume_ml_per_g": Decimal(2)}, {"volume_ml_per_g": v})
        for v in (Decimal("2.001"), Decimal("-0.001"))
    ],
    "measure_above_zero": [(FoodMeasure, {"name": "1 tbsp", "amount": 1}, {"amount": 0})],
    "prescription_ratio_possible": [
        (Prescription, PRESCRIPTION, {"ratio": Decimal(r)}) for r in ("0.49", "8.01", "0")
    ],
    "prescription_energy_possible": [
        (Prescription, PRESCRIPTION, {"energy_kcal": Decimal(e)}) for e in (0, 99, 4001)
    ],
    "prescription_protein_possible": [
        (Prescription, PRESCRIPTION, {"protein_g": Decimal(p)}) for p in (0, 201)
    ],
    "prescription_meals_possible": [
        (Prescription, PRESCRIPTION, {"meals_per_day": n}) for n in (0, 25)
    ],
    "prescription_tolerances_possible": [
        (Prescription, PRESCRIPTION, {"ratio_under_percent": 101}),
        (Prescription, PRESCRIPTION, {"carbohydrate_over_g": -1}),
    ],
    "prescription_limits_possible": [
        (Prescription, PRESCRIPTION, {"carbohydrate_limit_g": -1}),
        (Prescription, PRESCRIPTION, {"fluid_ml": 5001}),
    ],
    "prescription_has_its_numbers": [
        (Prescription, PRESCRIPTION, {"ratio": None}),
        (Prescription, PRESCRIPTION, {"protein_g": None}),
        (Prescription, MODIFIED_ATKINS, {"carbohydrate_limit_g": None}),
        (Prescription, MODIFIED_ATKINS, {"ratio": Decimal(3)}),
        (Prescription, MCT, {"mct_percent": None}),
        (Prescription, MCT, {"diet_kind": "keto"}),
    ],
    "prescription_snack_has_energy": [
        (Prescription, PRESCRIPTION, {"snacks_per_day": 1}),
        (Prescription, PRESCRIPTION, {"snacks_per_day": 1, "snack_energy_kcal": 0}),
    ],
    "prescription_snack_ratio_possible": [
        (Prescription, PRESCRIPTION, {"snack_ratio": Decimal(r)}) for r in ("0.49", "8.01")
    ],
    "prescription_weight_possible": [
        (Prescription, PRESCRIPTION, {"weight_kg": Decimal(w)}) for w in ("0.9", "151")
    ],
    "prescription_mct_energy_possible": [
        (Prescription, PRESCRIPTION, {"mct_kcal_per_g": Decimal(k)}) for k in ("6.9", "9.1")
    ],
    "checklist_tick_has_a_name": [
        (ChecklistItem, CHECKLIST, {"ticked_at": house.NOW}),
    ],
    "recipe_numbers_possible": [
        (Recipe, {"servings": 1, "liking": 5}, {"liking": 6}),
        (Recipe, {"servings": 60}, {"servings": 61}),
        (Recipe, {"servings": 1}, {"servings": 0}),
    ],
    "recipe_volume_possible": [
        (Recipe, {"volume_ml": 5000}, {"volume_ml": 5001}),
        (Recipe, {"volume_ml": 1}, {"volume_ml": 0}),
    ],
    "recipeitem_amount_possible": [
        (RecipeItem, {"amount": 5000}, {"amount": 5001}),
        (RecipeItem, {"amount": Decimal("0.1")}, {"amount": 0}),
    ],
    "planned_meal_volume_possible": [
        (PlannedMeal, {"volume_ml": 5000}, {"volume_ml": 5001}),
        (PlannedMeal, {"volume_ml": 1}, {"volume_ml": 0}),
    ],
    "meal_eaten_delivered_within_offered": [
        (MealEaten, {"offered_ml": 90, "delivered_ml": 90}, {"delivered_ml": 91}),
        (MealEaten, {"offered_ml": 90, "delivered_ml": 0}, {"delivered_ml": -1}),
    ],
    "meal_eaten_breast_minutes_possible": [
        (MealEaten, {"breast_minutes": 240}, {"breast_minutes": 241}),
        (MealEaten, {"breast_minutes": 1}, {"breast_minutes": 0}),
    ],
    "family_scale_possible": [
        (Family, {"scale_step_g": Decimal("0.1")}, {"scale_step_g": Decimal(0)}),
        (Family, {"scale_step_g": Decimal(5)}, {"scale_step_g": Decimal("5.1")}),
    ],
    "planneditem_amount_possible": [
        (PlannedItem, {"amount": 5000}, {"amount": 5001}),
        (PlannedItem, {"amount": Decimal("0.1")}, {"amount": 0}),
    ],
    "eaten_item_offered_possible": [
        (EatenItem, EATEN, {"offered": 0}),
        (EatenItem, EATEN, {"offered": 5001}),
    ],
    "eaten_item_left_within_offered": [
        (EatenItem, EATEN | {"left": 10}, {"left": Decimal("10.01")}),
        (EatenItem, EATEN, {"left": Decimal("-0.01")}),
    ],
    "baseline_in_order": [
        (
            Baseline,
            {"first_day": DAY, "last_day": DAY, "clusters": 0, "spasms": 0, "watched_days": 1},
            {"last_day": DAY - timedelta(days=1)},
        )
    ],
    "rules_escalate_possible": [
        (Rules, {"escalate_min": 5}, {"escalate_min": 4}),
        (Rules, {"escalate_min": 110}, {"escalate_min": 111}),
    ],
    "rules_proof_possible": [
        (Rules, {"proof_max_age_h": 25}, {"proof_max_age_h": 24}),
        (Rules, {"proof_max_age_h": 168}, {"proof_max_age_h": 169}),
    ],
    "turn_quiet_has_both_ends": [(Turn, QUIET, {"quiet_from": None})],
    "channel_quiet_has_both_ends": [(Channel, CHANNEL | QUIET, {"quiet_until": None})],
    "reminder_lasts_a_while": [(Reminder, REMINDER, {"until": house.NOW})],
    "delivery_is_of_something": [
        (Delivery, DELIVERY | {"step": "first"}, {"reminder": None}),
        (Delivery, DELIVERY | {"step": "proof"}, {"only": None}),
    ],
    "event_snoozed_has_until": [
        (Event, {"what": "snoozed", "at": house.NOW, "until": house.NOW}, {"until": None}),
        (Event, {"what": "seen", "at": house.NOW}, {"until": house.NOW}),
    ],
    "feed_alarm_possible": [
        (CalendarFeed, {"token_sha256": "0", "alarm_min": 120}, {"alarm_min": 121}),
    ],
    "shared_link_period_in_order": [
        (SharedLink, LINK, {"last": DAY - timedelta(days=1)}),
    ],
    "shared_link_tries_limited": [
        (SharedLink, LINK | {"tries_left": 5}, {"tries_left": 6}),
    ],
    "access_token_scopes_known": [
        (AccessToken, TOKEN, {"scopes": scopes}) for scopes in ("", "all", "fhir read", "read ")
    ],
    "access_token_ends_after_start": [(AccessToken, TOKEN, {"expires_at": house.NOW})],
    "webhook_cursor_possible": [(Webhook, WEBHOOK, {"cursor": -1})],
    "hook_delivery_in_order": [(HookDelivery, {"since": 5, "last_change": 5}, {"last_change": 4})],
    "issued_in_order": [
        (Issued, ISSUED, {"last_day": DAY - timedelta(days=1)}),
    ],
    "child_summary_weekday": [(Child, {"summary_weekday": 6}, {"summary_weekday": 7})],
    "child_diet_after_birth": [
        (
            Child,
            {"diet_started_on": DAY, "birth_date": DAY},
            {"birth_date": DAY + timedelta(days=1)},
        )
    ],
}
TWICE: dict[str, tuple[type[models.Model], dict]] = {
    "observation_one_per_part": (Observation, {"part": "night", "watch": "watched"}),
    "day_total_one_per_date": (DayTotal, {"was_observed": True}),
    "check_in_one_per_date": (CheckIn, {}),
    "issued_once": (Issued, ISSUED),
    "turn_one_per_person": (Turn, {}),
    "channel_one_per_device": (Channel, CHANNEL),
    "channel_one_per_address": (Channel, {"kind": "email", "address": "a@test.example"}),
    "reminder_once": (Reminder, REMINDER),
    "medicine_one_per_name": (Medicine, {"name": "A"}),
    "schedule_one_step_per_date": (Schedule, {"effective_from": DAY, "change": "start"}),
    "meal_eaten_once_per_plan": (MealEaten, {"name": "Breakfast"}),
    "food_one_per_source": (Food, {"name": "Cream", "source_key": "usda:1"}),
    "composition_one_version": (FoodComposition, COMPOSITION),
    "acknowledged_once": (Acknowledgement, {}),
    "measure_one_per_name": (FoodMeasure, {"name": "1 tbsp", "amount": 1}),
    "label_check_one_per_family": (LabelCheck, {}),
    "favourite_once": (FavouriteFood, {}),
    "stay_one_per_instant": (Stay, {"since": house.NOW, "time_zone": "Asia/Tokyo"}),
    "hook_delivery_one_at_a_time": (HookDelivery, {"since": 0, "last_change": 1}),
    "message_mark_once": (MessageMark, {"what": "read"}),
    "access_use_once": (AccessUse, {"day": DAY, "scope": "read"}),
    "care_role_one_at_a_time": (CareRole, {"role": "reader"}),
    "clinic_staff_one_post_at_a_time": (ClinicStaff, {"role": "nurse"}),
    "clinic_link_once": (ClinicLink, {}),
    "farewell_one_at_a_time": (Farewell, FAREWELL),
    "recovery_code_once": (RecoveryCode, {"code_sha256": "0"}),
}


@pytest.fixture
def build(parent, child):
    """build(Model, **values) is an unsaved row that belongs to this child, checks left aside."""
    medicine = house.medicine(parent, child, "Vigabatrin")
    cream = house.food(parent, child)
    planned = house.plan(parent, child, "2026-06-02 08:00", (cream, 10))
    eaten = house.eat(parent, child, "2026-06-02 08:10", (cream, 10))
    other = PlannedMeal.objects.create(
        child=child, entered_by=parent, happened_at=house.NOW, time_zone="UTC", name="Lunch"
    )
    channel = Channel.objects.create(person=parent, **CHANNEL | {"device": None, "address": "1"})
    token = AccessToken.objects.create(
        child=child, person=parent, name="Display", **TOKEN | {"token_sha256": "0"}
    )
    surroundings = {
        "token": token,
        "clinic": Clinic.objects.create(name="Children’s"),
        "given_by": parent,
        "invited_by": parent,
        "hook": Webhook.objects.create(child=child, person=parent, **WEBHOOK),
        "only": channel,
        "reminder": Reminder.objects.create(child=child, **REMINDER | {"key": "dose:1"}),
        "child": child,
        "entered_by": parent,
        "signed_by": parent,
        "set_by": parent,
        "message": write_message(by=parent, child=child, entry_id=new_id(), text="Water?"),
        "locked_by": parent,
        "person": parent,
        "checked_by": parent,
        "happened_at": house.NOW,
        "time_zone": "Europe/Berlin",
        "date": DAY,
        "cluster": house.cluster(parent, child, "2026-06-02 07:30"),
        "medicine": medicine,
        "food": cream,
        "composition": cream.composition,
        "family": child.family,
        "name": "Noor",
        "birth_date": house.BORN,
        "planned": other,
        "meal": planned,
        "recipe": house.recipe(parent, child, (cream, 10)),
        "prescription": house.prescribe(house.joined(child, "neurologist"), child),
    }

    def make(model, **values):
        given = dict(surroundings)
        if model is EatenItem:
            given["meal"] = eaten
        names = {f.name for f in model._meta.fields}
        return model(**{k: v for k, v in (given | values).items() if k in names})

    return make


def cases():
    return [
        pytest.param(model, good, change, id=f"{name}-{i}")
        for name, rows in BROKEN.items()
        for i, (model, good, change) in enumerate(rows)
    ]


@pytest.mark.parametrize(("model", "good", "change"), cases())
def test_the_database_refuses_what_the_rule_forbids(build, model, good, change):
    with transaction.atomic():
        model._default_manager.bulk_create([build(model, **good)])
        transaction.set_rollback(True)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.bulk_create([build(model, **(good | change))])


@pytest.mark.parametrize(("model", "good", "change"), cases())
def test_the_check_before_it_refuses_in_words_and_not_as_a_crash(build, model, good, change):
    row = build(model, **(good | change))
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize("name", TWICE)
def test_the_database_refuses_a_second_one(build, parent, child, name):
    model, values = TWICE[name]
    if model is CareRole:  # the parent has a role already
        first: list = []
    else:
        first = [build(model, **values)]
        model._default_manager.bulk_create(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.bulk_create([build(model, **values)])


@pytest.mark.parametrize(
    "name",
    [n for n, (model, _) in TWICE.items() if issubclass(model, Record)],
)
def test_a_deleted_one_makes_room_for_another(build, name):
    model, values = TWICE[name]
    first, second = build(model, **values), build(model, **values)
    first.deleted_at = timezone.now()
    model._default_manager.bulk_create([first])
    model._default_manager.bulk_create([second])


def test_every_constraint_of_the_project_is_tried_here():
    names = {
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith("quietdays.")
        for constraint in model._meta.constraints
    }
    assert names == set(BROKEN) | set(TWICE)


@pytest.mark.parametrize(("kind", "unit"), list(RANGES), ids=lambda v: str(v))
def test_a_measurement_at_the_edge_of_its_range_is_stored_and_beyond_it_refused(build, kind, unit):
    _, _, lowest, highest = RANGES[kind, unit]
    for value in (lowest, highest):
        row = build(Measurement, kind=kind, unit=unit, value=Decimal(str(value)))
        row.full_clean()
        row.save()
        row.refresh_from_db()
        assert row.value == Decimal(str(value))
    with pytest.raises(IntegrityError), transaction.atomic():
        build(Measurement, kind=kind, unit=unit, value=Decimal(str(highest)) + 1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        build(Measurement, kind=kind, unit=unit, value=Decimal(str(lowest)) - 1).save()


# --- written once


def written_once(parent, child, join) -> list[models.Model]:
    dietitian = join("dietitian")
    prescription = house.prescribe(dietitian, child)
    composition = house.food(parent, child).composition
    baseline = Baseline.objects.create(
        child=child,
        first_day=DAY,
        last_day=DAY,
        clusters=1,
        spasms=1,
        watched_days=1,
        locked_by=parent,
    )
    issued = Issued.objects.create(child=child, **ISSUED)
    card = EmergencyCard.objects.create(child=child, signed_by=dietitian, **CARD)
    line = TrailEntry.objects.create(child_id=child.pk, did="saw", what="diary")
    limits = set_limits(by=join("nurse"), child=child, entry_id=new_id(), silent_days=4)
    message = write_message(by=parent, child=child, entry_id=new_id(), text="Water?")
    mark_read(by=dietitian, child=child)
    talk = [limits, message, message.marks.get()]
    return [prescription, composition, baseline, issued, card, line, *talk]


def test_a_stored_version_cannot_be_changed_by_code_nor_past_it(parent, child, join):
    """Peer defects 8 and 22: a product was edited, a baseline overwritten."""
    rows = written_once(parent, child, join)
    assert {type(r) for r in rows} == {m for m in apps.get_models() if issubclass(m, AppendOnly)}
    for row in rows:
        field = next(
            f for f in row._meta.fields if isinstance(f, models.DecimalField | models.DateField)
        )
        with pytest.raises(WrittenOnce):
            row.save()
        manager = type(row)._default_manager.filter(pk=row.pk)
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            manager.update(**{field.name: getattr(row, field.name)})
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            type(row)._default_manager.bulk_update([row], [field.name])
        before = {f.attname: getattr(row, f.attname) for f in row._meta.fields}
        row.refresh_from_db()
        assert {f.attname: getattr(row, f.attname) for f in row._meta.fields} == before
