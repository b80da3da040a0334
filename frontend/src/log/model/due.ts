// What comes next: the meal to think of, the doses of today and which of them are recorded.
import type { Entry, Medicine, MedicineStep, PlannedMeal } from "./wire";
import type { View } from "./view";

/** A meal or dose that was due so long ago is still the thing to think of now. */
export const STILL_NOW_MS = 2 * 3_600_000;

/** Another dose so soon is asked about, where the phone does not know the medicine's own time. */
const SOON_S = 14_400;

export function eatenOf(found: View, meal: PlannedMeal): Entry | undefined {
  return [...found.entries.values()].find((e) => e.kind === "meal" && e.values["planned"] === meal.id);
}

export function nextMeal(found: View, now: number): PlannedMeal | undefined {
  return found.today.meals.find(
    (m) => Date.parse(m.at) >= now - STILL_NOW_MS && Date.parse(m.at) <= now + 30 * 3_600_000 && !eatenOf(found, m),
  );
}

export interface DueDose {
  medicine: Medicine;
  dose: string | null;
  date: string;
  dueAt: number;
  recorded: Entry | undefined;
}

/**
 * Every dose that a schedule asks for on these days, each with the record nearest to it; one record, one dose. Doses
 * are late more often than early, so a distance before the time counts twice, as on the server.
 */
export function dueDoses(found: View): DueDose[] {
  const asked: DueDose[] = found.today.medicines.flatMap((medicine) =>
    medicine.steps.filter(isScheduled).flatMap((step) =>
      step.due.map((due) => ({ medicine, dose: step.dose, date: step.date, dueAt: Date.parse(due), recorded: undefined })),
    ),
  );
  const given = [...found.entries.values()].filter((e) => e.kind === "dose");
  const window = 1000 * found.today.dose_window_s;
  const pairs = asked
    .flatMap((due) => given.map((entry) => ({ due, entry, late: Date.parse(entry.at as string) - due.dueAt })))
    .filter(({ due, entry, late }) => entry.values["medicine"] === due.medicine.id && Math.abs(late) <= window)
    .sort((a, b) => apart(a.late) - apart(b.late));
  const taken = new Set<string>();
  for (const { due, entry } of pairs) {
    if (due.recorded !== undefined || taken.has(entry.id)) continue;
    due.recorded = entry;
    taken.add(entry.id);
  }
  return asked.sort((a, b) => a.dueAt - b.dueAt);
}

function apart(late: number): number {
  return late >= 0 ? late : -2 * late;
}

/** The doses of today, and those of the last 24 hours that nobody recorded: midnight must not hide one. */
export function dosesNow(found: View, today: string, now: number): DueDose[] {
  return dueDoses(found).filter((d) => d.date === today || (d.recorded === undefined && d.dueAt <= now && d.dueAt > now - 24 * 3_600_000));
}

/** A dose of the same medicine given close to an instant, by whomever: the one to ask about before a second. */
export function doseNear(found: View, medicine: string, at: number, except: string): Entry | undefined {
  const within = 1000 * (found.today.medicines.find((m) => m.id === medicine)?.soon_s ?? SOON_S);
  return [...found.entries.values()]
    .filter((e) => e.kind === "dose" && e.id !== except && e.values["medicine"] === medicine && e.values["outcome"] === "given")
    .filter((e) => Math.abs(Date.parse(e.at as string) - at) <= within)
    .sort((a, b) => Math.abs(Date.parse(a.at as string) - at) - Math.abs(Date.parse(b.at as string) - at))[0];
}

export function stepOn(medicine: Medicine, date: string): MedicineStep | undefined {
  return medicine.steps.find((s) => s.date === date);
}

/** What is given when it is needed, or as a rescue, is never due. */
export function isScheduled(step: MedicineStep): boolean {
  return (step.how ?? "scheduled") === "scheduled";
}

/** One touch may record it: its time is near, its dose is written down, and none was given shortly before. */
export function isOneTouch(found: View, due: DueDose, now: number): boolean {
  const isTime = Math.abs(now - due.dueAt) <= 1000 * found.today.dose_window_s;
  return due.dose !== null && isTime && doseNear(found, due.medicine.id, now, "") === undefined;
}
