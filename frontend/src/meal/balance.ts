// Asks the solver for the grams of a meal, and shows what came back: amounts, or what stands in the way.
import type { Builder } from "./builder";
import { make, need, type Food } from "./food";
import { balanceHere, type Bounds } from "./here";
import { parseAmount } from "./macros";
import type { Row } from "./row";
import { localNumber, say } from "../words/words";

interface Fix {
  food: string;
  amount: number;
}

interface Answer {
  status: "ok" | "infeasible" | "undecided";
  amounts: { food: string; amount: number }[];
  ratio: number | null;
  energy_kcal: number | null;
  sensitivity: string;
  advice: string;
  protein: string;
  batch_meals: number | null;
  message: string;
  fixes: Fix[];
}

interface Exchange {
  food: Food;
  answer: Answer;
}

function offline(): string {
  return say("No connection to the server just now. What you typed stays.");
}

function ratioOf(answer: Answer): string {
  return answer.ratio === null ? "–" : shown(answer.ratio.toFixed(2));
}

function shown(amount: number | string): string {
  return localNumber(String(amount));
}

export class Balance {
  private readonly button: HTMLButtonElement;
  private readonly box: HTMLElement;
  private turn = 0;

  constructor(private readonly root: HTMLElement, private readonly builder: Builder) {
    this.button = need<HTMLButtonElement>(root, "[data-balance-button]");
    this.box = need(root, "[data-balance-answer]");
    this.button.addEventListener("click", () => void this.ask());
  }

  /** What was found no longer holds once somebody changes the meal. */
  forget(): void {
    this.turn += 1;
    this.box.hidden = true;
  }

  private async ask(): Promise<void> {
    const problem = this.problem();
    if (typeof problem === "string") return this.tell(problem);
    this.tell(say("Looking for the amounts …"));
    const turn = ++this.turn;
    const answer = await this.post<Answer>(this.root.dataset["balance"] ?? "", problem);
    if (turn !== this.turn) return; // the meal was changed while the answer was on its way
    if (answer === null) return this.here();
    if (typeof answer === "string") return this.tell(answer);
    if (answer.status === "ok") this.found(answer);
    else this.refused(answer);
  }

  /** Foods that may stand in for one, each with the whole meal balanced anew. */
  async swap(out: Row): Promise<void> {
    const problem = this.problem();
    if (typeof problem === "string") return this.tell(problem);
    this.tell(say("Looking for foods in the place of {food} …", { food: out.food.name }));
    const found = await this.post<Exchange[]>(`${this.root.dataset["balance"] ?? ""}/exchange`, { meal: problem, out: out.food.id });
    if (found === null) return this.tell(offline());
    if (typeof found === "string") return this.tell(found);
    if (found.length === 0) return this.tell(say("No food like {food} makes this meal. Remove it and add another one.", { food: out.food.name }));
    const list = make("ul", { className: "choices" });
    for (const { food, answer } of found) {
      const amount = answer.amounts.find((a) => a.food === food.id)?.amount ?? 0;
      const take = make("button", { type: "button", className: "button" }, `${food.name}, ${shown(amount)} ${food.per_unit}`);
      take.addEventListener("click", () => {
        this.builder.replace(out, food);
        this.found(answer, null); // another food stands there: no amounts to go back to
      });
      list.append(make("li", {}, take));
    }
    this.show(make("p", {}, say("In the place of {food}, with all other amounts found anew:", { food: out.food.name })), list);
  }

  /** Without a server the phone balances what it can alone, and says so. */
  private here(): void {
    const target = this.builder.target();
    if (!target) return;
    const parts = this.builder.rows.map((row) => ({ per100: row.food, per_unit: row.food.per_unit, amount: row.amount, isLocked: row.isLocked }));
    const bounds = this.bounds();
    if (typeof bounds === "string") return this.tell(bounds);
    const answer = balanceHere(parts, target, this.builder.basis(), Number(this.root.dataset["scaleStep"] ?? 0.1), bounds);
    if (!("amounts" in answer)) return this.tell(`${offline()} ${answer.words}`);
    const before = this.amounts();
    this.builder.rows.forEach((row, i) => row.isLocked || row.setAmount(answer.amounts[i] ?? 0));
    this.builder.draw();
    this.show(make("p", {}, answer.words), this.backButton(before));
  }

  private amounts(): string[] {
    return this.builder.rows.map((row) => row.input.value);
  }

  private backButton(before: string[]): HTMLElement {
    const back = make("button", { type: "button", className: "button button--small" }, say("Put my amounts back"));
    back.addEventListener("click", () => {
      this.builder.rows.forEach((row, i) => (row.input.value = before[i] ?? ""));
      this.builder.draw();
      this.box.hidden = true;
    });
    return back;
  }

  private problem(): object | string {
    const target = this.builder.target();
    if (!target?.ratio || !target.energy_kcal) return say("This meal has no ratio and energy to be balanced to.");
    if (this.builder.rows.length === 0) return say("Add foods first.");
    const open = this.builder.rows.find((row) => row.isLocked && row.amount === null);
    if (open) return say("{food} is locked, but has no amount.", { food: open.food.name });
    const wrong = this.builder.rows.find((row) => row.amount === null && row.input.value.trim() !== "");
    if (wrong) return say("“{typed}” is no amount for {food}.", { typed: wrong.input.value, food: wrong.food.name });
    const bounds = this.bounds();
    if (typeof bounds === "string") return bounds;
    return {
      ratio: target.ratio,
      energy_kcal: target.energy_kcal,
      foods: this.builder.rows.map((row) => ({ food: row.food.id, amount: row.amount, is_locked: row.isLocked })),
      carbohydrate_basis: this.builder.basis(),
      protein_share_g: target.protein_g,
      protein_least_g: bounds.protein_least_g,
      carbohydrate_most_g: bounds.carbohydrate_most_g,
    };
  }

