// Time where the child is: an instant's local date and hour, and the instant of a local time.
// Days are the child's, whatever zone this phone or the server is in.
import type { Stay } from "./wire";
import { locale, say, sayCount } from "../../words/words";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, found);
  }
  return found;
}

/** A local time as an input holds it: “2026-03-01T02:14”. */
export function localText(at: Date, zone: string): string {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(at).map((p) => [p.type, p.value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}T${parts["hour"]}:${parts["minute"]}`;
}

export function localDate(at: Date, zone: string): string {
  return localText(at, zone).slice(0, 10);
}

export function localClock(at: Date, zone: string): string {
  return localText(at, zone).slice(11);
}

/** The zone that the child was in at an instant; before the first stay, that of the first. */
export function zoneAt(stays: Stay[], at: Date): string {
  const sorted = [...stays].sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  const before = sorted.filter((s) => Date.parse(s.since) <= at.getTime());
  return (before.at(-1) ?? sorted[0])?.time_zone ?? "UTC";
}

/**
 * The instant of a local time somewhere. A time that the clocks jump over is moved on by the jump; one
 * that comes twice is the later one that is not after `latest`, because people log what just happened.
 */
export function instantOf(text: string, zone: string, latest: Date): Date {
  const asUtc = Date.parse(`${text}:00Z`);
  const hits = [-26, -13, 0, 13, 26]
    .map((hours) => asUtc - offsetMs(new Date(asUtc + hours * 3_600_000), zone))
    .filter((ms, i, all) => all.indexOf(ms) === i && localText(new Date(ms), zone) === text)
    .sort((a, b) => a - b);
  if (hits.length === 0) return new Date(asUtc - offsetMs(new Date(asUtc - 26 * 3_600_000), zone));
  const past = hits.filter((ms) => ms <= latest.getTime());
  return new Date(past.at(-1) ?? (hits[0] as number));
}

function offsetMs(at: Date, zone: string): number {
  const whole = Math.floor(at.getTime() / 60_000) * 60_000;
  return Date.parse(`${localText(new Date(whole), zone)}:00Z`) - whole;
}

const CLOCK_TOLERANCE_S = 120; // docs/sync.md#operations

/** What a phone's clock has to be put right by, when the server's is so many seconds ahead of it. */
export function correctionOf(offsetS: number): number {
  return Math.abs(offsetS) > CLOCK_TOLERANCE_S ? 1000 * offsetS : 0;
}

/** A calendar date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** “Mon 23 Nov”; today and yesterday by their names. */
export function dayName(date: string, today: string): string {
  if (date === today) return say("Today");
  if (date === addDays(today, -1)) return say("Yesterday");
  const words = new Intl.DateTimeFormat(locale(), { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });
  return words.format(new Date(`${date}T12:00:00Z`));
}

/** “just now”, “4 minutes ago”, “2 h 10 min ago”, “3 days ago”. */
export function ago(at: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return say("just now");
  if (minutes < 60) return sayCount("{count} minute ago", "{count} minutes ago", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return say("{hours} h {minutes} min ago", { hours, minutes: minutes % 60 });
  return sayCount("{count} day ago", "{count} days ago", Math.floor(hours / 24));
}

export const PARTS = ["night", "morning", "afternoon", "evening"] as const;
export type Part = (typeof PARTS)[number];

/** Which quarter of the local day an instant lies in: night 0 to 6, morning to 12, afternoon to 18, evening. */
export function partAt(at: Date, zone: string): Part {
  return PARTS[Math.floor(Number(localClock(at, zone).slice(0, 2)) / 6)] as Part;
}
