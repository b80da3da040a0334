// What the typed numbers make for each kilogram of the latest weight.
import { parseAmount } from "../meal/macros";
import { localNumber, say, usePageWords } from "../words/words";

await usePageWords();
const form = document.querySelector<HTMLFormElement>("[data-prescription]");
const line = form?.querySelector<HTMLElement>("[data-per-kg]");
const kg = Number(form?.dataset["weightKg"] ?? 0);

function typed(name: string): number | null {
  return parseAmount(form?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? "");
}

function show(): void {
  if (!line) return;
  const energy = typed("energy_kcal");
  const protein = typed("protein_g");
  const weight = typed("weight_kg") ?? kg;
  const words = [energy && weight ? `${(energy / weight).toFixed(0)} kcal/kg` : "", protein && weight ? say("protein {amount} g/kg", { amount: localNumber((protein / weight).toFixed(2)) }) : ""].filter(Boolean);
  line.hidden = words.length === 0;
  line.textContent = words.length > 0 ? say("At {weight} kg: {amounts}", { weight: localNumber(weight.toFixed(2)), amounts: words.join(", ") }) : "";
}

form?.addEventListener("input", show);
show();
