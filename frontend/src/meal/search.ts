// The box that finds a food while somebody types.
import { make, need, type Food } from "./food";
import { localNumber, say } from "../words/words";

function contents(food: Food): string {
  const amounts = say("fat {fat}, protein {protein}, carbohydrate {carbohydrate} g in 100 {unit}", {
    fat: localNumber(String(food.fat_g)),
    protein: localNumber(String(food.protein_g)),
    carbohydrate: localNumber(String(food.carbohydrate_g)),
    unit: food.per_unit,
  });
  return food.is_verified ? amounts : `${amounts}; ${say("check the label")}`;
}

export class FoodSearch {
  private readonly input: HTMLInputElement;
  private readonly options: HTMLElement;
  private found: Food[] = [];
  private marked = -1;
  private asked = 0;

  constructor(root: HTMLElement, private readonly address: string, private readonly chosen: (food: Food) => void) {
    this.input = need<HTMLInputElement>(root, "#food-search");
    this.options = need(root, "#food-options");
    this.input.addEventListener("input", () => void this.find());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close()); // a choice keeps the focus
    void this.find(); // somebody on a slow phone may have typed before this script arrived
  }

  focus(): void {
    this.input.focus();
  }

  private async find(): Promise<void> {
    const text = this.input.value.trim();
    const turn = ++this.asked;
    if (text.length < 2) return this.close();
    try {
      const reply = await fetch(`${this.address}?q=${encodeURIComponent(text)}`);
      if (!reply.ok) throw new Error(String(reply.status));
      const foods = (await reply.json()) as Food[];
      if (turn === this.asked) this.offer(foods);
    } catch {
      if (turn === this.asked) this.tell(say("No connection: foods cannot be looked up just now. What you typed stays."));
    }
  }

  private offer(foods: Food[]): void {
    this.found = foods;
    this.marked = foods.length > 0 ? 0 : -1;
    if (foods.length === 0) return this.tell(say("Nothing found. Try another word."));
    this.options.replaceChildren(
      ...foods.map((food, i) => {
        const grams = make(
          "span",
          { className: "soft" },
          contents(food),
        );
        const item = make("li", { id: `food-option-${i}` }, food.name, grams);
        item.setAttribute("role", "option");
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.choose(i);
        });
        return item;
      }),
    );
    this.open();
  }

  private tell(text: string): void {
    this.found = [];
    this.options.replaceChildren(make("li", {}, text));
    this.open();
  }

  private open(): void {
    this.options.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.scrollIntoView({ block: "nearest" });
    this.mark();
  }

  private mark(): void {
    [...this.options.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.marked)));
    this.input.setAttribute("aria-activedescendant", this.marked >= 0 ? `food-option-${this.marked}` : "");
  }

  private close(): void {
    this.options.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  private choose(i: number): void {
    const food = this.found[i];
    if (!food) return;
    this.input.value = "";
    this.close();
    this.chosen(food);
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
