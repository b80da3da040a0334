// What an entry is called while only this phone has it; afterwards the server's words stand.
import type { Field, Kind, Medicine, Served, Today, Values } from "./wire";

export function kindOf(today: Today, slug: string): Kind | undefined {
  return today.kinds.find((k) => k.slug === slug);
}

export function choiceLabel(field: Field | undefined, value: unknown): string {
  return field?.choices.find(([v]) => v === String(value))?.[1] ?? "";
}

/** “7 spasms”, “at least 7 spasms”, “not counted”: the same words as the server's. */
export function countWords(values: Values): string {
  const count = values["spasm_count"];
  if (typeof count !== "number") return "not counted";
  const prefix = { estimated: "about ", at_least: "at least " }[String(values["count_kind"])] ?? "";
  return `${prefix}${count} spasm${count === 1 ? "" : "s"}`;
}

/** A decimal as it was typed, without empty decimals: “3.20” is “3.2”. */
export function plain(value: unknown): string {
  const text = String(value ?? "");
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function titleOf(today: Today, slug: string, values: Values): string {
  const kind = kindOf(today, slug);
  const field = (name: string): Field | undefined => kind?.fields.find((f) => f.name === name);
  switch (slug) {
    case "cluster":
      return `Spasms seen: ${countWords(values)}`;
    case "other-seizure":
      return `Other seizure: ${choiceLabel(field("looks"), values["looks"])}`;
    case "meal":
    case "breastfeed":
      return `Eaten: ${String(values["name"] ?? kind?.title ?? "meal")}`;
    case "dose":
      return doseTitle(today.medicines, values);
    case "observation":
      return `${watchWords(values["watch"])}, ${String(values["part"])}`;
    case "watched-so-far":
      return "Nothing seen, watched so far";
    case "check-in":
      return "Check-in";
    case "question":
      return `Question: ${String(values["text"] ?? "")}`;
    case "reminder-answer":
      return values["what"] === "seen" ? "Reminder: I am on it" : `Reminder: again in ${String(values["minutes"])} min`;
    case "illness":
      return String(values["what"] || (values["fever"] === true ? "Fever" : "Illness"));
    default:
      return `${kind?.title ?? slug}: ${valueWords(kind, values)}`;
  }
}

export function watchWords(watch: unknown): string {
  return { watched: "Watched", monitor: "Heard on a monitor", not_watched: "Not watched" }[String(watch)] ?? "–";
}

function doseTitle(medicines: Medicine[], values: Values): string {
  const medicine = medicines.find((m) => m.id === values["medicine"]);
  const name = medicine?.name ?? "Medicine";
  if (values["outcome"] === "skipped" || !values["amount"]) return `${name} not given`;
  return `${name} ${plain(values["amount"])} ${medicine?.unit ?? ""}`.trim();
}

/** “3.2 mmol/L”, “+++”. */
export function valueWords(kind: Kind | undefined, values: Values): string {
  const field = kind?.fields.find((f) => f.name === "value");
  const choice = choiceLabel(field, plain(values["value"]));
  if (choice) return choice;
  return `${plain(values["value"])} ${String(values["unit"] ?? kind?.fixed["unit"] ?? field?.unit ?? "")}`.trim();
}

/** What is said back at once: the value, its unit, its time. */
export function echoOf(today: Today, slug: string, values: Values, clock: string): string {
  const title = slug === "cluster" ? countWords(values) : titleOf(today, slug, values).replace(/^Eaten: /, "");
  return `${title}${clock === "" ? "" : `, ${clock}`}`;
}

/** What an entry's line adds: left-overs, remarks. */
export function detailOf(today: Today, slug: string, values: Values): string {
  const kind = kindOf(today, slug);
  const words: string[] = [];
  for (const item of (values["served"] as Served[] | undefined) ?? []) {
    if (Number(item.left) > 0) words.push(`${plain(item.left)} ${item.unit} ${item.food_name} left`);
  }
  for (const name of ["state_at_onset", "vomited"]) {
    const field = kind?.fields.find((f) => f.name === name);
    if (values[name] && values[name] !== "no") words.push(choiceLabel(field, values[name]));
  }
  if (values["certainty"] === "not_sure") words.push("not sure");
  for (const name of ["off_plan", "reason", "note", "answer"]) {
    if (typeof values[name] === "string" && values[name] !== "") words.push(values[name]);
  }
  return words.filter((w) => w !== "").join(", ");
}
