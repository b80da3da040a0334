// What the home page says of a cluster that is still on this phone only.
import type { Kept } from "./store";

/** “A cluster is open on this phone: 3 spasms”; null when the server has everything. */
export function keptWords(kept: Kept): string | null {
  const parts: string[] = [];
  if (kept.running) {
    parts.push(`A cluster is open on this phone: ${plural(kept.running.count, "spasm")}.`);
  }
  const waiting = kept.waiting.length;
  if (waiting > 0) {
    parts.push(`${plural(waiting, "cluster")} ${waiting === 1 ? "waits" : "wait"} on this phone to be sent.`);
  }
  return parts.length > 0 ? parts.join(" ") : null;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
