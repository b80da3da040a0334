import { describe, expect, it } from "vitest";
import { balanceHere, type Part } from "../src/meal/here";
import { ratio, total } from "../src/meal/macros";

// Composition per 100 g from USDA SR28: 01053, 01145, 01123, 09302.
const food = (fat_g: number, protein_g: number, carbohydrate_g: number, rest: Partial<Part> = {}): Part => ({
  per100: { fat_g, protein_g, carbohydrate_g, fibre_g: 0 },
  per_unit: "g",
  amount: null,
  isLocked: false,
  ...rest,
});
const cream = (rest: Partial<Part> = {}): Part => food(36.08, 2.84, 2.74, rest);
const butter = (rest: Partial<Part> = {}): Part => food(81.11, 0.85, 0.06, rest);
const egg = (rest: Partial<Part> = {}): Part => food(9.51, 12.56, 0.72, rest);
const raspberries = (rest: Partial<Part> = {}): Part => food(0.65, 1.2, 5.44, rest);
const target = { ratio: 3, energy_kcal: 175, protein_g: 3.4, carbohydrate_g: null };

function made(parts: Part[], amounts: number[]): number {
  return ratio(total(parts.map((p, i) => ({ per100: p.per100, amount: amounts[i] ?? 0 }))), "available") ?? 0;
}

const none = { protein_least_g: null, carbohydrate_most_g: null };

describe("a meal balanced without a network", () => {
  it("finds two open foods beside a locked one, in whole steps of the scale", () => {
    const parts = [egg({ amount: 20, isLocked: true }), butter(), raspberries()];
    const answer = balanceHere(parts, target, "available", 0.1, none);
    if (!("amounts" in answer)) throw new Error(answer.words);
    expect(answer.amounts[0]).toBe(20);
    for (const amount of answer.amounts) expect(Math.abs(amount * 10 - Math.round(amount * 10))).toBeLessThan(1e-9);
    expect(Math.abs(made(parts, answer.amounts) - 3)).toBeLessThanOrEqual(0.05);
    expect(answer.words).toContain("Worked out on this phone");
    expect(answer.words).not.toContain("misses");
  });

  it("keeps the proportions of more foods that have amounts", () => {
    const parts = [egg({ amount: 20 }), raspberries({ amount: 30 }), cream({ amount: 13 }), butter({ amount: 12 })];
    const answer = balanceHere(parts, target, "available", 0.1, none);
    if (!("amounts" in answer)) throw new Error(answer.words);
    const [a = 0, b = 0, c = 0] = answer.amounts;
    expect(b / a).toBeCloseTo(30 / 20, 1);
    expect(c / a).toBeCloseTo(13 / 20, 1);
    expect(Math.abs(made(parts, answer.amounts) - 3)).toBeLessThanOrEqual(0.05);
  });

  it("finds three open foods by ratio, energy and protein", () => {
    const parts = [egg(), butter(), raspberries()];
    const answer = balanceHere(parts, target, "available", 0.1, none);
    expect("amounts" in answer).toBe(true);
  });

  it("says so when a coarse scale misses the ratio", () => {
    const parts = [egg(), butter()];
    const answer = balanceHere(parts, { ratio: 4, energy_kcal: 40, protein_g: 1, carbohydrate_g: null }, "available", 5, none);
    expect(answer.words).toContain("misses the target");
  });

  it("says why it cannot: too alike, below nothing, too many open", () => {
    expect(balanceHere([butter(), butter()], target, "available", 0.1, none).words).toContain("too alike");
    expect(balanceHere([egg(), raspberries()], target, "available", 0.1, none).words).toContain("less than nothing");
    expect(balanceHere([egg(), raspberries(), cream(), butter()], target, "available", 0.1, none).words).toContain("two or three");
  });

  it("says which bound it misses, because it holds none", () => {
    const bounds = { protein_least_g: 9, carbohydrate_most_g: 0.1 };
    const answer = balanceHere([egg(), butter(), raspberries()], target, "available", 0.1, bounds);
    expect(answer.words).toContain("less than the 9 g asked for");
    expect(answer.words).toContain("more than the 0.1 g asked for");
  });
});
