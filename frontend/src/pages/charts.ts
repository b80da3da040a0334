// Under every chart: the row of its table that belongs to the place pointed at, touched or reached by a key.
// A slot (an unseen rectangle in the drawing) and a row belong together by data-row; the words are the row's own.
// Without this script the picture, its sentence and its table stand as they are.
import { language, say, usePageWords } from "../words/words";

/** A slot's rectangle in the drawing's own units. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const A_WEEK = 7;
const NOTHING_CHOSEN = -1;

/** The place nearest to a point, so that a finger beside a thin column finds it too; -1 when there is none. */
export function nearest(places: readonly Place[], x: number, y: number): number {
  let found = NOTHING_CHOSEN;
  let least = Infinity;
  places.forEach((place, i) => {
    const dx = Math.max(place.x - x, 0, x - place.x - place.width);
    const dy = Math.max(place.y - y, 0, y - place.y - place.height);
    const far = Math.hypot(dx, dy);
    if (far < least) [found, least] = [i, far];
  });
  return found;
}

/** Where a key leads from the row that is chosen; null when the key is not the chart's. */
export function moved(key: string, from: number, count: number): number | null {
  const last = count - 1;
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -A_WEEK, PageDown: A_WEEK };
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "Escape") return from === NOTHING_CHOSEN ? null : NOTHING_CHOSEN;
  const step = steps[key];
  if (step === undefined) return null;
  if (from === NOTHING_CHOSEN) return step > 0 ? 0 : last;
  return Math.min(last, Math.max(0, from + step));
}

/** A row of a table in words: “Tue 3 Nov 2026: 2 clusters seen, 12 spasms, weight 7.4 kg”. */
export function said(heads: readonly string[], cells: readonly string[]): string {
  const [name = "", ...values] = cells;
  const parts = values.map((value, i) => {
    const repeated = i > 0 && value === values[0]; // “not recorded” once is enough
    return value === "-" || repeated ? "" : withItsHead(heads[i + 1] ?? "", value, i === 0);
  });
  return `${name}: ${parts.filter(Boolean).join(", ")}`;
}

/** A value with the name of its column, unless it names itself. A unit after a comma follows the number. */
function withItsHead(head: string, value: string, isFirst: boolean): string {
  const [its, own] = [head.toLowerCase(), value.toLowerCase()];
  const names = its.match(/\p{L}{4,}/gu) ?? [];
  const namesItself = its.includes(own) || names.some((word) => own.includes(word.replace(/s$/, "")));
  if (/^\d/.test(own) ? namesItself : namesItself || isFirst) return value;
  const [what = "", unit = ""] = head.split(", ");
  const named = language() === "de" ? what : `${what.charAt(0).toLowerCase()}${what.slice(1)}`; // German nouns stay large
  return `${named} ${value} ${unit}`.trim();
}

/** What a picture holds: its slots in the order of their rows, and its links, if days open. */
interface Picture {
  root: HTMLElement;
  svg: SVGSVGElement;
  slots: SVGRectElement[];
  places: Place[];
  links: SVGAElement[];
}

function pictureIn(root: HTMLElement): Picture[] {
  const svg = root.querySelector("svg");
  if (!svg) return [];
  const slots = [...svg.querySelectorAll<SVGRectElement>(".c-slot")].sort((a, b) => rowOf(a) - rowOf(b));
  const places = slots.map(({ x, y, width, height }) => ({
    x: x.baseVal.value,
    y: y.baseVal.value,
    width: width.baseVal.value,
    height: height.baseVal.value,
  }));
  return [{ root, svg, slots, places, links: [...svg.querySelectorAll<SVGAElement>("a")] }];
}

function rowOf(element: Element): number {
  return Number(element.getAttribute("data-row"));
}

function textsOf(row: Element): string[] {
  return [...row.children].map((cell) => cell.textContent?.trim() ?? "");
}

/** One chart: what is chosen, the line that says it, and the pictures (narrow and wide) that show it. */
class Reader {
  private chosen = NOTHING_CHOSEN;
  private readonly pictures: Picture[];
  private readonly words: string[];
  private readonly hint: string;

