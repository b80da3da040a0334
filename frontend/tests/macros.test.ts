import { describe, expect, it } from "vitest";
import { energy_kcal, missing, parseAmount, ratio, total, type Macros } from "../src/meal/macros";
import { minutesEarlier } from "../src/forms/help";
import vectors from "../../tests/vectors/meals.json";

interface Vector {
  id: string;
  portions: { per100: Macros; amount: number }[];
  fat_g: number;
  protein_g: number;
  carbohydrate_total_g: number;
  carbohydrate_available_g: number;
  energy_total_kcal: number;
  energy_available_kcal: number;
  ratio_total: number | null;
  ratio_available: number | null;
}

const meals: Vector[] = vectors.meals;

describe.each(meals)("meal $id", (meal) => {
  const sum = total(meal.portions);
  it("has the grams of the golden table", () => {
    expect(sum.fat_g).toBeCloseTo(meal.fat_g, 4);
    expect(sum.protein_g).toBeCloseTo(meal.protein_g, 4);
    expect(sum.carbohydrate_g).toBeCloseTo(meal.carbohydrate_available_g, 4);
    expect(sum.carbohydrate_g + sum.fibre_g).toBeCloseTo(meal.carbohydrate_total_g, 4);
  });
  it("has its energy and ratio on both bases", () => {
    expect(energy_kcal(sum, "total")).toBeCloseTo(meal.energy_total_kcal, 2);
    expect(energy_kcal(sum, "available")).toBeCloseTo(meal.energy_available_kcal, 2);
    for (const [basis, wanted] of [["total", meal.ratio_total], ["available", meal.ratio_available]] as const) {
      const found = ratio(sum, basis);
      if (wanted === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(wanted, 4);
    }
  });
});

describe("what is missing", () => {
  const target = { ratio: 4, energy_kcal: 200, protein_g: 2, carbohydrate_g: null };
  const m = (fat_g: number, protein_g: number, carbohydrate_g: number): Macros => ({ fat_g, protein_g, carbohydrate_g, fibre_g: 0 });
  it("is nothing when the meal is right", () => {
    expect(missing(m(20, 2, 3), "available", target)).toEqual([]);
  });
  it("names grams of fat, energy and protein", () => {
    expect(missing(m(10, 1, 2), "available", target)).toEqual(["2.0 g more fat for 4:1", "98 kcal to go", "1.0 g protein below its share"]);
  });
  it("says when there is too much fat", () => {
    expect(missing(m(24, 2, 3), "available", target)).toEqual(["1.0 g more protein or carbohydrate for 4:1", "36 kcal over"]);
  });
});

describe("amounts", () => {
  it.each([["3,5", 3.5], ["3.5", 3.5], [" 12 ", 12], [",5", 0.5], ["1.234,5", null], ["1,234.5", null], ["1 2", null], ["", null], ["0", null], ["-3", null], ["abc", null], ["6000", null], ["1e3", null]])(
    "reads %j as %j",
    (text, wanted) => expect(parseAmount(text)).toBe(wanted),
  );
});

describe("minutes earlier", () => {
  it("crosses midnight in local time, whatever zone this machine has", () => {
    expect(minutesEarlier("2026-03-01T00:10", 15)).toBe("2026-02-28T23:55");
  });
});
