import { describe, expect, it } from "vitest";
import { recipeAndFat, threeAdjusters, twoAdjusters, type Goal, type Mix, type Portion } from "../src/meal/adjust";
import { energy_kcal, ratio, total, type Basis, type Macros } from "../src/meal/macros";
import vectors from "../../tests/vectors/closed_forms.json";

interface Row {
  basis: string;
  ratio: number;
  energy_kcal: number;
}

const foods: Record<string, Macros> = vectors.foods;
const food = (id: string): Macros => {
  const found = foods[id];
  if (!found) throw new Error(`no food ${id}`);
  return found;
};
const goal = (row: Row): Goal => ({ ratio: row.ratio, energy_kcal: row.energy_kcal, basis: row.basis as Basis });
const portions = (rows: { food: string; grams: number }[]): Portion[] =>
  rows.map((row) => ({ per100: food(row.food), amount: row.grams }));
const amounts = (mix: Mix): number[] => {
  if ("refused" in mix) throw new Error(mix.refused);
  return mix.amounts;
};

describe.each(vectors.two)("two adjusters: $id", (vector) => {
  const [first = "", second = ""] = vector.adjusters;
  const fixed = portions(vector.fixed);
  const found = amounts(twoAdjusters(food(first), food(second), goal(vector), fixed));

  it("have the grams of the golden table", () => {
    vector.grams.forEach((grams, index) => expect(found[index]).toBeCloseTo(grams, 3));
  });
  it("bring the whole meal to its ratio and energy", () => {
    const sum = total([
      ...fixed,
      { per100: food(first), amount: found[0] ?? 0 },
      { per100: food(second), amount: found[1] ?? 0 },
    ]);
    expect(ratio(sum, vector.basis as Basis)).toBeCloseTo(vector.ratio, 9);
    expect(energy_kcal(sum, vector.basis as Basis)).toBeCloseTo(vector.energy_kcal, 9);
  });
});

describe.each(vectors.three)("three adjusters: $id", (vector) => {
  const [a = "", b = "", c = ""] = vector.adjusters;
  it("have the grams of the golden table", () => {
    const mix = threeAdjusters([food(a), food(b), food(c)], goal(vector), vector.protein_g, portions(vector.fixed));
    vector.grams.forEach((grams, index) => expect(amounts(mix)[index]).toBeCloseTo(grams, 3));
  });
});

describe.each(vectors.recipe)("a recipe and a fat: $id", (vector) => {
  it("has the golden table's times and grams", () => {
    const mix = recipeAndFat(portions(vector.recipe), food(vector.fat), goal(vector), portions(vector.fixed));
    const [times, fat_g] = amounts(mix);
    expect(times).toBeCloseTo(vector.times, 4);
    expect(fat_g).toBeCloseTo(vector.fat_g, 3);
  });
});

describe.each(vectors.refused)("refused: $id", (vector) => {
  it("says why", () => {
    const [first = "", second = ""] = vector.adjusters;
    const mix = twoAdjusters(food(first), food(second), goal(vector), portions(vector.fixed));
    expect(mix).toEqual({ refused: vector.why });
  });
});

describe("three foods that are alike", () => {
  it("are refused", () => {
    const cream = food("ndb:01053");
    const mix = threeAdjusters([cream, cream, food("ndb:01123")], { ratio: 4, energy_kcal: 100, basis: "total" }, 2);
    expect(mix).toEqual({ refused: "alike" });
  });
});
