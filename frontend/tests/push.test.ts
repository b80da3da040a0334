import { describe, expect, it } from "vitest";
import { readMessage, shown } from "../src/push/message";
import { deviceName, isFor, keyBytes } from "../src/push/subscription";

const ORIGIN = "https://days.example";
const sent = (change: object = {}, ours: object = {}): string =>
  JSON.stringify({
    web_push: 8030,
    notification: { title: "Quiet Days", body: "08:00: something is due.", tag: "t1", navigate: `${ORIGIN}/log/?child=a#/medicine`, silent: false, ...change },
    quiet_days: { receipt: "abc", what: "reminder", snooze_min: 10, ...ours },
  });

describe("a push message", () => {
  it("is read as the server sends it", () => {
    expect(readMessage(sent(), ORIGIN)).toEqual({
      what: "reminder", title: "Quiet Days", body: "08:00: something is due.", tag: "t1", navigate: `${ORIGIN}/log/?child=a#/medicine`, isSilent: false, receipt: "abc", snoozeMin: 10,
    });
  });

  it("is read from the notification that a browser made of it", () => {
    const data = { quiet_days: { receipt: "abc", what: "reminder", snooze_min: 5 } };
    expect(readMessage({ title: "T", body: "B", tag: "t1", data }, ORIGIN)).toMatchObject({ title: "T", body: "B", what: "reminder", receipt: "abc", snoozeMin: 5 });
  });

  it.each([null, undefined, "", "no json", "null", "[]", "7", '"text"', "{}", '{"notification": 3}', '{"notification": {"title": 5}, "quiet_days": []}'])("shows something whatever comes: %s", (text) => {
    const message = readMessage(text, ORIGIN);
    expect(message).toMatchObject({ what: "unknown", title: "Quiet Days", body: "Open the app.", navigate: `${ORIGIN}/log/`, receipt: "" });
    expect(shown(message)).toEqual({ body: "Open the app.", silent: false, data: { receipt: "", navigate: `${ORIGIN}/log/`, snoozeMin: 0 } });
  });

  it("keeps its receipt when only its words cannot be read", () => {
    expect(readMessage(sent({ title: null }), ORIGIN)).toMatchObject({ title: "Quiet Days", body: "Open the app.", receipt: "abc", what: "reminder" });
  });

  it.each(["https://evil.example/log/", "javascript:alert(1)", "https://days.example.evil/", "//evil.example/", "http://days.example/log/", "http://["])("opens no other place than this server: %s", (navigate) => {
    expect(readMessage(sent({ navigate }), ORIGIN).navigate).toBe(`${ORIGIN}/log/`);
  });

  it("may name a page of this server by its path", () => {
    expect(readMessage(sent({ navigate: "/c/a/week/" }), ORIGIN).navigate).toBe(`${ORIGIN}/c/a/week/`);
  });
});

describe("a notification", () => {
  const of = (ours: object, change: object = {}) => shown(readMessage(sent(change, ours), ORIGIN));

  it("rings again in the place of the first, with two answers", () => {
    expect(of({})).toMatchObject({ tag: "t1", renotify: true, silent: false, requireInteraction: true, actions: [{ action: "seen", title: "I am on it" }, { action: "snoozed", title: "In 10 min" }] });
  });

  it("without a tag asks for no renewal: a browser would refuse all of it", () => {
    expect(of({}, { tag: "" })).not.toHaveProperty("renotify");
  });

  it("offers no answer that cannot be sent", () => {
    expect(of({ snooze_min: 0 }).actions).toHaveLength(1);
    expect(of({ receipt: "" }).actions).toEqual([]);
  });

  it.each(["closed", "proof"])("of a message %s makes no sound and asks nothing", (what) => {
    const options = of({ what });
    expect(options).toMatchObject({ silent: true, renotify: false });
    expect(options).not.toHaveProperty("actions");
  });
});

describe("a subscription", () => {
  it("is named by its device", () => {
    expect(deviceName("Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36")).toBe("Android phone");
    expect(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X)")).toBe("iPhone");
    expect(deviceName("Mozilla/5.0 (X11; Linux x86_64)")).toBe("Computer");
    expect(deviceName("something")).toBe("This device");
  });

  it("is made anew for a server with another key", () => {
    const key = keyBytes("-_8A");
    expect([...key]).toEqual([251, 255, 0]);
    const made = (bytes: number[] | null): PushSubscription => ({ options: { applicationServerKey: bytes && new Uint8Array(bytes).buffer } }) as PushSubscription;
    expect([isFor(made([251, 255, 0]), key), isFor(made([251, 255, 1]), key), isFor(made([251]), key), isFor(made(null), key)]).toEqual([true, false, false, true]);
  });
});
