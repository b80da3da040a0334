// One food of a meal: its name, an amount, a lock, a swap and a way out.
import { make, type Food } from "./food";
import { parseAmount } from "./macros";
import { say } from "../words/words";

export interface RowEvents {
  changed: () => void;
  removed: (row: Row) => void;
  swap: (row: Row) => void;
}

export interface RowLook {
  isLockable: boolean;
  isMixing: boolean;
}

const SVG = "http://www.w3.org/2000/svg";

export class Row {
  readonly input: HTMLInputElement;
  private readonly lock: HTMLButtonElement | null = null;
  private readonly posted: HTMLInputElement | null = null;

  constructor(
    readonly food: Food,
    readonly item: HTMLElement,
    amount: string,
    error: string,
    look: RowLook,
    events: RowEvents,
  ) {
    item.className = look.isLockable ? "row row--lockable" : "row";
    this.input = make("input", { name: "amount", value: amount, inputMode: "decimal", autocomplete: "off", id: `amount-${food.id}` });
    const id = make("input", { type: "hidden", name: "food", value: food.id });
    const label = make("label", { htmlFor: this.input.id }, food.name);
    const line = make("div", { className: "field__line field__line--unit" }, this.input, make("span", { className: "unit" }, food.per_unit));
    item.replaceChildren(id, label, line);
    if (look.isLockable) {
      this.lock = button(say("Lock"), "i-lock", () => this.setLocked(!this.isLocked));
      item.append(this.lock);
      if (look.isMixing) {
        this.posted = make("input", { type: "hidden", name: "locked", value: food.id, disabled: true });
        item.append(this.posted);
      } else {
        item.append(button(say("Swap {food} for another food", { food: food.name }), "i-swap", () => events.swap(this)));
      }
      this.setLocked("locked" in item.dataset);
    }
    item.append(button(say("Remove {food}", { food: food.name }), "i-close", () => events.removed(this)));
    if (error) {
      item.append(make("p", { className: "error" }, error));
      this.input.setAttribute("aria-invalid", "true");
    }
    this.input.addEventListener("input", events.changed);
  }

  get amount(): number | null {
    return parseAmount(this.input.value);
  }

  get isLocked(): boolean {
    return this.lock?.getAttribute("aria-pressed") === "true";
  }

  setLocked(isLocked: boolean): void {
    this.lock?.setAttribute("aria-pressed", String(isLocked));
    const food = this.food.name;
    this.lock?.setAttribute("aria-label", isLocked ? say("{food} is locked at this amount", { food }) : say("{food} is free to change", { food }));
    if (this.posted) this.posted.disabled = !isLocked;
  }

  setAmount(amount: number): void {
    this.input.value = String(amount);
    this.input.removeAttribute("aria-invalid");
    this.item.querySelector(".error")?.remove();
  }
}

function button(label: string, icon: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", className: "button button--icon" });
  made.setAttribute("aria-label", label);
  made.title = label;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${icon}`);
  svg.append(use);
  made.append(svg);
  made.addEventListener("click", act);
  return made;
}
