// What the screens show: what the server has, with what waits on this phone laid over it. No storage here.
import type { Operation } from "./operation";
import { touchesOf, type Touches } from "./running";
import { detailOf, titleOf, watchTitle } from "./titles";
import type { Entry, ReminderAnswer, Served, Stay, Today, Values } from "./wire";
import { addDays, localDate, PARTS, partAt, zoneAt, type Part } from "./zones";

export interface View {
  today: Today;
  stays: Stay[];
  entries: Map<string, Entry>; // deleted ones are left out
  answers: ReminderAnswer[]; // to reminders, by everybody
}

/** `correctionMs`: what instants that nobody typed are put right by, as the server will do when they arrive. */
export function view(today: Today, stored: Entry[], operations: Operation[], correctionMs = 0): View {
  const stays = staysWith(today, operations);
  const entries = new Map(stored.filter((e) => !e.deleted).map((e) => [e.id, e]));
  const right = operations.filter((o) => !o.isRejected).map((o) => putRight(o, correctionMs));
  for (const operation of right) lay(operation, entries, today, stays);
  return { today, stays, entries, answers: answersWith(today, right) };
}

/** What was answered to reminders, with what was answered on this phone and not sent yet. */
function answersWith(today: Today, operations: Operation[]): ReminderAnswer[] {
  const waiting = operations.filter((o) => o.kind === ANSWER && o.action === "create").map(asAnswer);
  return [...(today.reminders?.answers ?? []), ...waiting];
}

export const ANSWER = "reminder-answer";

/** “I am on it”, or “in ten minutes” from when it was said. */
export function asAnswer(o: Operation): ReminderAnswer {
  const minutes = o.values?.["minutes"];
  const until = typeof minutes === "number" ? new Date(Date.parse(o.made_at) + minutes * 60_000).toISOString() : null;
  return { key: String(o.values?.["key"]), what: until === null ? "seen" : "snoozed", until, person: o.person, by: o.personName, at: o.made_at };
}

/** The child's zones, with journeys that the server has not heard of yet. */
function staysWith(today: Today, operations: Operation[]): Stay[] {
  const added = operations.filter((o) => o.kind === "stay" && o.action === "create" && !o.isRejected);
  return [...today.stays, ...added.map((o) => ({ since: String(o.values?.["since"]), time_zone: String(o.values?.["time_zone"]) }))];
}

const INSTANTS = ["happened_at", "until_at"];

export function putRight(o: Operation, correctionMs: number): Operation {
  if (correctionMs === 0) return o;
  const moved = (text: string): string => new Date(Date.parse(text) + correctionMs).toISOString();
  const values: Values = { ...o.values };
  for (const name of INSTANTS) {
    const value = values[name];
    if (typeof value === "string" && !(o.typed ?? []).includes(name)) values[name] = moved(value);
  }
  return { ...o, made_at: moved(o.made_at), ...(o.values === undefined ? {} : { values }) };
}

function lay(o: Operation, entries: Map<string, Entry>, today: Today, stays: Stay[]): void {
  if (o.kind === "stay" || o.kind === ANSWER) return;
  if (o.action === "delete") {
    entries.delete(o.entry);
  } else if (o.action === "undo" && o.parts !== undefined) {
    for (const { date, part, previous } of o.parts) putBack(entries, date, part, previous);
  } else if (o.action === "undo") {
    if (o.previous === null) entries.delete(o.entry);
    else entries.set(o.entry, { ...o.previous, pending: true });
  } else if (o.kind === "watched-so-far") {
    for (const entry of watchedSoFar(o, [...entries.values()], stays)) entries.set(entry.id, entry);
  } else {
    const before = entries.get(o.entry);
    if (o.action === "edit" && before === undefined) return;
    if (o.kind === "observation" && o.action === "create") putBack(entries, String(o.values?.["date"]), String(o.values?.["part"]), null);
    entries.set(o.entry, drawn(o, before, today, stays));
  }
}

/** A part of a day as it stood before; the server may know its entry by another id than this phone did. */
function putBack(entries: Map<string, Entry>, date: string, part: string, previous: Entry | null): void {
  const now = [...entries.values()].find((e) => e.kind === "observation" && e.date === date && e.values["part"] === part);
  if (now !== undefined) entries.delete(now.id);
  if (previous !== null) entries.set(previous.id, { ...previous, pending: true });
}

/** The parts of a day that “nothing seen” describes, as they stand before it. */
export function partsBefore(o: Operation, found: View): NonNullable<Operation["parts"]> {
  return watchedSoFar(o, [...found.entries.values()], found.stays).map((made) => ({
    date: made.date,
    part: String(made.values["part"]),
    previous: found.entries.get(made.id) ?? null,
  }));
}

