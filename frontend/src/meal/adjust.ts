// Meals with two or three foods to adjust, worked out directly, the same as in
// science/mealsolver/closed_form.py; both are held to tests/vectors/closed_forms.json.
//
// With d = fat - ratio x (protein + carbohydrate) and e the energy, both per gram, a meal has
// its ratio where the d of all foods sum to nought, and its energy where the e sum to the goal.

import { carbohydrate, energy_kcal, total, type Basis, type Macros } from "./macros";

/** So many grams of a food of this composition per 100 g; the portions of macros.ts. */
export interface Portion {
  per100: Macros;
  amount: number;
}

export interface Goal {
  energy_kcal: number;
  ratio: number;
  basis: Basis;
}

/** Why foods cannot be balanced: too alike, or one of them would have to be taken away. */
export type Refusal = "alike" | "negative";
export type Mix = { amounts: number[] } | { refused: Refusal };

type Row = [number, number, number];

const SINGULAR = 1e-9;
const NOUGHT_G = 1e-9; // the last binary digit of an amount that is nought

/** Grams of two foods that bring a meal, with its fixed foods, to its energy and ratio. */
export function twoAdjusters(first: Macros, second: Macros, goal: Goal, fixed: Portion[] = []): Mix {
  const [d1, e1] = surplusAndEnergy(first, goal);
  const [d2, e2] = surplusAndEnergy(second, goal);
  const [surplus, energy] = stillNeeded(goal, fixed);
  const determinant = d1 * e2 - d2 * e1;
  if (Math.abs(determinant) < SINGULAR) return { refused: "alike" };
  return checked([(surplus * e2 - d2 * energy) / determinant, (d1 * energy - e1 * surplus) / determinant]);
}

/** Grams of three foods that bring a meal to its energy, ratio and protein. */
export function threeAdjusters(
  foods: [Macros, Macros, Macros],
  goal: Goal,
  protein_g: number,
  fixed: Portion[] = [],
): Mix {
  const wanted: Row = [...stillNeeded(goal, fixed), protein_g - total(fixed).protein_g];
  const [a, b, c] = foods.map((food): Row => [...surplusAndEnergy(food, goal), food.protein_g / 100]) as [Row, Row, Row];
  const whole = determinantOf(a, b, c);
  if (Math.abs(whole) < SINGULAR) return { refused: "alike" };
  return checked([
    determinantOf(wanted, b, c) / whole,
    determinantOf(a, wanted, c) / whole,
    determinantOf(a, b, wanted) / whole,
  ]);
}

/** A recipe so many times, in its own proportions, and grams of a fat: amounts [times, fat]. */
export function recipeAndFat(recipe: Portion[], fat: Macros, goal: Goal, fixed: Portion[] = []): Mix {
  const mix = twoAdjusters(total(recipe), fat, goal, fixed);
  if ("refused" in mix) return mix;
  const [hundredfold = 0, fat_g = 0] = mix.amounts; // the recipe's sum stood for 100 g of one food
  return { amounts: [hundredfold / 100, fat_g] };
}

function surplusAndEnergy(food: Macros, goal: Goal): [number, number] {
  const nonFat = food.protein_g + carbohydrate(food, goal.basis);
  return [(food.fat_g - goal.ratio * nonFat) / 100, energy_kcal(food, goal.basis) / 100];
}

/** What the adjusters must bring: the fixed foods are taken off both goals. */
function stillNeeded(goal: Goal, fixed: Portion[]): [number, number] {
  const held = total(fixed);
  const nonFat = held.protein_g + carbohydrate(held, goal.basis);
  return [goal.ratio * nonFat - held.fat_g, goal.energy_kcal - energy_kcal(held, goal.basis)];
}

function checked(amounts: number[]): Mix {
  if (amounts.some((grams) => !(grams >= -NOUGHT_G))) return { refused: "negative" };
  return { amounts: amounts.map((grams) => Math.max(0, grams)) };
}

function determinantOf(a: Row, b: Row, c: Row): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1])
  );
}
