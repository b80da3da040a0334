"""FoodData Central as it is downloaded, with every trap of its files."""

from __future__ import annotations

import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diet.tables.figures import read_figure
from quietdays.diet.tables.files import Limits
from quietdays.diet.tables.food import Reading, TableRefused
from quietdays.diet.tables.registry import read_table
from tests.diet.fdc_files import write_fdc

SAMPLE = Path(__file__).parent / "samples/fdc"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "FoodData_Central_csv"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def foods(reading: Reading) -> dict:
    return {food.source_key: food for food in reading.foods}


def refusal(path: Path, source: str | None = None) -> str:
    with pytest.raises(TableRefused) as refused:
        read_table(path, source)
    return str(refused.value)


def test_foods_come_with_their_own_figures_and_the_tables_definition():
    reading = read_table(SAMPLE)
    assert (reading.source, reading.rows, len(reading.foods)) == ("fdc", 9, 7)
    cream = foods(reading)["fdc:170859"]
    assert (cream.fat_g, cream.protein_g, cream.carbohydrate_g, cream.fibre_g, cream.energy_kcal) \
        == (Decimal("36.08"), Decimal("2.84"), Decimal("2.74"), Decimal(0), Decimal(340))  # fmt: skip
    assert (cream.carbohydrate_basis, cream.carbohydrate_definition) == ("total", "by_difference")
    assert (cream.same_as, cream.group) == ("usda-sr28:01053", "Dairy and Egg Products")
    assert ("1 tbsp", Decimal(15)) in cream.measures
    assert cream.is_verified


def test_samples_behind_a_food_are_left_out_and_counted():
    reading = read_table(SAMPLE)
    assert reading.skipped == {"a sample behind a food, no food itself": 2}
    assert not {"fdc:321936", "fdc:335616"} & foods(reading).keys()


def test_energy_is_taken_from_atwater_factors_where_the_table_has_none():
    cheese = foods(read_table(SAMPLE))["fdc:2647442"]
    assert cheese.energy_kcal == Decimal("297.4")  # specific factors before general ones
    assert cheese.fibre_g is None


def test_energy_in_kj_alone_becomes_kcal(folder):
    for nutrient in ("2047", "2048"):
        edit(folder, "food_nutrient.csv", f'"2647442","{nutrient}"', '"2647442","9999"')
    edit(folder, "food_nutrient.csv", '"2647442","9999"', '"2647442","1062"')
    cheese = foods(read_table(folder))["fdc:2647442"]
    assert cheese.energy_kcal in {Decimal("71.1"), Decimal("71.0")}


def test_survey_foods_are_not_put_into_groups_of_another_list(folder):
    edit(folder, "food.csv", '"2206"', '"1"')  # 1 is dairy in food_category.csv
    assert foods(read_table(folder))["fdc:2341334"].group == ""


def test_survey_files_that_use_the_number_as_id_are_read_too(folder):
    for old, new in (("1003", "203"), ("1004", "204"), ("1005", "205")):
        edit(folder, "food_nutrient.csv", f'"2341334","{old}"', f'"2341334","{new}"')
    assert foods(read_table(folder))["fdc:2341334"].protein_g == Decimal("25.93")


def test_branded_foods_are_labels_and_per_100_ml_where_the_serving_is():
    found = foods(read_table(SAMPLE))
    soda, winter = found["fdc:436385"], found["fdc:448509"]
    assert (soda.per_unit, winter.per_unit) == ("ml", "g")
    assert soda.name == "Soda (Whole Foods Market, Inc.)"
    assert (soda.carbohydrate_definition, soda.carbohydrate_basis) == ("label", "total")
    assert not soda.is_verified
    assert ("1 cup", Decimal(90)) in winter.measures


def test_an_amount_that_is_missing_is_unknown_and_not_zero(folder):
    text = (folder / "food_nutrient.csv").read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(text) if '"171705","1079"' in line)
    cells = text[at].split(",")
    cells[3] = '""'
    text[at] = ",".join(cells)
    (folder / "food_nutrient.csv").write_text("\n".join(text) + "\n", "utf-8")
    assert foods(read_table(folder))["fdc:171705"].fibre_g is None


def test_a_food_without_carbohydrate_is_left_out_with_the_reason(folder):
    edit(folder, "food_nutrient.csv", '"171705","1005"', '"171705","9999"')
    reading = read_table(folder)
    assert reading.skipped["no carbohydrate"] == 1
    assert "fdc:171705" not in foods(reading)


def test_a_pure_oil_of_a_little_over_a_hundred_does_not_block_the_rest(folder):
    """Peer defect 7."""
    for nutrient, amount in (("1003", "0"), ("1004", "100.09"), ("1005", "0")):
        _set(folder, "167521", nutrient, amount)
    _set(folder, "167521", "1079", "0")
    assert foods(read_table(folder))["fdc:167521"].fat_g == Decimal("100.09")