function drawn(o: Operation, before: Entry | undefined, today: Today, stays: Stay[]): Entry {
  const values = laidOver(before, o.values ?? {});
  const at = typeof values["happened_at"] === "string" ? values["happened_at"] : null;
  const zone = at === null ? null : zoneAt(stays, new Date(at));
  const date = String(values["date"] ?? values["started_on"] ?? localDate(new Date(at ?? o.made_at), zone ?? zoneAt(stays, new Date(o.made_at))));
  return {
    kind: o.kind,
    id: o.entry,
    revision: before?.revision ?? 0,
    deleted: false,
    by: before?.by ?? o.personName,
    entered_at: before?.entered_at ?? o.made_at,
    date,
    at,
    time_zone: zone,
    title: titleOf(today, o.kind, values),
    detail: detailOf(today, o.kind, values),
    values,
    conflict: null,
    pending: true,
  };
}

/** An entry's values with new ones laid over them, as the server will do it. */
export function laidOver(before: Entry | undefined, values: Values): Values {
  return counted(before, values, withLefts({ ...before?.values, ...values }));
}

/** Each phone sends its own touches of a running cluster; together they are the count, until somebody types one. */
function counted(before: Entry | undefined, sent: Values, values: Values): Values {
  if (sent["spasm_count"] !== undefined) return { ...values, touches: {} };
  if (sent["touches"] === undefined) return values;
  const touches: Touches = { ...(before ? touchesOf(before) : {}), ...(sent["touches"] as Touches) };
  return { ...values, touches, spasm_count: Object.values(touches).reduce((sum, n) => sum + n, 0) };
}

/** An edit of a meal names what was left of each food, in order. */
function withLefts({ lefts, ...values }: Values): Values {
  if (!Array.isArray(lefts) || !Array.isArray(values["served"])) return values;
  const served = (values["served"] as Served[]).map((item, i) => ({ ...item, left: String(lefts[i] ?? item.left) }));
  return { ...values, served };
}

/**
 * “Nothing seen, we were watching”: every part of the day so far that nobody described, up to now; at night
 * the night. What somebody said of a part stands. The server decides; this is what it will say.
 */
export function watchedSoFar(o: Operation, entries: Entry[], stays: Stay[]): Entry[] {
  const at = new Date(String(o.values?.["happened_at"] ?? o.made_at));
  const zone = zoneAt(stays, at);
  const date = localDate(at, zone);
  const current = partAt(at, zone);
  const parts: Part[] = current === "night" ? ["night"] : PARTS.slice(1, PARTS.indexOf(current) + 1);
  const made: Entry[] = [];
  for (const part of parts) {
    const until = part === current ? at.toISOString() : null;
    const earlier = entries.find((e) => e.kind === "observation" && e.date === date && e.values["part"] === part);
    if (earlier && (earlier.values["watch"] !== "watched" || earlier.values["until_at"] === null)) continue;
    made.push({
      kind: "observation",
      id: earlier?.id ?? `${o.op}/${part}`,
      revision: earlier?.revision ?? 0,
      deleted: false,
      by: earlier?.by ?? o.personName,
      entered_at: o.made_at,
      date,
      at: null,
      time_zone: null,
      title: watchTitle("watched", part),
      detail: "",
      values: { date, part, watch: "watched", until_at: until },
      conflict: null,
      pending: true,
    });
  }
  return made;
}

/** Entries of a local date: by time, whole-day ones last. */
export function entriesOn(found: View, date: string): Entry[] {
  return [...found.entries.values()]
    .filter((e) => e.date === date)
    .sort((a, b) => (a.at ?? "9").localeCompare(b.at ?? "9") || a.id.localeCompare(b.id));
}

export function newest(found: View, kind: string): Entry | undefined {
  return [...found.entries.values()]
    .filter((e) => e.kind === kind && e.at !== null)
    .sort((a, b) => Date.parse(b.at as string) - Date.parse(a.at as string))[0];
}

/** How each part of a date was watched; "" where nobody said. */
export function partsOn(found: View, date: string): [Part, string][] {
  const said = entriesOn(found, date).filter((e) => e.kind === "observation");
  return PARTS.map((part) => [part, String(said.find((e) => e.values["part"] === part)?.values["watch"] ?? "")]);
}

/** The last seven local dates, newest first. */
export function lastSevenDays(today: string): string[] {
  return [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(today, -n));
}
