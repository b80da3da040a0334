// Whether reminders reach this person: what is said on home, in red where something due may pass unnoticed. Everything
// is judged by the server's clock at the last fetch, so that a phone's wrong clock makes no difference.
import type { Channel, Reminders, Today } from "./wire";
import { say, sayCount } from "../../words/words";

const HOUR_MS = 3_600_000;
const WORKER_OLD_MS = 5 * 60_000;
const FIRST_PROOF_MS = HOUR_MS;

export interface Alarm {
  id: string;
  isUrgent: boolean;
  words: string;
  way: { words: string; address: string };
}

export function ownChannel(reminders: Reminders | undefined, device: string): Channel | undefined {
  return reminders?.channels.find((c) => c.kind === "push" && c.device === device);
}

/** `mayShow`: the browser still shows notifications of this app. */
export function alarms(today: Today, device: string, mayShow: boolean, clock: (at: string) => string): Alarm[] {
  const { reminders } = today;
  const found: Alarm[] = [];
  if (reminders?.is_on) {
    const who = { words: say("Who is told, and how"), address: reminders.address };
    const now = Date.parse(today.clock);
    if (!worksNow(reminders, now)) found.push({ id: "worker", isUrgent: true, words: say("The server sends no reminders. Until it does, this phone rings only while the night log is open."), way: who });
    const words = unreached(reminders, device, now, mayShow);
    if (words !== "") found.push({ id: "reach", isUrgent: true, words, way: { words: say("Mend it on this phone"), address: "#/phone" } });
    for (const { key, words: what, at } of reminders.lost) {
      found.push({ id: `lost ${key}`, isUrgent: true, words: say("Nobody could be told of {what}, due {time}.", { what, time: clock(at) }), way: who });
    }
    if (reminders.channels.length === 0) found.push({ id: "closed", isUrgent: false, words: say("Reminders ring only while the night log is open."), way: { words: say("Turn on this phone"), address: "#/phone" } });
  }
  if (reminders?.nobody) found.push({ id: "nobody", isUrgent: false, words: say("Doses and meals are planned, and nobody is reminded of them."), way: { words: say("Say who is told"), address: reminders.address } });
  for (const { name, words, address } of today.supplies ?? []) {
    found.push({ id: `supply ${name}`, isUrgent: false, words: `${name}: ${words}.`, way: { words: say("Supplies"), address } });
  }
  return found;
}

function worksNow(reminders: Reminders, now: number): boolean {
  return reminders.worker_seen_at !== null && now - Date.parse(reminders.worker_seen_at) <= WORKER_OLD_MS;
}

/** Why reminders may not reach this person, first what is nearest to mend; "" where there is nothing to say. */
function unreached(reminders: Reminders, device: string, now: number, mayShow: boolean): string {
  const own = ownChannel(reminders, device);
  if (own !== undefined && !mayShow) return say("This phone no longer lets reminders through: they are not allowed to show.");
  if (own?.trouble) return say("Reminders do not reach this phone: {trouble}.", { trouble: own.trouble });
  if (own !== undefined && isUnproved(own, now, reminders.proof_max_age_h)) {
    return own.proved_at === null ? say("No reminder has reached this phone yet.") : silentFor(now - Date.parse(own.proved_at));
  }
  const isReached = reminders.channels.length === 0 || reminders.channels.some((c) => works(c, now, reminders.proof_max_age_h));
  return isReached ? "" : say("Nothing has proved lately that reminders reach you when the app is closed.");
}

/** A phone proves itself daily; an address has been proved once and had no trouble since. */
function works(channel: Channel, now: number, maxAgeH: number): boolean {
  if (channel.is_over || channel.trouble !== "" || channel.proved_at === null) return false;
  return channel.kind !== "push" || !isUnproved(channel, now, maxAgeH);
}

function isUnproved(channel: Channel, now: number, maxAgeH: number): boolean {
  if (channel.proved_at === null) return now - Date.parse(channel.since) > FIRST_PROOF_MS;
  return now - Date.parse(channel.proved_at) > maxAgeH * HOUR_MS;
}

function silentFor(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 72) return sayCount("No reminder has reached this phone for {count} hour.", "No reminder has reached this phone for {count} hours.", hours);
  return sayCount("No reminder has reached this phone for {count} day.", "No reminder has reached this phone for {count} days.", Math.floor(hours / 24));
}
