// A push message as docs/reminders.md#phone says it, read strictly: whatever came, something is shown, because
// a push that shows nothing costs the permission to send any. The server words it in the language of whom it is
// for; the worker has no catalogue, and its own few words are English.

export interface PushMessage {
  what: "reminder" | "closed" | "proof" | "unknown";
  title: string;
  body: string;
  tag: string;
  navigate: string; // of this server, always
  isSilent: boolean;
  receipt: string;
  snoozeMin: number;
}

export const HOME = "/log/";
const KINDS = ["reminder", "closed", "proof"] as const;

type Json = Record<string, unknown>;

/** From the text of a push, or from the notification that a browser read out of it by itself. */
export function readMessage(sent: unknown, origin: string): PushMessage {
  const message = asObject(typeof sent === "string" ? parsed(sent) : sent);
  const notification = asObject(message["notification"] ?? message);
  const ours = asObject(message["quiet_days"] ?? asObject(notification["data"])["quiet_days"]);
  const snooze = ours["snooze_min"];
  const isReadable = text(notification["title"]) !== "";
  return {
    what: KINDS.find((kind) => kind === ours["what"]) ?? "unknown",
    title: text(notification["title"]) || "Quiet Days",
    body: isReadable ? text(notification["body"]) : "Open the app.",
    tag: text(notification["tag"]),
    navigate: here(text(notification["navigate"]), origin),
    isSilent: notification["silent"] === true,
    receipt: text(ours["receipt"]),
    snoozeMin: typeof snooze === "number" && snooze > 0 ? snooze : 0,
  };
}

/** What a notification keeps of its message, for the touch that comes later. */
export interface Kept {
  receipt: string;
  navigate: string;
  snoozeMin: number;
}

export interface Shown {
  body: string;
  tag?: string;
  renotify?: boolean;
  silent?: boolean;
  requireInteraction?: boolean;
  actions?: { action: "seen" | "snoozed"; title: string }[];
  data: Kept;
}

/** A repeat rings again in the place of the first; who saw to it takes that place without a sound. */
export function shown(message: PushMessage): Shown {
  const { body, tag, receipt, navigate, snoozeMin } = message;
  const isSilent = message.isSilent || message.what === "closed" || message.what === "proof";
  const named = tag === "" ? {} : { tag, renotify: !isSilent };
  const ringing = message.what === "reminder" ? { requireInteraction: true, actions: actionsOf(message) } : {};
  return { body, ...named, ...ringing, silent: isSilent, data: { receipt, navigate, snoozeMin } };
}

function actionsOf({ receipt, snoozeMin }: PushMessage): Shown["actions"] {
  if (receipt === "") return [];
  const again = snoozeMin > 0 ? [{ action: "snoozed" as const, title: `In ${snoozeMin} min` }] : [];
  return [{ action: "seen", title: "I am on it" }, ...again];
}

/** Only a page of this server is opened. */
function here(address: string, origin: string): string {
  try {
    const url = new URL(address || HOME, origin);
    return url.origin === origin ? url.href : new URL(HOME, origin).href;
  } catch {
    return new URL(HOME, origin).href;
  }
}

function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return null;
  }
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
