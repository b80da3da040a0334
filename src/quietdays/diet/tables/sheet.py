"""What two national tables share: one sheet, a row a food, a column a nutrient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quietdays.diet.tables.figures import Figure, read_figure
from quietdays.diet.tables.files import Place, Table
from quietdays.diet.tables.food import Reading, TableFood, lacking, to_cents, to_tenths

BELOW_DETECTION = "; “<” counted as half"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a table keeps its figures. Of several columns the first that knows is taken."""

    key: str
    edition: str
    code: str
    name: str
    fat: str
    protein: Sequence[str]
    carbohydrate: str
    fibre: str
    kcal: Sequence[str]
    definition: str
    group: str

    def needed(self) -> tuple[str, ...]:
        return (
            self.code, self.name, self.fat, *self.protein, self.carbohydrate, self.fibre,
            *self.kcal, self.group,
        )  # fmt: skip


def file_with(place: Place, *columns: str) -> str | None:
    """The file of this place that has all these columns."""
    names = (name for name in place.names() if set(columns) <= set(place.header(name)))
    return next(names, None)


def read_sheet(
    place: Place, reading: Reading, sheet: Sheet, *, group_name: Callable[[str], str]
) -> None:
    file = file_with(place, sheet.code, sheet.name)
    with place.table(file or place.path.name, sheet.needed()) as table:
        seen: set[str] = set()
        for row, cells in table:
            code = cells[table.at(sheet.code)].strip()
            if not code:
                continue  # the rows of units and codes that stand under a header
            reading.rows += 1
            if code in seen:
                reading.complain(table.name, row, f"{sheet.code} {code} stands twice")
            seen.add(code)
            _read_row(reading, sheet, table, row, cells, group_name)


def _read_row(
    reading: Reading,
    sheet: Sheet,
    table: Table,
    row: int,
    cells: list[str],
    group_name: Callable[[str], str],
) -> None:
    try:
        fat, carbohydrate, fibre = (
            read_figure(cells[table.at(c)]) for c in (sheet.fat, sheet.carbohydrate, sheet.fibre)
        )
        protein, energy = (_first(table, cells, c) for c in (sheet.protein, sheet.kcal))
    except ValueError as error:
        reading.complain(table.name, row, f"{cells[table.at(sheet.name)]}: {error}")
        return
    reason = lacking(fat=fat.value, protein=protein.value, carbohydrate=carbohydrate.value)
    if reason:
        reading.skipped[reason] += 1
        return
    code = cells[table.at(sheet.code)].strip()
    halved = any(f.is_below_detection for f in (fat, protein, carbohydrate, fibre))
    food = TableFood(
        source_key=f"{sheet.key}:{code}",
        name=" ".join(cells[table.at(sheet.name)].split())[:160],
        group=group_name(cells[table.at(sheet.group)])[:40],
        fat_g=_grams(fat),
        protein_g=_grams(protein),
        carbohydrate_g=_grams(carbohydrate),
        fibre_g=None if fibre.value is None else to_cents(fibre.value),
        energy_kcal=None if energy.value is None else to_tenths(energy.value),
        carbohydrate_basis="available",
        carbohydrate_definition=sheet.definition,
        source=f"{sheet.edition}, {code}{BELOW_DETECTION if halved else ''}",
    )
    reading.add(food, table.name, row)


def _first(table: Table, cells: list[str], columns: Sequence[str]) -> Figure:
    figures = (read_figure(cells[table.at(c)]) for c in columns)
    return next((f for f in figures if f.value is not None), Figure(None))


def _grams(figure: Figure) -> Decimal:
    assert figure.value is not None  # noqa: S101  lacking() stands before it
    return to_cents(figure.value)
