// A running cluster as a value: every touch gives the next value. No clock and no storage here.

export const QUIET_END_MS = 5 * 60_000;

export interface Running {
  id: string;
  startedAt: number; // ms since 1970, this phone's clock
  lastTapAt: number;
  count: number;
}

/** What the server is sent; the same id sent twice is stored once. */
export interface Entry {
  id: string;
  happened_at: string;
  spasm_count: number;
  count_kind: "exact";
  duration_s: number | null;
}

export function tap(running: Running | null, now: number, newId: () => string): Running {
  if (running === null) return { id: newId(), startedAt: now, lastTapAt: now, count: 1 };
  return { ...running, lastTapAt: now, count: running.count + 1 };
}

/** One touch too many is taken back; the last one takes the cluster with it. */
export function untap(running: Running): Running | null {
  return running.count > 1 ? { ...running, count: running.count - 1 } : null;
}

/**
 * A long press ends the cluster and is no spasm: what was there before it, to be saved.
 * Null when nothing was: then the press is the first spasm, and nothing ends.
 */
export function beforeLongPress(before: Running | null, now: Running | null): Running | null {
  if (before === null || now === null || now.id !== before.id || now.count < 2) return null;
  return { ...now, count: now.count - 1, lastTapAt: before.lastTapAt };
}

export function startedEarlier(running: Running, minutes: number): Running {
  return { ...running, startedAt: running.startedAt - minutes * 60_000 };
}

export function hasGoneQuiet(running: Running, now: number): boolean {
  return now - running.lastTapAt >= QUIET_END_MS;
}

/** The finished cluster. It lasted from its start to the last touch; a single touch has no length. */
export function finished(running: Running): Entry {
  const seconds = Math.round((running.lastTapAt - running.startedAt) / 1000);
  return {
    id: running.id,
    happened_at: new Date(running.startedAt).toISOString(),
    spasm_count: running.count,
    count_kind: "exact",
    duration_s: running.count > 1 && seconds > 0 ? seconds : null,
  };
}

/** “0:42”, “12:05”. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
