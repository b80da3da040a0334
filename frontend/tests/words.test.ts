import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isChecked, keepWords, locale, localNumber, say, sayCount, use, useKeptWords, type Catalogue } from "../src/words/words";

function catalogue(language: string, messages: Catalogue["messages"], other: Partial<Catalogue> = {}): Catalogue {
  return { language, direction: "ltr", decimal: ",", isChecked: false, messages, ...other };
}

const GERMAN = catalogue("de", { Save: "Speichern", "by {name} at {time}": "um {time} von {name}", Later: "" });

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});

afterEach(() => {
  use(null);
  vi.unstubAllGlobals();
});

function serve(answers: Record<string, Catalogue>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    const found = answers[address];
    return Promise.resolve({ ok: found !== undefined, json: () => Promise.resolve(found) });
  });
  return asked;
}

test("without a catalogue everything is English", () => {
  expect(say("by {name} at {time}", { name: "Ana", time: "07:12" })).toBe("by Ana at 07:12");
  expect([0, 1, 2].map((n) => sayCount("{count} spasm", "{count} spasms", n))).toEqual(["0 spasms", "1 spasm", "2 spasms"]);
  expect(localNumber("3.2")).toBe("3.2");
  expect(isChecked()).toBe(true);
  expect(new Intl.DateTimeFormat(locale(), { month: "long" }).format(new Date("2026-03-01T12:00Z"))).toBe("March");
});

test("a message is told in the reader's language, its values wherever that language wants them", () => {
  use(GERMAN);
  expect(say("Save")).toBe("Speichern");
  expect(say("by {name} at {time}", { name: "Ana", time: "07:12" })).toBe("um 07:12 von Ana");
  expect(localNumber("3.2")).toBe("3,2");
  expect(isChecked()).toBe(false);
  expect(new Intl.DateTimeFormat(locale(), { month: "long" }).format(new Date("2026-03-01T12:00Z"))).toBe("März");
});

test("what a catalogue lacks or has not translated yet is English", () => {
  use(GERMAN);
  expect(say("Undo")).toBe("Undo");
  expect(say("Later")).toBe("Later");
  expect(sayCount("{count} day", "{count} days", 1)).toBe("1 day");
  use(catalogue("de", { "{count} day": ["", ""] }));
  expect(sayCount("{count} day", "{count} days", 2)).toBe("2 days");
});

test("a value that is not given stays to be seen, and a value is never read as a message", () => {
  expect(say("{a} and {b}", { a: "{b}" })).toBe("{b} and {b}");
});

test.each([
  [0, "zero"],
  [1, "one"],
  [2, "two"],
  [3, "few"],
  [10, "few"],
  [11, "many"],
  [99, "many"],
  [100, "other"],
  [102, "other"],
  [103, "few"],
  [111, "many"],
])("Arabic has six forms: %i is %s", (count, form) => {
  use(catalogue("ar", { "{count} day": ["zero", "one", "two", "few", "many", "other"] }));
  expect(sayCount("{count} day", "{count} days", count)).toBe(form);
});

test.each([
  [0, "0 jour"],
  [1, "1 jour"],
  [2, "2 jours"],
])("French counts nought as one: %i", (count, words) => {
  use(catalogue("fr", { "{count} day": ["{count} jour", "{count} jours"] }));
  expect(sayCount("{count} day", "{count} days", count)).toBe(words);
});

test("the night log keeps its catalogue, fetches another once, and speaks it at the next start", async () => {
  const asked = serve({ "/de.json": GERMAN });
  expect(await keepWords("/de.json")).toBe(true);
  expect(await keepWords("/de.json")).toBe(false);
  expect(asked).toEqual(["/de.json"]);
  use(null);
  useKeptWords();
  expect(say("Save")).toBe("Speichern");
});

test("back to English, nothing is kept", async () => {
  serve({ "/de.json": GERMAN });
  await keepWords("/de.json");
  expect(await keepWords("")).toBe(true);
  expect(say("Save")).toBe("Save");
  useKeptWords();
  expect(say("Save")).toBe("Save");
});

test("a catalogue that is not there leaves the language as it is", async () => {
  serve({ "/de.json": GERMAN });
  await keepWords("/de.json");
  expect(await keepWords("/fr.json")).toBe(false);
  expect(say("Save")).toBe("Speichern");
});

test("a catalogue that the phone cannot read is English", () => {
  localStorage.setItem("quietdays.words", "{");
  useKeptWords();
  expect(say("Save")).toBe("Save");
});

test("a full store, or a broken one, keeps nobody from their language", async () => {
  const asked = serve({ "/de.json": GERMAN });
  vi.stubGlobal("localStorage", {
    getItem: () => "{ broken",
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: () => undefined,
  });
  useKeptWords();
  expect(say("Save")).toBe("Save");
  expect(await keepWords("/de.json")).toBe(true);
  expect(say("Save")).toBe("Speichern");
  expect(await keepWords("/de.json")).toBe(false); // not asked for at each contact
  expect(asked).toEqual(["/de.json"]);
});

test("what is kept in another shape is as if there were nothing", () => {
  localStorage.setItem("quietdays.words", JSON.stringify({ address: "/de.json", catalogue: { language: "de" } }));
  useKeptWords();
  expect(say("Save")).toBe("Save");
});