def _set(folder: Path, food: str, nutrient: str, amount: str) -> None:
    lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines()
    for i, line in enumerate(lines):
        if f'"{food}","{nutrient}"' in line:
            cells = line.split(",")
            cells[3] = f'"{amount}"'
            lines[i] = ",".join(cells)
    (folder / "food_nutrient.csv").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("nutrient", "amount", "words"),
    [
        ("1004", "-0.1", "the amount is “-0.1”"),
        ("1004", "NaN", "the amount is “NaN”"),
        ("1004", "Infinity", "the amount is “Infinity”"),
        ("1004", "lots", "the amount is “lots”"),
        ("1004", "1e9", "make 1000"),
        ("1004", "100", "make 105.58 g in 100"),
        ("1008", "3400", "more than pure fat has"),
        ("1079", "90", "more fibre (90.00 g) than carbohydrate with fibre"),
    ],
)
def test_a_figure_that_cannot_be_refuses_the_table_with_file_row_and_reason(
    folder, nutrient, amount, words
):
    _set(folder, "170859", nutrient, amount)
    said = refusal(folder)
    assert words in said
    assert "row " in said
    assert "food" in said
    assert "Cream, fluid, heavy whipping" in said


def test_older_and_newer_downloads_are_read_by_the_names_of_their_columns(folder):
    lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines()
    moved = []
    for line in lines:
        id_, food, nutrient, amount, *rest = line.split(",")
        loq = '"loq"' if line is lines[0] else '""'
        moved.append(",".join([amount, loq, *rest, nutrient, food, id_]))
    (folder / "food_nutrient.csv").write_text("\n".join(moved) + "\n", "utf-8")
    assert read_table(folder).foods == read_table(SAMPLE).foods


def test_the_order_of_the_nutrient_rows_does_not_matter(folder):
    header, *lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines()
    text = "\n".join([header, *sorted(lines, key=lambda line: line[::-1])]) + "\n"
    (folder / "food_nutrient.csv").write_text(text, "utf-8")
    assert read_table(folder).foods == read_table(SAMPLE).foods


def test_two_amounts_for_one_nutrient_are_refused_and_one_twice_is_not(folder):
    lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines()
    line = next(x for x in lines if '"170859","1004"' in x)
    (folder / "food_nutrient.csv").write_text("\n".join([*lines, line]) + "\n", "utf-8")
    assert read_table(folder).foods == read_table(SAMPLE).foods
    other = line.replace("36.08", "30.00")
    (folder / "food_nutrient.csv").write_text("\n".join([*lines, other]) + "\n", "utf-8")
    assert "36.08 and 30.00 for the same" in refusal(folder)


@pytest.mark.parametrize("shape", ["folder", "the folder around it", "zip", "zip with a folder"])
def test_a_folder_and_a_zip_are_read_alike(folder, tmp_path, shape):
    place = folder
    if shape == "the folder around it":
        place = tmp_path
    elif shape.startswith("zip"):
        place = tmp_path / "table.zip"
        inner = "FoodData/" if "folder" in shape else ""
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in folder.iterdir():
                packed.write(file, inner + file.name)
                packed.writestr("__MACOSX/" + file.name, b"\0")
    assert read_table(place).foods == read_table(SAMPLE).foods


# --- broken files


@pytest.mark.parametrize("file", ["food.csv", "food_nutrient.csv", "nutrient.csv"])
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("missing", "missing"),
        ("empty", "the file is empty"),
        ("no rows", ""),
        ("cut", "cells where the header has"),
        ("open quote", "the row cannot be read"),
        ("latin-1", "not UTF-8"),
        ("nul", "zero bytes"),
        ("no column", "the column"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(folder, file, harm, words):
    path = folder / file
    data = path.read_bytes()
    first, _, rest = data.partition(b"\n")
    broken = {
        "empty": b"",
        "no rows": first + b"\n",
        "cut": data[: data.rindex(b'","')] + b'"\n',
        "open quote": data[:-2],
        "latin-1": data + data.splitlines()[1].replace(b'"', b'"\xe9', 1) + b"\n",
        "nul": data + b"\0" * 512,
        "no column": first.replace(b"id", b"xx", 2) + b"\n" + rest,
    }
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(broken[harm])
    said = refusal(folder, "fdc")
    assert words in said
    assert harm == "no rows" or file in said


def cut(folder: Path, keep: int) -> Path:
    """food_nutrient.csv with its header and so many rows, and nothing torn."""
    lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "food_nutrient.csv").write_text("".join(lines[: keep + 1]), "utf-8")
    return folder


def test_nutrients_that_end_between_two_foods_refuse_the_table(tmp_path):
    """23 rows a food: 46 of 300 foods are there whole."""
    said = refusal(cut(write_fdc(tmp_path / "fdc", 300), 46 * 23))
    assert said == "food_nutrient.csv: no rows for 254 of 300 foods: is it cut short?"


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_nutrients_that_end_within_a_food_refuse_the_table(tmp_path, rows):
    """Protein, fat, carbohydrate, kcal and fibre come first; whole foods are missing too."""
    said = refusal(cut(write_fdc(tmp_path / "fdc", 300), 297 * 23 + rows))
    assert said.startswith("food_nutrient.csv: the rows end within “")
    assert said.endswith("”: is it cut short?")


