// What rings on this phone now: a dose or meal whose time has come and for which nobody has answered. It needs
// no network: what the phone holds says it, with what waits in the outbox laid over it.
import { dueDoses, eatenOf, STILL_NOW_MS, type DueDose } from "./due";
import { plain } from "./titles";
import type { View } from "./view";
import type { PlannedMeal, ReminderAnswer, Reminders } from "./wire";
import { localClock, zoneAt } from "./zones";
import { localNumber } from "../../words/words";

const MEAL_RINGS_MS = 3_600_000;
const ANSWER_SHOWN_MS = 2 * 3_600_000;
const MINUTE_MS = 60_000;

/** Something that is due at an instant, with the key that the server has for it too. */
export interface Occasion {
  key: string;
  kind: "medicine" | "meal";
  dueAt: number;
  words: string; // “Vigabatrin 2.5 mL”
  dose: DueDose | null;
  meal: PlannedMeal | null;
}

export interface Ringing extends Occasion {
  toldNext: { name: string; at: string; forMin: number } | null; // nobody answered for so long
}

/** Everything planned that nobody has recorded, in order. */
export function unrecorded(found: View): Occasion[] {
  const doses = dueDoses(found).filter((due) => due.recorded === undefined).map(ofDose);
  const meals = found.today.meals.filter((meal) => eatenOf(found, meal) === undefined).map(ofMeal);
  return [...doses, ...meals].sort((a, b) => a.dueAt - b.dueAt || a.key.localeCompare(b.key));
}

function ofDose(due: DueDose): Occasion {
  const { medicine, dose, dueAt } = due;
  const words = dose === null ? medicine.name : `${medicine.name} ${localNumber(plain(dose))} ${medicine.unit}`.trim();
  return { key: `dose:${medicine.id}:${seconds(dueAt)}`, kind: "medicine", dueAt, words, dose: due, meal: null };
}

function ofMeal(meal: PlannedMeal): Occasion {
  const dueAt = Date.parse(meal.at);
  return { key: `meal:${meal.id}:${seconds(dueAt)}`, kind: "meal", dueAt, words: meal.name, dose: null, meal };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** What rings for this person at this instant, medicines first. */
export function ringing(found: View, now: number): Ringing[] {
  const { reminders } = found.today;
  if (!reminders?.is_on) return [];
  return unrecorded(found)
    .filter((one) => reminders.orders[one.kind] !== undefined && rings(one, found, reminders, now))
    .map((one) => ({ ...one, toldNext: toldNextOf(one, found, reminders) }))
    .sort((a, b) => Number(a.kind === "meal") - Number(b.kind === "meal"));
}

function rings(one: Occasion, found: View, reminders: Reminders, now: number): boolean {
  const answers = answersTo(found, one.key);
  if (answers.some((a) => a.what === "seen")) return false;
  const putOff = lastPutOff(answers);
  const from = ringsFrom(one, putOff, found, reminders);
  const lasts = one.kind === "meal" ? MEAL_RINGS_MS : STILL_NOW_MS;
  if (now < from || now >= from + lasts) return false;
  return !isHeldBack(one, putOff, found, reminders, now);
}

/** When it begins to ring for this person, for the first time or again. */
function ringsFrom(one: Occasion, putOff: ReminderAnswer | undefined, found: View, reminders: Reminders): number {
  const again = putOff === undefined ? one.dueAt : Date.parse(putOff.until as string);
  const isMine = putOff?.person === found.today.person.id;
  if (reminders.orders[one.kind] === 1 || isMine) return again;
  const later = again + reminders.escalate_min * MINUTE_MS;
  const told = reminders.told_next.filter((t) => t.key === one.key).map((t) => Date.parse(t.at));
  // Told by the server already, and nobody has put it off since: at once.
  const current = told.filter((at) => putOff === undefined || at > Date.parse(putOff.at));
  return Math.min(later, ...current);
}

/** A meal waits for the end of the quiet hours. The next carer, and who put it off, asked for it: they are told. */
function isHeldBack(one: Occasion, putOff: ReminderAnswer | undefined, found: View, reminders: Reminders, now: number): boolean {
  if (one.kind !== "meal" || reminders.orders[one.kind] !== 1 || putOff !== undefined) return false;
  return isQuiet(reminders.quiet, localClock(new Date(now), zoneAt(found.stays, new Date(now))));
}

/** Clock times where the child is; the hours may go across midnight. */
export function isQuiet(quiet: Reminders["quiet"], clock: string): boolean {
  if (quiet === null || quiet[0] === quiet[1]) return false;
  const [from, until] = quiet;
  return from < until ? from <= clock && clock < until : from <= clock || clock < until;
}

function answersTo(found: View, key: string): ReminderAnswer[] {
  return found.answers.filter((answer) => answer.key === key);
}

function lastPutOff(answers: ReminderAnswer[]): ReminderAnswer | undefined {
  return answers.filter((a) => a.what === "snoozed" && a.until !== null).sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

function toldNextOf(one: Occasion, found: View, reminders: Reminders): Ringing["toldNext"] {
  const told = reminders.told_next.filter((t) => t.key === one.key).at(-1);
  if (told === undefined) return null;
  const at = Date.parse(told.at);
  const putOffs = answersTo(found, one.key).filter((a) => a.until !== null).map((a) => Date.parse(a.until as string));
  const waitedFrom = Math.max(one.dueAt, ...putOffs.filter((until) => until <= at));
  return { name: told.name, at: told.at, forMin: Math.round((at - waitedFrom) / MINUTE_MS) };
}

export interface Answered extends Occasion {
  answer: ReminderAnswer;
}

/** What somebody saw to or put off lately, and nobody has recorded yet. */
export function answered(found: View, now: number): Answered[] {
  return unrecorded(found).flatMap((one) => {
    const answers = answersTo(found, one.key);
    const seen = answers.find((a) => a.what === "seen" && now - Date.parse(a.at) < ANSWER_SHOWN_MS);
    const putOff = lastPutOff(answers);
    const waits = putOff !== undefined && Date.parse(putOff.until as string) > now ? putOff : undefined;
    const answer = seen ?? (answers.some((a) => a.what === "seen") ? undefined : waits);
    return answer === undefined ? [] : [{ ...one, answer }];
  });
}
