// A food as the pages and the API name it, per 100 g or mL, fibre apart.
import type { Macros } from "./macros";

export interface Food extends Macros {
  id: string;
  name: string;
  per_unit: string;
  is_verified: boolean;
}

/** The food that a row of the page carries in its attributes. */
export function foodOf(item: HTMLElement): Food {
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

export function need<T extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** An element with properties and children, made in one line. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