  /** What else must hold, as typed; a sentence for what is no number. */
  private bounds(): Bounds | string {
    const found: (number | null)[] = [];
    for (const selector of ["#protein-least", "#carbohydrate-most"]) {
      const text = (this.root.querySelector<HTMLInputElement>(selector)?.value ?? "").trim();
      const value = parseAmount(text);
      if (text !== "" && value === null) return say("“{typed}” is no number of grams. Write it like 4.5 or 4,5.", { typed: text });
      found.push(value);
    }
    return { protein_least_g: found[0] ?? null, carbohydrate_most_g: found[1] ?? null };
  }

  private found(answer: Answer, before: string[] | null = this.amounts()): void {
    const grams = new Map(answer.amounts.map(({ food, amount }) => [food, amount]));
    for (const row of this.builder.rows) {
      const amount = grams.get(row.food.id);
      if (amount !== undefined && !row.isLocked) row.setAmount(amount);
    }
    this.builder.draw();
    const lacks = answer.protein ? [make("p", { className: "live__missing" }, answer.protein)] : [];
    const words = [say("Found: {ratio}:1 and {energy} kcal, as your scale can weigh it.", { ratio: ratioOf(answer), energy: answer.energy_kcal?.toFixed(0) ?? "–" }), answer.sensitivity, answer.advice];
    this.show(...lacks, ...words.filter(Boolean).map((text) => make("p", {}, text)));
    if (before === null) return;
    this.box.append(this.backButton(before));
    if (answer.batch_meals !== null && answer.batch_meals > 1) this.box.append(" ", this.batchButton(answer.batch_meals, before));
  }

  private batchButton(meals: number, before: string[]): HTMLElement {
    const cook = make("button", { type: "button", className: "button button--small" }, say("Cook {count} at once", { count: meals }));
    cook.addEventListener("click", () => void this.cookBatch(meals, before));
    return cook;
  }

  /** Several meals as one dish, weighed as a whole; each meal is its part by weight. */
  private async cookBatch(meals: number, before: string[]): Promise<void> {
    this.builder.rows.forEach((row, i) => row.isLocked || (row.input.value = before[i] ?? ""));
    const problem = this.problem();
    if (typeof problem === "string") return this.tell(problem);
    const answer = await this.post<Answer>(this.root.dataset["balance"] ?? "", { ...problem, meals });
    if (answer === null) return this.tell(offline());
    if (typeof answer === "string") return this.tell(answer);
    if (answer.status !== "ok") return this.refused(answer);
    const whole = new Map(answer.amounts.map(({ food, amount }) => [food, amount]));
    const lines = this.builder.rows.map((row) => make("li", {}, `${row.food.name}: ${shown(whole.get(row.food.id) ?? 0)} ${row.food.per_unit}`));
    const sum = [...whole.values()].reduce((a, b) => a + b, 0);
    // A part of the mixed whole: it is divided by weight, so it needs no whole step of its own.
    this.builder.rows.forEach((row) => row.isLocked || row.setAmount(Number(((whole.get(row.food.id) ?? 0) / meals).toFixed(2))));
    this.builder.draw();
    this.show(
      make("p", {}, say("For {count} meals weigh, mix and divide by weight:", { count: meals })),
      make("ul", {}, ...lines),
      make("p", {}, say("Each meal is {grams} g of the mixture, {ratio}:1. Its part of each food stands above.", { grams: localNumber((sum / meals).toFixed(1)), ratio: ratioOf(answer) })),
      this.backButton(before),
    );
  }

  /** What stands in the way; a locked food's other amount can be taken with one tap. */
  private refused(answer: Answer): void {
    const list = make("ul", { className: "choices" });
    for (const fix of answer.fixes) {
      const row = this.builder.rows.find((r) => r.food.id === fix.food);
      if (!row) continue;
      const take = make("button", { type: "button", className: "button" }, say("Take {amount} {unit} {food}", { amount: shown(fix.amount), unit: row.food.per_unit, food: row.food.name }));
      take.addEventListener("click", () => {
        row.setAmount(fix.amount);
        void this.ask();
      });
      list.append(make("li", {}, take));
    }
    this.show(make("p", {}, answer.message), list);
  }

  /** The answer, the server's complaint in words, or null where no server answered. */
  private async post<T>(address: string, body: object): Promise<T | string | null> {
    this.button.disabled = true;
    try {
      const reply = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify(body),
        redirect: "error",
      });
      const answer = (await reply.json()) as T & { detail?: Record<string, string[]> | string };
      if (reply.ok) return answer;
      const detail = answer.detail;
      return typeof detail === "object" ? Object.values(detail).flat().join(" ") : String(detail ?? say("The server did not answer."));
    } catch {
      return null;
    } finally {
      this.button.disabled = false;
    }
  }

  private token(): string {
    return this.root.closest("form")?.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
  }

  private tell(text: string): void {
    this.show(make("p", {}, text));
  }

  private show(...lines: HTMLElement[]): void {
    this.box.hidden = false;
    this.box.replaceChildren(...lines);
    this.box.scrollIntoView({ block: "nearest" });
  }
}
