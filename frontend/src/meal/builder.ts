// Rows of foods whose sum is shown while somebody types. State lives in `rows` alone.
import { Balance } from "./balance";
import { foodOf, make, need, type Food } from "./food";
import { carbohydrate, energy_kcal, missing, parseAmount, ratio, total, type Basis, type Target } from "./macros";
import { Row } from "./row";
import { FoodSearch } from "./search";
import { localNumber, say, sayCount } from "../words/words";

export class Builder {
  readonly rows: Row[] = [];
  private readonly list: HTMLElement;
  private readonly live: HTMLElement;
  private readonly search: FoodSearch;
  private readonly balance: Balance | null;

  constructor(private readonly root: HTMLElement) {
    this.list = need(root, "[data-rows]");
    this.live = need(root, "[data-live]");
    for (const item of [...this.list.querySelectorAll<HTMLElement>("[data-row]")]) {
      this.addRow(foodOf(item), item.dataset["amount"] ?? "", item.dataset["error"] ?? "", item);
    }
    this.search = new FoodSearch(root, root.dataset["foods"] ?? "", (food) => this.choose(food));
    this.balance = root.querySelector("[data-balance-box]") ? new Balance(root, this) : null;
    this.which()?.addEventListener("change", () => this.changed());
    this.servingsInput()?.addEventListener("input", () => this.draw());
    this.draw();
  }

  /** What the meal should hold: the meal that was chosen, or the page's own. */
  target(): Target | null {
    const chosen = this.which()?.selectedOptions[0];
    const d = (chosen ?? this.root).dataset;
    const number = (text: string | undefined): number | null => (text ? Number(text) : null);
    const target = { ratio: number(d["ratio"]), energy_kcal: number(d["energy"]), protein_g: number(d["protein"]), carbohydrate_g: number(d["carbohydrate"]) };
    return Object.values(target).every((value) => value === null) ? null : target;
  }

  basis(): Basis {
    return (this.root.dataset["basis"] ?? "available") as Basis;
  }

  addRow(food: Food, amount: string, error = "", item: HTMLElement = document.createElement("li")): Row | null {
    const twice = this.rows.find((row) => row.food.id === food.id);
    if (twice) {
      twice.input.focus();
      return null;
    }
    const look = { isLockable: "lockable" in this.root.dataset, isMixing: "mixing" in this.root.dataset };
    const row = new Row(food, item, amount, error, look, {
      changed: () => this.changed(),
      removed: (gone) => this.remove(gone),
      swap: (out) => void this.balance?.swap(out),
    });
    this.rows.push(row);
    if (!item.isConnected) this.list.append(item);
    return row;
  }

  /** Another food in the place of one; its amount comes from the answer that offered it. */
  replace(out: Row, food: Food): void {
    const item = document.createElement("li");
    out.item.replaceWith(item);
    this.rows.splice(this.rows.indexOf(out), 1);
    this.addRow(food, "", "", item);
  }

  draw(): void {
    const portions = this.rows.flatMap(({ food, amount }) => (amount === null ? [] : [{ per100: food, amount }]));
    if (portions.length === 0) {
      this.live.textContent = this.rows.length > 0 && this.balance ? say("Type amounts, or let them be found.") : say("Add foods and amounts: ratio and energy appear here.");
      return;
    }
    // What a recipe makes is judged by the serving: the meal is one of them, not the whole pot.
    const servings = this.servings();
    const sum = total(portions.map(({ per100, amount }) => ({ per100, amount: amount / servings })));
    const target = this.target();
    this.live.replaceChildren(...this.lines(sum, target, servings));
    const open = this.rows.length - portions.length;
    const words = target ? missing(sum, this.basis(), target) : [];
    if (open > 0) words.unshift(sayCount("{count} amount is missing", "{count} amounts are missing", open));
    if (words.length > 0) this.live.append(make("p", { className: "live__missing" }, words.join(" · ")));
  }

  private lines(sum: ReturnType<typeof total>, target: Target | null, servings: number): HTMLElement[] {
    const basis = this.basis();
    const r = ratio(sum, basis);
    const main = make(
      "p",
      { className: "live__main" },
      figure(r === null ? say("fat only") : `${localNumber(r.toFixed(2))}:1`, target?.ratio ? say("of {amount}", { amount: `${localNumber(String(target.ratio))}:1` }) : ""),
      figure(`${energy_kcal(sum, basis).toFixed(0)} kcal`, target?.energy_kcal ? say("of {amount}", { amount: target.energy_kcal.toFixed(0) }) : ""),
    );
    const grams = (value: number): string => localNumber(value.toFixed(1));
    const amounts = { fat: grams(sum.fat_g), protein: grams(sum.protein_g), carbohydrate: grams(carbohydrate(sum, basis)) };
    const most = target?.ratio === null && target.carbohydrate_g !== null ? grams(target.carbohydrate_g) : null;
    const words =
      most === null
        ? say("Fat {fat} g · protein {protein} g · carbohydrate {carbohydrate} g", amounts)
        : say("Fat {fat} g · protein {protein} g · carbohydrate {carbohydrate} g of {most}", { ...amounts, most });
    return [main, make("p", {}, servings > 1 ? say("{amounts} in each serving", { amounts: words }) : words)];
  }

  private changed(): void {
    this.balance?.forget();
    this.draw();
  }

  private choose(food: Food): void {
    const row = this.addRow(food, "");
    this.changed();
    row?.input.focus();
  }

  private remove(row: Row): void {
    this.rows.splice(this.rows.indexOf(row), 1);
    row.item.remove();
    this.changed();
    this.search.focus();
  }

  private which(): HTMLSelectElement | null {
    return this.root.closest("form")?.querySelector<HTMLSelectElement>("[data-which]") ?? null;
  }

  private servingsInput(): HTMLInputElement | null {
    if (!("perServing" in this.root.dataset)) return null;
    return this.root.closest("form")?.querySelector<HTMLInputElement>('input[name="servings"]') ?? null;
  }

  private servings(): number {
    const typed = parseAmount(this.servingsInput()?.value ?? "1");
    return typed !== null && typed >= 1 ? typed : 1;
  }
}

function figure(value: string, of: string): HTMLElement {
  const span = make("span", {}, value);
  if (of) span.append(" ", make("small", {}, of));
  return span;
}
