import { energy_kcal, missing, parseAmount, ratio, total, carbohydrate, type Basis, type Macros, type Target } from "./macros";

interface Food extends Macros {
  id: string;
  name: string;
  per_unit: string;
  is_verified: boolean;
}

interface Row {
  food: Food;
  input: HTMLInputElement;
}

/** Rows of foods whose sum is shown while somebody types. State lives in `rows` alone. */
export class Builder {
  private readonly rows: Row[] = [];
  private readonly list: HTMLElement;
  private readonly live: HTMLElement;
  private readonly search: HTMLInputElement;
  private readonly options: HTMLElement;
  private found: Food[] = [];
  private marked = -1;
  private asked = 0;

  constructor(private readonly root: HTMLElement) {
    this.list = need(root, "[data-rows]");
    this.live = need(root, "[data-live]");
    this.search = need<HTMLInputElement>(root, "#food-search");
    this.options = need(root, "#food-options");
    for (const item of [...this.list.querySelectorAll<HTMLElement>("[data-row]")]) {
      this.addRow(foodOf(item), item.dataset["amount"] ?? "", item.dataset["error"] ?? "", item);
    }
    this.search.addEventListener("input", () => void this.find());
    this.search.addEventListener("keydown", (event) => this.key(event));
    this.search.addEventListener("blur", () => this.close()); // a choice keeps the focus
    this.draw();
    void this.find(); // somebody on a slow phone may have typed before this script arrived
  }

  private addRow(food: Food, amount: string, error: string, item: HTMLElement = document.createElement("li")): void {
    item.className = "row";
    const label = document.createElement("label");
    label.textContent = food.name;
    const input = document.createElement("input");
    Object.assign(input, { name: "amount", value: amount, inputMode: "decimal", autocomplete: "off", id: `amount-${this.rows.length}-${food.id}` });
    label.htmlFor = input.id;
    const id = Object.assign(document.createElement("input"), { type: "hidden", name: "food", value: food.id });
    const line = document.createElement("div");
    line.className = "field__line field__line--unit";
    const unit = Object.assign(document.createElement("span"), { className: "unit", textContent: food.per_unit });
    line.append(input, unit);
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "×" });
    remove.setAttribute("aria-label", `Remove ${food.name}`);
    item.replaceChildren(id, label, line, remove);
    if (error) {
      item.append(Object.assign(document.createElement("p"), { className: "error", textContent: error }));
      input.setAttribute("aria-invalid", "true");
    }
    const row: Row = { food, input };
    this.rows.push(row);
    if (!item.isConnected) this.list.append(item);
    input.addEventListener("input", () => this.draw());
    remove.addEventListener("click", () => {
      this.rows.splice(this.rows.indexOf(row), 1);
      item.remove();
      this.draw();
      this.search.focus();
    });
  }

  private draw(): void {
    const basis = (this.root.dataset["basis"] ?? "available") as Basis;
    const target = targetOf(this.root);
    const portions = this.rows.flatMap(({ food, input }) => {
      const amount = parseAmount(input.value);
      return amount === null ? [] : [{ per100: food, amount }];
    });
    if (portions.length === 0) {
      this.live.textContent = "Add foods and amounts: ratio and energy appear here.";
      return;
    }
    const sum = total(portions);
    const r = ratio(sum, basis);
    const main = document.createElement("p");
    main.className = "live__main";
    main.append(figure(r === null ? "fat only" : `${r.toFixed(2)}:1`, target ? `of ${Number(target.ratio)}:1` : ""), figure(`${energy_kcal(sum, basis).toFixed(0)} kcal`, target ? `of ${target.energy_kcal.toFixed(0)}` : ""));
    const grams = document.createElement("p");
    grams.textContent = `Fat ${sum.fat_g.toFixed(1)} g · protein ${sum.protein_g.toFixed(1)} g · carbohydrate ${carbohydrate(sum, basis).toFixed(1)} g`;
    this.live.replaceChildren(main, grams);
    const open = this.rows.length - portions.length;
    const words = target ? missing(sum, basis, target) : [];
    if (open > 0) words.unshift(`${open} ${open === 1 ? "amount is" : "amounts are"} missing`);
    if (words.length > 0) {
      const line = document.createElement("p");
      line.className = "live__missing";
      line.textContent = words.join(" · ");
      this.live.append(line);
    }
  }

  private async find(): Promise<void> {
    const text = this.search.value.trim();
    const turn = ++this.asked;
    if (text.length < 2) return this.close();
    try {
      const reply = await fetch(`${this.root.dataset["foods"]}?q=${encodeURIComponent(text)}`);
      if (!reply.ok) throw new Error(String(reply.status));
      const foods = (await reply.json()) as Food[];
      if (turn === this.asked) this.offer(foods);
    } catch {
      if (turn === this.asked) this.say("No connection: foods cannot be looked up just now. What you typed stays.");
    }
  }

  private offer(foods: Food[]): void {
    this.found = foods;
    this.marked = foods.length > 0 ? 0 : -1;
    if (foods.length === 0) return this.say("Nothing found. Try another word.");
    this.options.replaceChildren(
      ...foods.map((food, i) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.id = `food-option-${i}`;
        item.append(food.name);
        const grams = Object.assign(document.createElement("span"), {
          className: "soft",
          textContent: `fat ${food.fat_g}, protein ${food.protein_g}, carbohydrate ${food.carbohydrate_g} g in 100 ${food.per_unit}${food.is_verified ? "" : "; check the label"}`,
        });
        item.append(grams);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.choose(i);
        });
        return item;
      }),
    );
    this.open();
  }

  private say(text: string): void {
    this.found = [];
    this.options.replaceChildren(Object.assign(document.createElement("li"), { textContent: text }));
    this.open();
  }

  private open(): void {
    this.options.hidden = false;
    this.search.setAttribute("aria-expanded", "true");
    this.search.scrollIntoView({ block: "nearest" });
    this.mark();
  }

  private mark(): void {
    [...this.options.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.marked)));
    this.search.setAttribute("aria-activedescendant", this.marked >= 0 ? `food-option-${this.marked}` : "");
  }

  private close(): void {
    this.options.hidden = true;
    this.search.setAttribute("aria-expanded", "false");
  }

  private choose(i: number): void {
    const food = this.found[i];
    if (!food) return;
    this.addRow(food, "", "");
    this.search.value = "";
    this.close();
    this.draw();
    this.rows[this.rows.length - 1]?.input.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      event.preventDefault(); // never send the form from the search box
      this.choose(this.marked);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.marked = Math.max(0, Math.min(this.found.length - 1, this.marked + step));
      this.mark();
    } else if (event.key === "Escape") {
      this.close();
    }
  }
}

function figure(value: string, of: string): HTMLElement {
  const span = document.createElement("span");
  span.append(value);
  if (of) span.append(" ", Object.assign(document.createElement("small"), { textContent: of }));
  return span;
}

function foodOf(item: HTMLElement): Food {
  const d = item.dataset;
  return {
    id: d["id"] ?? "",
    name: d["name"] ?? "",
    per_unit: d["unit"] ?? "g",
    fat_g: Number(d["fat"]),
    protein_g: Number(d["protein"]),
    carbohydrate_g: Number(d["carbohydrate"]),
    fibre_g: Number(d["fibre"]),
    is_verified: true,
  };
}

function targetOf(root: HTMLElement): Target | null {
  const d = root.dataset;
  if (!d["ratio"]) return null;
  return { ratio: Number(d["ratio"]), energy_kcal: Number(d["energy"]), protein_g: Number(d["protein"]) };
}

function need<T extends HTMLElement = HTMLElement>(root: HTMLElement, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
