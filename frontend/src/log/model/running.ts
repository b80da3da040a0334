// The running cluster: it is an entry like every other, so that its state is in one place, on every phone.
import type { Entry, Values } from "./wire";
import type { View } from "./view";

export const QUIET_END_MS = 5 * 60_000;

export function lastTouch(entry: Entry): number {
  return Date.parse(entry.at as string) + 1000 * Number(entry.values["duration_s"] ?? 0);
}

export function openClusters(found: View): Entry[] {
  return [...found.entries.values()].filter((e) => e.kind === "cluster" && e.values["is_open"] === true);
}

/** The cluster that is being counted now, by whomever. */
export function runningCluster(found: View, now: number): Entry | undefined {
  return openClusters(found)
    .filter((e) => now - lastTouch(e) < QUIET_END_MS)
    .sort((a, b) => lastTouch(b) - lastTouch(a))[0];
}

/** What each phone has counted; together they are the count. Two parents who touch at once lose nothing. */
export type Touches = Record<string, number>;

export function touchesOf(entry: Entry): Touches {
  return (entry.values["touches"] as Touches | undefined) ?? {};
}

export function firstTouch(now: number, device: string): Values {
  return { happened_at: new Date(now).toISOString(), touches: { [device]: 1 }, count_kind: "at_least", certainty: "sure", duration_s: null, is_open: true };
}

/** One more spasm, counted by this phone. The length runs from the start to this touch. */
export function touched(entry: Entry, now: number, device: string): Values {
  const seconds = Math.round((now - Date.parse(entry.at as string)) / 1000);
  return { touches: { [device]: (touchesOf(entry)[device] ?? 0) + 1 }, duration_s: seconds > 0 ? seconds : null };
}

/** One touch too many is taken back; null when it was the only one, and the cluster goes. */
export function untouched(entry: Entry, device: string): Values | null {
  const count = Number(entry.values["spasm_count"] ?? 0);
  return count > 1 ? { touches: { [device]: (touchesOf(entry)[device] ?? 0) - 1 } } : null;
}

/** The start as this phone's clock says it: what is sent is put right by `correctionMs` on its way. */
export function startedEarlier(entry: Entry, minutes: number, correctionMs: number): Values {
  return {
    happened_at: new Date(Date.parse(entry.at as string) - correctionMs - minutes * 60_000).toISOString(),
    duration_s: Number(entry.values["duration_s"] ?? 0) + minutes * 60,
  };
}

/** Ended by one who counts: the number is what was counted. A cluster that nobody ends stays “at least”. */
export const ENDED: Values = { is_open: false, count_kind: "exact" };

/**
 * A long press ends the cluster and is no spasm: what was there before it. Touches of other fingers and an earlier
 * start since then stay. Null when the press was the first touch: then it is a spasm, and nothing ends.
 */
export function endedByLongPress(before: Entry | null, running: Entry | undefined, device: string): Values | null {
  const count = Number(running?.values["spasm_count"] ?? 0);
  if (before === null || running === undefined || running.id !== before.id || count < 2) return null;
  const seconds = Math.round((lastTouch(before) - Date.parse(running.at as string)) / 1000);
  return { ...ENDED, ...untouched(running, device), duration_s: seconds > 0 ? seconds : null };
}

/** “0:42”, “12:05”. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
