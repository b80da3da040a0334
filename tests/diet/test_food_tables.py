"""Bringing tables in: all or nothing, once, and never over what is stored."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from quietdays.cli import main
from quietdays.diet.actions.food_tables import store_table
from quietdays.diet.models import Food, FoodComposition, FoodMeasure, MealEaten
from quietdays.diet.starter import load_starter_foods
from quietdays.diet.tables.registry import read_table
from quietdays.records.models import WrittenOnce
from tests import house
from tests.diet.fdc_files import write_fdc
from tests.processes import run

SAMPLES = Path(__file__).parent / "samples"


def table() -> list:
    return read_table(SAMPLES / "fdc").foods


def changed(key: str, **figures: object) -> list:
    return [
        dataclasses.replace(food, **figures) if food.source_key == key else food for food in table()
    ]


@pytest.mark.django_db
def test_a_table_comes_in_once_and_again_changes_nothing():
    first = store_table(table())
    assert (first.added, first.new_versions, first.unchanged) == (7, 0, 0)
    before = house.rows()
    again = store_table(table())
    assert (again.added, again.new_versions, again.unchanged) == (0, 0, 7)
    assert house.rows() == before
    cream = Food.objects.get(source_key="fdc:170859").composition
    assert cream.carbohydrate_definition == "by_difference"
    assert cream.checked_on == date(2019, 4, 1)
    assert cream.is_verified
    assert not Food.objects.get(source_key="fdc:436385").composition.is_verified
    cup = FoodMeasure.objects.get(food=cream.food, name="1 tbsp")
    assert cup.amount == 15


@pytest.mark.django_db
def test_changed_figures_are_a_new_version_beside_the_old_one():
    store_table(table())
    after = store_table(changed("fdc:171705", fat_g=Decimal("15.0")))
    assert (after.added, after.new_versions) == (0, 1)
    avocado = Food.objects.get(source_key="fdc:171705")
    assert [c.fat_g for c in avocado.compositions.order_by("version")] == [
        Decimal("14.66"),
        Decimal("15.00"),
    ]
    with pytest.raises(WrittenOnce):
        avocado.composition.save()
    assert store_table(changed("fdc:171705", fat_g=Decimal("15.0"))).new_versions == 0


@pytest.mark.django_db
def test_a_table_older_than_the_house_changes_nothing():
    store_table(table())
    older = changed("fdc:171705", fat_g=Decimal("15.0"), published=date(2018, 4, 1))
    assert store_table(older).new_versions == 0


@pytest.mark.django_db
def test_a_food_of_the_starter_table_does_not_appear_twice():
    load_starter_foods()
    stored = store_table(table())
    assert (stored.added, stored.unchanged) == (5, 2)  # cream and avocado are there
    assert Food.objects.filter(source_key__in=["fdc:170859", "fdc:171705"]).count() == 0
    assert load_starter_foods() == 0


@pytest.mark.django_db
def test_neither_order_of_loading_makes_a_food_twice():
    store_table(table())
    load_starter_foods()
    names = Food.objects.filter(source_key__in=["usda-sr28:01053", "fdc:170859"])
    assert names.count() == 1


@pytest.mark.django_db
def test_new_figures_keep_the_starter_name_and_the_volume_in_a_feed():
    load_starter_foods()
    stored = store_table(changed("fdc:170859", fat_g=Decimal("35.5")))
    assert stored.new_versions == 1
    cream = Food.objects.get(source_key="usda-sr28:01053")
    assert cream.name == "Cream, heavy whipping, 36 % fat"
    assert cream.composition.fat_g == Decimal("35.5")
    assert cream.composition.version == 2
    assert cream.composition.volume_ml_per_g == Decimal("0.994")


@pytest.mark.django_db
def test_a_meal_of_the_past_keeps_the_figures_it_was_made_of(parent, child):
    """Peer defect 8."""
    store_table(table())
    avocado = Food.objects.get(source_key="fdc:171705")
    meal = house.eat(parent, child, "2026-06-01 08:00", (avocado, 50))
    before = MealEaten.objects.get(pk=meal.pk).macros()
    store_table(changed("fdc:171705", fat_g=Decimal("15.0")))
    assert MealEaten.objects.get(pk=meal.pk).macros() == before


@pytest.mark.django_db
def test_a_food_of_a_family_is_never_taken_for_a_food_of_a_table(parent, child):
    mine = house.food(parent, child, "Cream, fluid, heavy whipping")
    store_table(table())
    assert store_table(table()).unchanged == 7
    assert mine.compositions.count() == 1
    assert Food.objects.filter(name="Cream, fluid, heavy whipping").count() == 2


@pytest.mark.django_db
def test_what_fails_half_way_takes_everything_back():
    broken = [*table(), dataclasses.replace(table()[0], source_key="fdc:1", fat_g=Decimal(120))]
    before = house.rows()
    with pytest.raises(Exception, match="composition_sum_possible"):
        store_table(broken)
    assert house.rows() == before


@pytest.mark.django_db
def test_a_deleted_food_stays_deleted():
    store_table(table())
    Food.objects.filter(source_key="fdc:171705").update(deleted_at=house.NOW)
    assert store_table(table()).added == 0
    assert Food.objects.live().filter(source_key="fdc:171705").count() == 0


@pytest.mark.django_db
def test_eight_thousand_foods_are_read_whole_and_stored_in_few_statements(
    tmp_path, django_assert_max_num_queries
):
    reading = read_table(write_fdc(tmp_path / "fdc", 8_000, rest=6))
    assert (reading.rows, len(reading.foods), reading.skipped.total()) == (8_000, 8_000, 0)
    with django_assert_max_num_queries(8_000 * 4 // 100):
        stored = store_table(reading.foods)
    assert stored.added == FoodComposition.objects.count() == 8_000
    assert FoodMeasure.objects.count() == 16_000
    assert store_table(reading.foods).unchanged == 8_000


@pytest.mark.django_db
def test_reading_keeps_only_what_it_needs_of_the_nutrients(tmp_path):
    """The file of nutrients streams past: a longer one takes no more memory."""
    import tracemalloc

    peaks = []
    for rest in (2, 40):
        folder = write_fdc(tmp_path / f"fdc{rest}", 300, rest=rest)
        tracemalloc.start()
        read_table(folder)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


# --- the command


@pytest.fixture
def command(db, monkeypatch):
    """The command on the test's own database, which is up to date already."""
    monkeypatch.setattr("quietdays.foods_command.open_house", lambda: None)
    return lambda *words: main(["foods", "import", *map(str, words)])


