import { describe, expect, it } from "vitest";
import { alarms } from "../../src/log/model/reach";
import type { Channel, Reminders, Today } from "../../src/log/model/wire";
import { reminders, today } from "./things";

const NOW = Date.parse(today().clock);
const DEVICE = "this-phone";
const before = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const push = (change: Partial<Channel> = {}): Channel => ({ id: "c1", kind: "push", name: "Android phone", device: DEVICE, since: before(100), proved_at: before(3), trouble: "", is_over: false, ...change });
const email: Channel = { ...push(), id: "c2", kind: "email", name: "mira@test.example", device: null };

function said(change: Partial<Reminders>, more: Partial<Today> = {}, mayShow = true): string[] {
  const all = alarms(today({ reminders: reminders({ channels: [push()], ...change }), ...more }), DEVICE, mayShow, String);
  return all.map((a) => `${a.isUrgent ? "!" : ""}${a.id}`);
}

describe("home says in red", () => {
  const cases: [string, Partial<Reminders>, string[]][] = [
    ["nothing while this phone was reached lately", {}, []],
    ["a proof that is too old", { channels: [push({ proved_at: before(37) }), email] }, ["!reach"]],
    ["nothing of one that is just not too old", { channels: [push({ proved_at: before(35.9) })] }, []],
    ["a phone that was never reached, after an hour", { channels: [push({ proved_at: null, since: before(1.1) }), email] }, ["!reach"]],
    ["nothing of a phone that was added just now beside another channel", { channels: [push({ proved_at: null, since: before(0.9) }), email] }, []],
    ["trouble with this phone", { channels: [push({ trouble: "410: gone" }), email] }, ["!reach"]],
    ["nothing of another phone's trouble", { channels: [push(), push({ device: "other", trouble: "410: gone" })] }, []],
    ["that no channel has proved itself", { channels: [push({ proved_at: null, since: before(0) })] }, ["!reach"]],
    ["nothing where only another channel is there, and proved", { channels: [email] }, []],
    ["an address that has trouble, where there is nothing else", { channels: [{ ...email, trouble: "401" }] }, ["!reach"]],
    ["another phone that ceased to work", { channels: [push({ device: "other", is_over: true, trouble: "410: gone" })] }, ["!reach"]],
    ["another phone that proved itself long ago", { channels: [push({ device: "other", proved_at: before(37) })] }, ["!reach"]],
    ["what reached nobody", { lost: [{ key: "dose:1", words: "Vigabatrin 2.5 mL", at: "08:00" }] }, ["!lost dose:1"]],
    ["that the server's worker never ran", { worker_seen_at: null }, ["!worker"]],
    ["that the server's worker is silent", { worker_seen_at: before(0.1) }, ["!worker"]],
    ["nothing of a worker seen five minutes ago", { worker_seen_at: before(5 / 60) }, []],
    ["nothing to who is not told of anything", { is_on: false, channels: [], worker_seen_at: null }, []],
  ];
  it.each(cases)("%s", (_, change, expected) => expect(said(change)).toEqual(expected));

  it("that the permission was taken away, at once", () => {
    expect(said({}, {}, false)).toEqual(["!reach"]);
    expect(said({ channels: [email] }, {}, false)).toEqual([]);
  });
});

it("says plainly that it rings on the open page only, where nothing else is set up", () => {
  expect(said({ channels: [] })).toEqual(["closed"]);
});

it("says plainly that nobody is reminded, and which supplies run low", () => {
  const supplies = [{ name: "Vigabatrin", words: "lasts until 29 Nov (5 days)", address: "/c/child/supplies/" }];
  expect(said({ is_on: false, nobody: true }, { supplies })).toEqual(["nobody", "supply Vigabatrin"]);
});

it("says nothing from what a phone kept before its update", () => {
  expect(alarms(today(), DEVICE, false, String)).toEqual([]);
});