def test_nutrients_that_end_within_the_very_last_food_refuse_it_too(tmp_path):
    assert "the rows end within" in refusal(cut(write_fdc(tmp_path / "fdc", 300), 299 * 23 + 3))


def test_a_few_foods_without_any_nutrients_are_left_out_and_counted(tmp_path):
    reading = read_table(cut(write_fdc(tmp_path / "fdc", 300), 295 * 23))
    assert (len(reading.foods), reading.skipped.total()) == (295, 5)


def test_a_last_food_that_lacks_what_many_lack_is_no_sign_of_a_cut(tmp_path):
    """Some of the Foundation foods have no energy; the last one may be such a food."""
    folder = write_fdc(tmp_path / "fdc", 100)
    lines = (folder / "food_nutrient.csv").read_text("utf-8").splitlines(keepends=True)
    some = tuple(f'"{900_000 + n}","1008"' for n in range(0, 100, 9))
    kept = [line for line in lines if not any(word in line for word in some)]
    assert '"900099","1008"' in some
    (folder / "food_nutrient.csv").write_text("".join(kept), "utf-8")
    assert len(read_table(folder).foods) == 100


# --- files that would fill the memory


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return target


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("file", ["food.csv", "food_nutrient.csv"])
def test_a_line_without_end_is_refused_before_it_is_read_whole(folder, tmp_path, file, packed):
    text = (folder / file).read_text("utf-8")
    (folder / file).write_text(text + '"' + "9" * 5_000 + '"\n', "utf-8")
    place = zipped(folder, tmp_path / "table.zip") if packed else folder
    with pytest.raises(TableRefused) as refused:
        read_table(place, limits=Limits(line_chars=2_000))
    row = len(text.splitlines()) + 1
    assert str(refused.value) == f"{file}, row {row}: a line of over 2,000 characters"


def test_a_header_without_end_takes_little_memory(tmp_path):
    import tracemalloc

    with zipfile.ZipFile(tmp_path / "table.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("food.csv", "x" * 30_000_000)
        archive.writestr("food_nutrient.csv", "x" * 30_000_000)
        archive.writestr("nutrient.csv", "x" * 30_000_000)
    tracemalloc.start()
    said = refusal(tmp_path / "table.zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "a line of over 1,000,000 characters" in said
    assert peak < 10_000_000


def test_a_file_that_unpacks_to_too_much_is_refused_by_its_declared_size(folder, tmp_path):
    place = zipped(folder, tmp_path / "table.zip")
    with pytest.raises(TableRefused, match=r"nutrient\.csv: unpacked it would be over 100 bytes"):
        read_table(place, limits=Limits(member_bytes=100))
    assert read_table(place).foods == read_table(SAMPLE).foods


def test_half_a_zip_and_no_zip_are_refused_in_words(folder, tmp_path):
    packed = tmp_path / "table.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    data = packed.read_bytes()
    packed.write_bytes(data[: len(data) // 2])
    assert "not a zip file" in refusal(packed)
    packed.write_bytes(b"PK nothing")
    assert "not a zip file" in refusal(packed)
    damaged = bytearray(data)
    damaged[60:300] = b"\xff" * 240
    packed.write_bytes(bytes(damaged))
    assert refusal(packed)


@pytest.mark.parametrize("path", ["nowhere", "README.md", "empty"])
def test_what_is_no_table_at_all_is_refused(tmp_path, path):
    place = tmp_path / path
    if path == "README.md":
        place.write_text("# no table\n")
    elif path == "empty":
        place.mkdir()
    said = refusal(place)
    assert path in said


# --- figures as tables print them


@pytest.mark.parametrize(
    ("text", "value", "below"),
    [
        ("1.5", "1.5", False),
        ("1,5", "1.5", False),
        (" 0 ", "0", False),
        ("Tr", "0", False),
        ("traces", "0", False),
        ("< 0,2", "0.1", True),
        ("<0.5", "0.25", True),
        ("N", None, False),
        ("-", None, False),
        ("", None, False),
    ],
)
def test_a_figure_of_a_table_is_a_number_a_trace_or_unknown(text, value, below):
    figure = read_figure(text)
    assert figure.value == (None if value is None else Decimal(value))
    assert figure.is_below_detection is below


@pytest.mark.parametrize("text", ["1.234,5", "1 2", "x", "<", "< x", "NaN", "inf", "1e9999", "٣"])
def test_what_is_no_figure_is_said_and_never_guessed(text):
    with pytest.raises(ValueError, match="is no number"):
        read_figure(text)


@given(st.text(max_size=12))
def test_any_text_is_a_figure_or_a_refusal(text):
    try:
        figure = read_figure(text)
    except ValueError:
        return
    assert figure.value is None or figure.value.is_finite()