def test_the_command_says_what_it_did_and_loads_the_starter_foods_first(command, capsys):
    assert command(SAMPLES / "fdc") == 0
    out, err = capsys.readouterr()
    assert out.startswith("FoodData Central: 9 rows in ")
    assert "5 foods added, 0 with new figures, 2 already there" in out
    assert "left out: 2 (a sample behind a food, no food itself)" in out
    assert "reading their nutrients" in err
    assert command(SAMPLES / "fdc", "--source", "fdc") == 0
    assert "0 foods added, 0 with new figures, 7 already there" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ciqual", "cofid"])
def test_the_other_tables_are_known_by_their_layout(command, capsys, name):
    assert command(SAMPLES / f"{name}.csv") == 0
    assert capsys.readouterr().out.lower().startswith(name)
    assert Food.objects.filter(source_key__startswith=f"{name}:").exists()


def test_a_table_with_a_fault_ends_with_one_and_writes_nothing(command, capsys, tmp_path):
    folder = Path(shutil.copytree(SAMPLES / "fdc", tmp_path / "fdc"))
    text = (folder / "food_nutrient.csv").read_text().replace('"36.08"', '"-36.08"')
    (folder / "food_nutrient.csv").write_text(text)
    before = house.rows()
    assert command(folder) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Nothing was changed." in err
    assert "food_nutrient.csv, row " in err
    assert house.rows() == before


def test_a_source_that_is_not_the_tables_is_refused(command, capsys):
    assert command(SAMPLES / "cofid.csv", "--source", "fdc") == 1
    assert "nutrient.csv: the file is missing" in capsys.readouterr().err


def test_the_real_command_in_a_house_of_its_own(tmp_path):
    done = run(tmp_path, "foods", "import", str(SAMPLES / "fdc"))
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    missing = run(tmp_path, "foods", "import", "nowhere")
    assert missing.returncode == 1
    assert "there is no such file or folder" in missing.stderr
