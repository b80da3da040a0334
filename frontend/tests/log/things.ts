// Small made-up days for the tests: a child in Berlin, one medicine, one planned feed.
import type { Entry, Kind, Reminders, Today } from "../../src/log/model/wire";
import type { NewOperation } from "../../src/log/store/outbox";

let last = 0;
export function id(): string {
  last += 1;
  return `0190a000-0000-7000-8000-${String(last).padStart(12, "0")}`;
}

const field = { label: "", required: false, unit: "", choices: [] as [string, string][], min: null, max: null, usual_min: null, usual_max: null };

const kinds: Kind[] = [
  { slug: "cluster", title: "Spasms seen", fixed: {}, fields: [{ ...field, name: "happened_at", type: "time" }, { ...field, name: "spasm_count", type: "whole", min: 1, max: 10000 }] },
  { slug: "ketones-blood", title: "Ketones, blood", fixed: { unit: "mmol/L" }, fields: [{ ...field, name: "happened_at", type: "time" }, { ...field, name: "value", type: "number", unit: "mmol/L", required: true, min: 0, max: 20, usual_min: 0, usual_max: 8 }] },
  { slug: "ketones-urine", title: "Ketones, urine strip", fixed: { unit: "grade" }, fields: [{ ...field, name: "value", type: "choice", choices: [["0", "negative"], ["3", "++"]] }] },
  { slug: "dose", title: "Dose", fixed: {}, fields: [] },
  { slug: "meal", title: "Meal", fixed: {}, fields: [] },
  { slug: "check-in", title: "Check-in", fixed: {}, fields: [] },
];

export const MEDICINE = id();
export const MEAL = id();

export function today(change: Partial<Today> = {}): Today {
  return {
    clock: "2026-03-10T08:00:00Z",
    may_log: true,
    may_read: true,
    person: { id: "mira", name: "Mira", theme: "auto" },
  words: "",
    child: { id: "child", name: "Ada", birth_date: "2025-09-01", glucose_unit: "mmol/L", weight_unit: "kg" },
    stays: [{ since: "2000-01-01T00:00:00Z", time_zone: "Europe/Berlin" }],
    nights: [],
    kinds,
    meals: [
      { id: MEAL, at: "2026-03-10T11:00:00Z", time_zone: "Europe/Berlin", date: "2026-03-10", name: "Lunch", volume_ml: null, items: [{ composition: "cream", food_name: "Cream", unit: "g", amount: "30", fat_g_per_100: "36", protein_g_per_100: "2", carbohydrate_g_per_100: "3", fibre_g_per_100: "0" }] },
    ],
    medicines: [{ id: MEDICINE, name: "Vigabatrin", form: "", unit: "mL", soon_s: 14400, steps: [{ date: "2026-03-10", dose: "5.000", due: ["2026-03-10T07:00:00Z", "2026-03-10T19:00:00Z"], how: "scheduled", rules: "", amounts: "" }] }],
    dose_window_s: 10800,
    basis: "available",
    prescription: null,
    unread: null,
    last_cluster: null,
    week: null,
    messages: [],
    ...change,
  };
}

/** Mira is told first, Jonas when she does not answer. */
export function reminders(change: Partial<Reminders> = {}): Reminders {
  return {
    is_on: true,
    nobody: false,
    orders: { medicine: 1, meal: 1 },
    escalate_min: 20,
    snooze_min: [5, 10, 30],
    quiet: null,
    shows_details: false,
    answers: [],
    told_next: [],
    proof_max_age_h: 36,
    channels: [],
    lost: [],
    worker_seen_at: "2026-03-10T07:59:30Z",
    push_key: "key",
    address: "/c/child/reminders/",
    ...change,
  };
}

export function entry(kind: string, at: string | null, values: Entry["values"], change: Partial<Entry> = {}): Entry {
  return { kind, id: id(), revision: 1, deleted: false, by: "Mira", entered_at: at ?? "2026-03-10T08:00:00Z", date: "2026-03-10", at, time_zone: "Europe/Berlin", title: kind, detail: "", values: { ...values, happened_at: at }, conflict: null, ...change };
}

export function operation(change: Partial<NewOperation> = {}): NewOperation {
  return { op: id(), action: "create", kind: "cluster", entry: id(), made_at: "2026-03-10T08:00:00Z", values: { happened_at: "2026-03-10T08:00:00Z", spasm_count: 3, count_kind: "exact" }, typed: [], child: "child", person: "mira", personName: "Mira", notBefore: 0, title: "Spasms seen: 3 spasms", previous: null, ...change };
}
