"""`quietdays targets`: daily and per-meal grams from energy, ratio and protein."""

from __future__ import annotations

import argparse
import json
import sys

from quietdays.science.prescription import (
    InfeasibleTargets,
    daily_targets,
    fat_energy_percent,
    mct_g,
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("targets", help="grams a day and a meal from a prescription")
    command.add_argument("--kcal", type=float, required=True, help="energy a day")
    command.add_argument("--ratio", type=float, required=True, help="fat to protein plus carbs")
    command.add_argument("--protein", type=float, required=True, help="protein, g a day")
    command.add_argument("--meals", type=int, default=1, help="meals and feeds a day")
    command.add_argument("--mct-percent", type=float, help="share of energy as MCT, per cent")
    command.add_argument(
        "--mct-kcal", type=float, default=8.3, help="kcal in 1 g MCT; centres use 8.3 or 9"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the targets; exit code 2 and one sentence when the numbers cannot hold together."""
    try:
        daily = daily_targets(
            energy_kcal=options.kcal, ratio=options.ratio, protein_g=options.protein
        )
        mct = None
        if options.mct_percent is not None:
            mct = mct_g(
                energy_kcal=options.kcal,
                share_percent=options.mct_percent,
                kcal_per_g=options.mct_kcal,
            )
        if options.meals < 1:
            raise ValueError("--meals must be 1 or more")
    except InfeasibleTargets as error:
        print(error, file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"quietdays targets: {error}", file=sys.stderr)
        return 2
    meal = daily.scaled(1 / options.meals)
    meal_kcal = options.kcal / options.meals
    figures: dict[str, object] = {
        "ratio": options.ratio,
        "energy_kcal": options.kcal,
        "fat_g": round(daily.fat_g, 3),
        "protein_g": round(daily.protein_g, 3),
        "carbohydrate_g": round(daily.carbohydrate_g, 3),
        "fat_energy_percent": round(fat_energy_percent(options.ratio), 2),
        "meals": options.meals,
        "per_meal": {
            "energy_kcal": round(meal_kcal, 2),
            "fat_g": round(meal.fat_g, 3),
            "protein_g": round(meal.protein_g, 3),
            "carbohydrate_g": round(meal.carbohydrate_g, 3),
        },
    }
    if mct is not None:
        figures["mct_g"] = round(mct, 3)
    if options.json:
        print(json.dumps(figures))
    else:
        print(
            f"A day: fat {daily.fat_g:.1f} g, protein {daily.protein_g:.1f} g, "
            f"carbohydrate {daily.carbohydrate_g:.1f} g, {options.kcal:g} kcal, "
            f"{options.ratio:g}:1"
        )
        if mct is not None:
            print(f"Of the fat {mct:.1f} g as MCT, at {options.mct_kcal:g} kcal a gram")
        print(
            f"Each of {options.meals}: fat {meal.fat_g:.1f} g, protein {meal.protein_g:.1f} g, "
            f"carbohydrate {meal.carbohydrate_g:.1f} g, {meal_kcal:.0f} kcal"
        )
    return 0
