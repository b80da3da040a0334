// What an entry is called while only this phone has it; afterwards the server's words stand.
import type { Field, Kind, Medicine, Served, Today, Values } from "./wire";
import { localNumber, say, sayCount } from "../../words/words";

export function kindOf(today: Today, slug: string): Kind | undefined {
  return today.kinds.find((k) => k.slug === slug);
}

export function choiceLabel(field: Field | undefined, value: unknown): string {
  return field?.choices.find(([v]) => v === String(value))?.[1] ?? "";
}

/** “7 spasms”, “at least 7 spasms”, “not counted”: the same words as the server's. */
export function countWords(values: Values): string {
  const count = values["spasm_count"];
  if (typeof count !== "number") return say("not counted");
  switch (values["count_kind"]) {
    case "estimated":
      return sayCount("about {count} spasm", "about {count} spasms", count);
    case "at_least":
      return sayCount("at least {count} spasm", "at least {count} spasms", count);
    default:
      return sayCount("{count} spasm", "{count} spasms", count);
  }
}

/** The first letter large; German nouns keep theirs. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
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
      return say("Spasms seen: {count}", { count: countWords(values) });
    case "other-seizure":
      return say("Other seizure: {looks}", { looks: choiceLabel(field("looks"), values["looks"]) });
    case "meal":
    case "breastfeed":
      return say("Eaten: {meal}", { meal: mealName(kind, values) });
    case "dose":
      return doseTitle(today.medicines, values);
    case "observation":
      return watchTitle(values["watch"], values["part"]);
    case "watched-so-far":
      return say("Nothing seen, watched so far");
    case "check-in":
      return say("Check-in");
    case "question":
      return say("Question: {text}", { text: String(values["text"] ?? "") });
    case "reminder-answer":
      return values["what"] === "seen" ? say("Reminder: I am on it") : say("Reminder: again in {minutes} min", { minutes: String(values["minutes"]) });
    case "illness":
      return String(values["what"] || (values["fever"] === true ? say("Fever") : say("Illness")));
    default:
      return `${kind?.title ?? slug}: ${valueWords(kind, values)}`;
  }
}

function mealName(kind: Kind | undefined, values: Values): string {
  return String(values["name"] ?? kind?.title ?? say("meal"));
}

/** “Watched, evening”. */
export function watchTitle(watch: unknown, part: unknown): string {
  return `${watchWords(watch)}, ${partWords(String(part))}`;
}

function watchWords(watch: unknown): string {
  return { watched: say("Watched"), monitor: say("Heard on a monitor"), not_watched: say("Not watched") }[String(watch)] ?? "–";
}

export function partWords(part: string): string {
  return { night: say("night"), morning: say("morning"), afternoon: say("afternoon"), evening: say("evening") }[part] ?? part;
}

function doseTitle(medicines: Medicine[], values: Values): string {
  const medicine = medicines.find((m) => m.id === values["medicine"]);
  const name = medicine?.name ?? say("Medicine");
  if (values["outcome"] === "skipped" || !values["amount"]) return say("{medicine} not given", { medicine: name });
  return `${name} ${localNumber(plain(values["amount"]))} ${medicine?.unit ?? ""}`.trim();
}

/** “3.2 mmol/L”, “+++”. */
export function valueWords(kind: Kind | undefined, values: Values): string {
  const field = kind?.fields.find((f) => f.name === "value");
  const choice = choiceLabel(field, plain(values["value"]));
  if (choice) return choice;
  return `${localNumber(plain(values["value"]))} ${String(values["unit"] ?? kind?.fixed["unit"] ?? field?.unit ?? "")}`.trim();
}

/** What is said back at once: the value, its unit, its time. */
export function echoOf(today: Today, slug: string, values: Values, clock: string): string {
  return `${shortTitle(today, slug, values)}${clock === "" ? "" : `, ${clock}`}`;
}

function shortTitle(today: Today, slug: string, values: Values): string {
  if (slug === "cluster") return countWords(values);
  if (slug === "meal" || slug === "breastfeed") return mealName(kindOf(today, slug), values);
  return titleOf(today, slug, values);
}

/** What an entry's line adds: left-overs, remarks. */
export function detailOf(today: Today, slug: string, values: Values): string {
  const kind = kindOf(today, slug);
  const words: string[] = [];
  for (const item of (values["served"] as Served[] | undefined) ?? []) {
    if (Number(item.left) > 0) words.push(say("{amount} {unit} {food} left", { amount: localNumber(plain(item.left)), unit: item.unit, food: item.food_name }));
  }
  for (const name of ["state_at_onset", "vomited"]) {
    const field = kind?.fields.find((f) => f.name === name);
    if (values[name] && values[name] !== "no") words.push(choiceLabel(field, values[name]));
  }
  if (values["certainty"] === "not_sure") words.push(say("not sure"));
  for (const name of ["off_plan", "reason", "note", "answer"]) {
    if (typeof values[name] === "string" && values[name] !== "") words.push(values[name]);
  }
  return words.filter((w) => w !== "").join(", ");
}