  constructor(
    private readonly figure: HTMLElement,
    private readonly line: HTMLElement,
  ) {
    const heads = [...figure.querySelectorAll("thead tr")].flatMap(textsOf);
    const rows = [...figure.querySelectorAll("tbody tr")].sort((a, b) => rowOf(a) - rowOf(b));
    this.words = rows.map((row) => said(heads, textsOf(row)));
    this.pictures = [...figure.querySelectorAll<HTMLElement>("[data-picture]")].flatMap(pictureIn);
    const points = matchMedia("(hover: hover)").matches;
    this.hint = points ? say("Point at the picture to read it here, or use the arrow keys.") : say("Touch the picture to read it here.");
  }

  start(): void {
    this.line.textContent = this.hint;
    for (const picture of this.pictures) {
      if (picture.links.length > 0) this.followLinks(picture);
      else this.makeReadable(picture);
      // A mouse that leaves takes its words along; a finger that is lifted leaves them to be read.
      picture.root.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.choose(NOTHING_CHOSEN));
      picture.root.addEventListener("focusout", () => this.choose(NOTHING_CHOSEN));
      picture.root.addEventListener("keydown", (event) => this.press(picture, event));
    }
    // A link that has the focus says its own name; said twice would be once too often.
    const isSpoken = this.pictures.every((picture) => picture.links.length === 0);
    this.line.setAttribute("aria-live", isSpoken ? "polite" : "off");
  }

  /** One stop for the tab key around the picture, which stays an image with its name. */
  private makeReadable(picture: Picture): void {
    const { root } = picture;
    const title = this.figure.querySelector(".chart__title")?.textContent?.trim() ?? "";
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    root.setAttribute("aria-label", say("{title}. Left and right arrow keys read it piece by piece.", { title }));
    root.classList.add("chart__picture--reads");
    root.addEventListener("click", (event) => this.point(picture, event));
    root.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") root.focus({ preventScroll: true }); // so that a touch elsewhere clears
      this.point(picture, event);
    });
  }

  /** Days that open stay links, with one of them in the order of the tab key: the latest. */
  private followLinks(picture: Picture): void {
    picture.links.forEach((link, i, all) => {
      link.tabIndex = i === all.length - 1 ? 0 : -1;
      link.addEventListener("focus", () => {
        for (const other of all) other.tabIndex = other === link ? 0 : -1;
        this.choose(i);
      });
    });
    picture.root.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(picture, event));
  }

  private point(picture: Picture, event: MouseEvent): void {
    const box = picture.svg.getBoundingClientRect();
    const scale = picture.svg.viewBox.baseVal.width / box.width;
    this.choose(nearest(picture.places, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale));
  }

  private press(picture: Picture, event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return; // Alt and Left is “back”
    const row = moved(event.key, this.chosen, picture.slots.length);
    if (row === null) return;
    event.preventDefault();
    picture.links[row]?.focus(); // which chooses it, too
    this.choose(row);
    picture.slots[row]?.scrollIntoView({ block: "nearest" });
  }

  private choose(row: number): void {
    if (row === this.chosen) return;
    for (const { slots } of this.pictures) {
      slots[this.chosen]?.classList.remove("c-slot--here");
      slots[row]?.classList.add("c-slot--here");
    }
    this.chosen = row;
    this.line.classList.toggle("chart__readout--says", row !== NOTHING_CHOSEN);
    this.line.textContent = this.words[row] ?? this.hint;
  }
}

// A test without a browser has no document and imports only the functions above.
if (globalThis.document) await usePageWords();
globalThis.document?.querySelectorAll<HTMLElement>("[data-chart]:not([data-chart=read])").forEach((figure) => {
  const line = figure.querySelector<HTMLElement>("[data-readout]");
  if (!line) return;
  figure.dataset["chart"] = "read"; // once, however often a page loads this
  new Reader(figure, line).start();
});
