// A browser's subscription as the server takes it: docs/reminders.md#phone.

export interface SentSubscription {
  device: string;
  name: string;
  endpoint: string;
  p256dh: string;
  auth: string;
}

export function asSent(subscription: PushSubscription, device: string): SentSubscription {
  const { endpoint, keys } = subscription.toJSON();
  return { device, name: deviceName(navigator.userAgent), endpoint: endpoint ?? "", p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" };
}

/** What this device is called in the list of channels; in English, as the worker names it too. */
export function deviceName(userAgent: string): string {
  const known = [
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android.*Mobile/, "Android phone"],
    [/Android/, "Android tablet"],
    [/Macintosh/, "Mac"],
    [/Windows/, "Windows computer"],
    [/Linux|CrOS/, "Computer"],
  ] as const;
  return known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "This device";
}

/** The server's key as a browser wants it. */
export function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** A server that was set up anew has another key: what was subscribed to the old one takes nothing from it. */
export function isFor(subscription: PushSubscription, key: Uint8Array): boolean {
  const used = subscription.options.applicationServerKey;
  if (used === null) return true; // a browser that does not say
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((byte, i) => byte === key[i]);
}
