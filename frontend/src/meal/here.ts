// Balancing a meal on this phone, where no server answers: two or three foods directly, more
// of them in the proportions that they have, with the fattest one to adjust.
import { recipeAndFat, threeAdjusters, twoAdjusters, type Goal, type Mix, type Portion } from "./adjust";
import { carbohydrate, energy_kcal, ratio, total, type Basis, type Macros, type Target } from "./macros";
import { localNumber, say } from "../words/words";

export interface Part {
  per100: Macros;
  per_unit: string;
  amount: number | null;
  isLocked: boolean;
}

export type Here = { amounts: number[]; words: string } | { words: string };

export interface Bounds {
  protein_least_g: number | null;
  carbohydrate_most_g: number | null;
}

const RATIO_TOLERANCE = 0.05;
const ENERGY_TOLERANCE_PERCENT = 2;

/** An amount for every part, in whole steps, with what the rounded meal holds; or why not. */
export function balanceHere(parts: Part[], target: Target, basis: Basis, scaleStep_g: number, bounds: Bounds): Here {
  if (target.ratio === null || target.energy_kcal === null) return { words: say("This meal has no ratio and energy to be balanced to.") };
  const goal = { energy_kcal: target.energy_kcal, ratio: target.ratio, basis };
  const open = parts.filter((part) => !part.isLocked);
  const fixed = parts.filter((part) => part.isLocked && part.amount !== null).map(portionOf);
  const mix = mixed(open, fixed, goal, target.protein_g ?? 0);
  if (mix === null) return { words: say("Without a network, two or three foods can be balanced, or more that have amounts.") };
  if ("refused" in mix) return { words: mix.refused === "alike" ? say("These foods are too alike to be balanced against each other.") : say("With these foods one amount would have to be less than nothing.") };
  const found = new Map(open.map((part, i) => [part, rounded(mix.amounts[i] ?? 0, part, scaleStep_g)]));
  const amounts = parts.map((part) => found.get(part) ?? part.amount ?? 0);
  return { amounts, words: [inWords(parts, amounts, goal), ...broken(parts, amounts, basis, bounds)].join(" ") };
}

function mixed(open: Part[], fixed: Portion[], goal: Goal, protein_g: number): Mix | null {
  const [a, b, c] = open;
  if (a && b && open.length === 2) return twoAdjusters(a.per100, b.per100, goal, fixed);
  if (open.length > 2 && open.every((part) => part.amount !== null)) return inProportion(open, fixed, goal);
  if (a && b && c && open.length === 3) return threeAdjusters([a.per100, b.per100, c.per100], goal, protein_g, fixed);
  return null;
}

/** The recipe's own proportions, with its fattest food to bring it to the ratio. */
function inProportion(open: Part[], fixed: Portion[], goal: Goal): Mix {
  const surplus = (m: Macros): number => m.fat_g - goal.ratio * (m.protein_g + carbohydrate(m, goal.basis));
  const fattest = open.reduce((most, part) => (surplus(part.per100) > surplus(most.per100) ? part : most));
  const recipe = open.filter((part) => part !== fattest);
  const mix = recipeAndFat(recipe.map(portionOf), fattest.per100, goal, fixed);
  if ("refused" in mix) return mix;
  const [times = 0, fat = 0] = mix.amounts;
  return { amounts: open.map((part) => (part === fattest ? fat : (part.amount ?? 0) * times)) };
}

/** The direct way holds no bounds, so what it misses of them is said. */
function broken(parts: Part[], amounts: number[], basis: Basis, bounds: Bounds): string[] {
  const sum = total(parts.map((part, i) => ({ per100: part.per100, amount: amounts[i] ?? 0 })));
  const carbohydrate_g = carbohydrate(sum, basis);
  const words: string[] = [];
  if (bounds.protein_least_g !== null && sum.protein_g < bounds.protein_least_g) {
    words.push(say("It holds {grams} g protein, less than the {least} g asked for.", { grams: localNumber(sum.protein_g.toFixed(1)), least: localNumber(String(bounds.protein_least_g)) }));
  }
  if (bounds.carbohydrate_most_g !== null && carbohydrate_g > bounds.carbohydrate_most_g) {
    words.push(say("It holds {grams} g carbohydrate, more than the {most} g asked for.", { grams: localNumber(carbohydrate_g.toFixed(1)), most: localNumber(String(bounds.carbohydrate_most_g)) }));
  }
  return words;
}

function portionOf(part: Part): Portion {
  return { per100: part.per100, amount: part.amount ?? 0 };
}

function rounded(amount: number, part: Part, scaleStep_g: number): number {
  const step = part.per_unit === "g" ? scaleStep_g : 1;
  // Back through a decimal text: 0.1 has no exact binary form.
  return Number((Math.round(amount / step) * step).toFixed(2));
}

function inWords(parts: Part[], amounts: number[], goal: Goal): string {
  const sum = total(parts.map((part, i) => ({ per100: part.per100, amount: amounts[i] ?? 0 })));
  const r = ratio(sum, goal.basis);
  const energy = energy_kcal(sum, goal.basis);
  const words = say("Worked out on this phone, without the server: {ratio} and {energy} kcal after rounding.", {
    ratio: r === null ? say("fat only") : `${localNumber(r.toFixed(2))}:1`,
    energy: energy.toFixed(0),
  });
  const isNear = r !== null && Math.abs(r - goal.ratio) <= RATIO_TOLERANCE && Math.abs(energy / goal.energy_kcal - 1) * 100 <= ENERGY_TOLERANCE_PERCENT;
  return isNear ? words : `${words} ${say("That misses the target: find the amounts again with a network.")}`;
}
