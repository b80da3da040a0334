"""Ciqual and CoFID: a row a food, available carbohydrate, decimal commas, traces."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from quietdays.diet.models import Food
from quietdays.diet.tables.food import TableRefused
from quietdays.diet.tables.registry import read_table

SAMPLES = Path(__file__).parent / "samples"
CIQUAL, COFID = SAMPLES / "ciqual.csv", SAMPLES / "cofid.csv"
FIBRE = {CIQUAL: "Fibres alimentaires (g/100 g)", COFID: "AOAC fibre (g)"}
FAT = {CIQUAL: "Lipides (g/100 g)", COFID: "Fat (g)"}


def foods(path: Path) -> dict:
    return {food.source_key: food for food in read_table(path).foods}


def changed(path: Path, tmp_path: Path, code: str, **cells: str) -> Path:
    """A copy of a sample in which one food says something else."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(r for r in rows if code in (r.get("alim_code"), r.get("Food Code")))
    row.update(cells)
    copy = tmp_path / path.name
    with copy.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return copy


def test_ciqual_is_read_with_its_commas_and_its_definition():
    avocado = foods(CIQUAL)["ciqual:13004"]
    assert (avocado.fat_g, avocado.protein_g, avocado.carbohydrate_g, avocado.fibre_g) == (
        Decimal("20.6"), Decimal("1.56"), Decimal("0.83"), Decimal("3.6"),
    )  # fmt: skip
    assert avocado.energy_kcal == Decimal(205)
    assert avocado.carbohydrate_basis == avocado.carbohydrate_definition == "available"
    assert avocado.name == "Avocat, pulpe, cru"
    assert avocado.group == "fruits, légumes, légumineuses et oléagineux"[:40]


def test_below_detection_counts_as_half_and_the_source_says_so():
    spinach, broccoli = (foods(CIQUAL)[k] for k in ("ciqual:20270", "ciqual:20057"))
    assert spinach.carbohydrate_g == Decimal("0.43")
    assert "half" in spinach.source
    assert "half" not in broccoli.source


def test_traces_are_nought_and_a_dash_is_unknown():
    reading = read_table(CIQUAL)
    salmon = next(f for f in reading.foods if f.source_key == "ciqual:26036")
    assert salmon.carbohydrate_g == 0
    assert reading.skipped == {"no carbohydrate": 1}  # the banana of Martinique
    assert foods(CIQUAL)["ciqual:20057"].energy_kcal is None


def test_cofid_counts_as_single_sugars_and_takes_the_aoac_fibre():
    found = foods(COFID)
    cream, avocado, broccoli = (found[f"cofid:{n}"] for n in ("12-334", "14-037", "13-503"))
    assert (cream.fat_g, cream.carbohydrate_g) == (Decimal("53.7"), Decimal("1.7"))
    assert cream.carbohydrate_basis == "available"
    assert cream.carbohydrate_definition == "monosaccharides"
    assert avocado.fibre_g is None  # AOAC “N”; the 3.4 g of NSP measure something else
    assert broccoli.fibre_g == Decimal("2.8")
    assert found["cofid:14-889"].protein_g == Decimal("1.1")  # printed with blanks before it


def test_a_trace_and_a_significant_unknown_are_two_things(tmp_path):
    trace = changed(COFID, tmp_path, "12-334", **{"Carbohydrate (g)": "Tr"})
    assert foods(trace)["cofid:12-334"].carbohydrate_g == 0
    unknown = changed(COFID, tmp_path, "12-334", **{"Carbohydrate (g)": "N"})
    reading = read_table(unknown)
    assert reading.skipped == {"no carbohydrate": 1}


@pytest.mark.parametrize("path", [CIQUAL, COFID], ids=lambda p: p.stem)
def test_fibre_is_never_taken_off_an_available_carbohydrate(path, tmp_path):
    """Peer defect 5: silent, and the ratio looks better."""
    code = "13004" if path is CIQUAL else "13-503"
    many = changed(path, tmp_path, code, **{FIBRE[path]: "30"})
    food = foods(many)[f"{path.stem}:{code}"]
    assert food.fibre_g == 30
    from quietdays.diet.actions.food_tables import _version_of

    macros = _version_of(Food(name=food.name), food).macros_per_100()
    assert macros.carbohydrate_g == pytest.approx(float(food.carbohydrate_g))


def test_the_same_avocado_of_three_tables_is_three_carbohydrates():
    usda = {f.source_key: f for f in read_table(SAMPLES / "fdc").foods}["fdc:171705"]
    found = [usda, foods(COFID)["cofid:14-037"], foods(CIQUAL)["ciqual:13004"]]
    assert [f.carbohydrate_g for f in found] == [Decimal("8.53"), Decimal("1.9"), Decimal("0.83")]
    assert len({f.carbohydrate_definition for f in found}) == 3


@pytest.mark.parametrize("path", [CIQUAL, COFID], ids=lambda p: p.stem)
@pytest.mark.parametrize(
    ("figure", "words"),
    [("110", "make 1"), ("-1", "fat is -1"), ("x", "“x” is no number"),
     ("1.234,5", "is no number"), ("nan", "is no number")],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_named_with_its_row(path, figure, words, tmp_path):
    code = "13004" if path is CIQUAL else "12-334"
    broken = changed(path, tmp_path, code, **{FAT[path]: figure})
    with pytest.raises(TableRefused) as refused:
        read_table(broken)
    (problem,) = refused.value.problems
    assert problem.file == path.name
    assert problem.row is not None
    assert words in problem.reason


@pytest.mark.parametrize("path", [CIQUAL, COFID], ids=lambda p: p.stem)
def test_semicolons_and_a_mark_at_the_start_are_what_spreadsheets_write(path, tmp_path):
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    copy = tmp_path / path.name
    with copy.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    assert read_table(copy).foods == read_table(path).foods


@pytest.mark.parametrize("path", [CIQUAL, COFID], ids=lambda p: p.stem)
def test_a_food_that_stands_twice_and_rows_of_units_under_the_header(path, tmp_path):
    header, *rows = path.read_text().splitlines()
    copy = tmp_path / path.name
    copy.write_text("\n".join([header, "," * header_commas(header), *rows]) + "\n")
    assert read_table(copy).foods == read_table(path).foods
    copy.write_text("\n".join([header, *rows, rows[0]]) + "\n")
    with pytest.raises(TableRefused, match="stands twice"):
        read_table(copy)


def header_commas(header: str) -> int:
    return len(next(csv.reader([header]))) - 1


@pytest.mark.parametrize("path", [CIQUAL, COFID], ids=lambda p: p.stem)
@pytest.mark.parametrize("harm", ["cut", "latin-1", "no column", "empty"])
def test_a_broken_sheet_is_refused(path, harm, tmp_path):
    data = path.read_bytes()
    copy = tmp_path / path.name
    column = FAT[path].encode()
    copy.write_bytes(
        {
            "cut": data[: data.rindex(b",")][:-2],
            "latin-1": data.decode().replace("(", "é", 500).encode("latin-1", "replace"),
            "no column": data.replace(column, b"Something"),
            "empty": b"",
        }[harm]
    )
    with pytest.raises(TableRefused):
        read_table(copy)
