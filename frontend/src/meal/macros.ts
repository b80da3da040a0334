// The arithmetic of a meal, the same as in science/macros.py; both are held to
// tests/vectors/meals.json.
import { localNumber, say } from "../words/words";

export interface Macros {
  fat_g: number;
  protein_g: number;
  carbohydrate_g: number;
  fibre_g: number;
}

export type Basis = "available" | "total";

/** What a meal should hold; null where the diet sets no number. */
export interface Target {
  ratio: number | null;
  energy_kcal: number | null;
  protein_g: number | null;
  carbohydrate_g: number | null;
}

/** Sum of portions: composition per 100 g or mL times the amount. */
export function total(portions: { per100: Macros; amount: number }[]): Macros {
  const sum: Macros = { fat_g: 0, protein_g: 0, carbohydrate_g: 0, fibre_g: 0 };
  for (const { per100, amount } of portions) {
    sum.fat_g += (per100.fat_g * amount) / 100;
    sum.protein_g += (per100.protein_g * amount) / 100;
    sum.carbohydrate_g += (per100.carbohydrate_g * amount) / 100;
    sum.fibre_g += (per100.fibre_g * amount) / 100;
  }
  return sum;
}

export function carbohydrate(m: Macros, basis: Basis): number {
  return m.carbohydrate_g + (basis === "total" ? m.fibre_g : 0);
}

export function energy_kcal(m: Macros, basis: Basis): number {
  return 9 * m.fat_g + 4 * m.protein_g + 4 * carbohydrate(m, basis);
}

/** Grams of fat for each gram of protein plus carbohydrate; null without either. */
export function ratio(m: Macros, basis: Basis): number | null {
  const nonFat = m.protein_g + carbohydrate(m, basis);
  return nonFat > 0 ? m.fat_g / nonFat : null;
}

/** What would bring the meal to its target, as plain words; empty when it is there. */
export function missing(m: Macros, basis: Basis, target: Target): string[] {
  const words: string[] = [];
  const nonFat = m.protein_g + carbohydrate(m, basis);
  if (target.ratio !== null) {
    const fatForRatio = target.ratio * nonFat - m.fat_g;
    if (fatForRatio > 0.05) words.push(say("{grams} g more fat for {ratio}:1", { grams: grams(fatForRatio), ratio: short(target.ratio) }));
    if (fatForRatio < -0.05) words.push(say("{grams} g more protein or carbohydrate for {ratio}:1", { grams: grams(-fatForRatio / target.ratio), ratio: short(target.ratio) }));
  } else if (target.carbohydrate_g !== null) {
    const over = carbohydrate(m, basis) - target.carbohydrate_g;
    if (over > 0.05) words.push(say("{grams} g carbohydrate over this meal’s share", { grams: grams(over) }));
  }
  if (target.energy_kcal !== null) {
    const energy = target.energy_kcal - energy_kcal(m, basis);
    if (energy > 0.5) words.push(say("{energy} kcal to go", { energy: energy.toFixed(0) }));
    if (energy < -0.5) words.push(say("{energy} kcal over", { energy: (-energy).toFixed(0) }));
  }
  if (target.protein_g !== null) {
    const protein = target.protein_g - m.protein_g;
    if (protein > 0.05) words.push(say("{grams} g protein below its share", { grams: grams(protein) }));
  }
  return words;
}

function short(value: number): string {
  return localNumber(String(Math.round(value * 100) / 100));
}

function grams(value: number): string {
  return localNumber(value.toFixed(1));
}

/** A typed amount with comma or point, or null when it is no number above zero. */
export function parseAmount(text: string): number | null {
  const cleaned = text.trim(); // a blank inside is no decimal point: "1 2" is neither 12 nor 1.2
  if (!/^(\d+([.,]\d*)?|[.,]\d+)$/.test(cleaned)) return null;
  const value = Number(cleaned.replace(",", "."));
  return value > 0 && value <= 5000 ? value : null;
}
