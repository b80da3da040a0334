import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "../../src/log/store/database";
import { asSent, correct, keep, keepChanges, nextBatch, settle, takeBack, throwAway } from "../../src/log/store/outbox";
import { forgetChild, keepToday, readChild } from "../../src/log/store/phone";
import type { Result } from "../../src/log/model/wire";
import { entry, id, operation, reminders, today } from "./things";

let db: Database;
let n = 0;
beforeEach(async () => {
  n += 1;
  db = await openDatabase(`test-${n}`);
});

const all = () => db.getAll("outbox");
const batch = (now = Date.now()) => nextBatch(db, "child", "mira", now);
const answer = (op: string, change: Partial<Result> = {}): Result => ({ op, status: "applied", entries: [], echo: "", notice: "", conflict: null, errors: {}, ...change });

describe("the outbox", () => {
  it("sends in the order in which things were done", async () => {
    const made = [operation(), operation(), operation()];
    for (const one of made) await keep(db, [one]);
    expect((await batch()).map((o) => o.op)).toEqual(made.map((o) => o.op));
  });

  it("lays an edit into what has not left, under the same operation", async () => {
    const create = operation({ typed: ["happened_at"] });
    await keep(db, [create]);
    const [kept] = await keep(db, [operation({ action: "edit", entry: create.entry, values: { spasm_count: 4, note: "x" } })]);
    expect(kept).toMatchObject({ op: create.op, merges: 1, before: { values: { spasm_count: 3 } } });
    expect(await all()).toMatchObject([{ action: "create", values: { spasm_count: 4, note: "x" }, typed: ["happened_at"] }]);
  });

  it("never changes what may have reached the server", async () => {
    const create = operation();
    await keep(db, [create]);
    await batch();
    await keep(db, [operation({ action: "edit", entry: create.entry, values: { spasm_count: 4 } })]);
    expect(await all()).toMatchObject([{ values: { spasm_count: 3 } }, { action: "edit", values: { spasm_count: 4 } }]);
    expect(await takeBack(db, { op: create.op, before: null, merges: 0 })).toBe("sent");
  });

  it("has nothing to send of an entry that never left and was deleted", async () => {
    const create = operation();
    await keep(db, [create]);
    await keep(db, [operation({ action: "delete", entry: create.entry })]);
    expect(await all()).toEqual([]);
  });

  it("holds the count of a running cluster back, and nothing else, and never the first touch", async () => {
    const create = operation();
    const held = operation({ notBefore: Date.now() + 60_000 });
    const other = operation();
    await keep(db, [create]);
    await keep(db, [operation({ action: "edit", entry: create.entry, values: { spasm_count: 2 }, notBefore: Date.now() + 60_000 })]);
    await keep(db, [held]);
    await keep(db, [other]);
    expect((await batch()).map((o) => o.op)).toEqual([create.op, other.op]);
  });

  it("lets go of a held count when something later on the same entry has to follow it", async () => {
    const stored = id();
    const edit = operation({ action: "edit", entry: stored, values: { duration_s: 5 }, notBefore: Date.now() + 60_000 });
    const gone = operation({ action: "delete", entry: stored });
    await keep(db, [edit]);
    expect(await batch()).toEqual([]);
    await keep(db, [gone]);
    expect((await batch()).map((o) => o.op)).toEqual([edit.op, gone.op]);
  });

  it("keeps apart what another person entered on this phone", async () => {
    await keep(db, [operation({ person: "jonas" }), operation({ child: "another" })]);
    expect(await batch()).toEqual([]);
    expect(await all()).toHaveLength(2);
  });

  it("sends what was weighed and nothing that the server knows better", () => {
    const served = [{ ...today().meals[0]!.items[0]!, left: "1" }];
    const sent = asSent({ ...operation({ kind: "meal", values: { served } }), seq: 1, merges: 0, wasSent: true, isRejected: false, errors: {} });
    expect(sent.values).toEqual({ served: [{ composition: "cream", amount: "30", left: "1" }] });
    expect(Object.keys(sent).sort()).toEqual(["action", "entry", "kind", "made_at", "op", "values"]);
  });
});

describe("taking back", () => {
  const edited = (entry: string, values: object) => operation({ action: "edit", entry, values: values as never });

  it("leaves nothing of a new entry that has not left", async () => {
    const [kept] = await keep(db, [operation()]);
    expect(await takeBack(db, kept!)).toBe("done");
    expect(await all()).toEqual([]);
  });

  it("puts an entry that waits back to exactly what it was, and sends no field that it never had", async () => {
    const create = operation();
    await keep(db, [create]);
    const [kept] = await keep(db, [edited(create.entry, { certainty: "not_sure", spasm_count: 9 })]);
    expect(await takeBack(db, kept!)).toBe("done");
    const [left] = await all();
    expect(left?.values).toEqual(create.values);
  });

  it("never takes a later change along", async () => {
    const create = operation();
    const [first] = await keep(db, [create]);
    await keep(db, [edited(create.entry, { note: "important words" })]);
    expect(await takeBack(db, first!)).toBe("built-on");
    expect(await all()).toMatchObject([{ values: { note: "important words" } }]);
  });

  it("brings back an entry that was deleted before it left", async () => {
    const create = operation();
    await keep(db, [create]);
    const [gone] = await keep(db, [operation({ action: "delete", entry: create.entry })]);
    expect(await all()).toEqual([]);
    expect(await takeBack(db, gone!)).toBe("done");
    expect(await all()).toMatchObject([{ op: create.op, values: create.values }]);
  });
});

describe("a number that somebody typed", () => {
  it("stands over what was counted, before it is sent as after", async () => {
    const create = operation({ values: { happened_at: "2026-03-10T08:00:00Z", touches: { mine: 5 }, count_kind: "exact" } });
    await keep(db, [create]);
    await keep(db, [operation({ action: "edit", entry: create.entry, values: { spasm_count: 11 } })]);
    await keep(db, [operation({ action: "edit", entry: create.entry, values: { touches: { mine: 1 } } })]);
    expect(await all()).toMatchObject([{ values: { spasm_count: 11, touches: {} } }]);
  });
});

describe("the server's answer", () => {
  it("takes out what it names, and only that", async () => {
    const [one, two] = [operation(), operation()];
    await keep(db, [one, two]);
    await batch();
    const stored = entry("cluster", "2026-03-10T08:00:00Z", {}, { id: one.entry });
    await settle(db, "child", [answer(one.op, { entries: [stored] }), answer(id())]);
    expect((await all()).map((o) => o.op)).toEqual([two.op]);
    expect((await db.getAll("entries")).map((e) => e.id)).toEqual([one.entry]);
  });

  it("never loses an act done while it was under way", async () => {
    const create = operation();
    await keep(db, [create]);
    await batch();
    await keep(db, [operation({ action: "edit", entry: create.entry, values: { spasm_count: 9 } })]);
    await settle(db, "child", [answer(create.op)]);
    expect(await all()).toMatchObject([{ action: "edit", values: { spasm_count: 9 } }]);
  });

  it("keeps what was refused, with its reason, and lets the others go", async () => {
    const [bad, good] = [operation(), operation()];
    await keep(db, [bad, good]);
    await batch();
    await settle(db, "child", [answer(bad.op, { status: "rejected", errors: { spasm_count: ["Too many."] } }), answer(good.op)]);
    expect(await all()).toMatchObject([{ op: bad.op, isRejected: true, errors: { spasm_count: ["Too many."] } }]);
    expect(await batch()).toEqual([]);
    const [refused] = await all();
    await correct(db, refused!.seq, { spasm_count: 5 }, [], "five");
    const [again] = await batch();
    expect(again).toMatchObject({ entry: bad.entry, values: { spasm_count: 5 }, isRejected: false });
    expect(again!.op).not.toBe(bad.op);
    await throwAway(db, again!.seq);
    expect(await all()).toEqual([]);
  });

  it("keeps what was answered to a reminder until the next fetch: it must not ring in between", async () => {
    await keepToday(db, today({ reminders: reminders() }), "2026-03-01");
    const said = operation({ kind: "reminder-answer", values: { key: "dose:x:1", what: "snoozed", minutes: 10 } });
    await keep(db, [said]);
    await batch();
    await settle(db, "child", [answer(said.op)], -3_600_000);
    const kept = await readChild(db, "child");
    expect(kept.operations).toEqual([]);
    expect(kept.today?.reminders?.answers).toEqual([{ key: "dose:x:1", what: "snoozed", person: "mira", by: "Mira", at: "2026-03-10T07:00:00.000Z", until: "2026-03-10T07:10:00.000Z" }]);
  });

  it("keeps what the server could not take now", async () => {
    const one = operation();
    await keep(db, [one]);
    await batch();
    await settle(db, "child", [answer(one.op, { status: "failed" })]);
    expect((await batch()).map((o) => o.op)).toEqual([one.op]);
  });

  it("says a conflict also when the first answer was lost", async () => {
    const [one, two] = [operation(), operation()];
    await keep(db, [one, two]);
    const conflict = { by: "Jonas", at: "2026-03-10T08:00:00Z", title: "Spasms seen: 5 spasms" };
    await settle(db, "child", [answer(one.op, { conflict }), answer(two.op, { status: "duplicate", conflict })]);
    const notices = await db.getAll("notices");
    expect(notices.map((x) => x.id).sort()).toEqual([one.op, two.op].sort());
    expect(notices[0]?.text).toContain("Jonas");
  });

  it("never puts an older version over a newer one", async () => {
    await keepToday(db, today(), "2026-03-01");
    const now = entry("cluster", "2026-03-10T08:00:00Z", { spasm_count: 9 }, { revision: 4 });
    await keepChanges(db, "child", [now], 10, true);
    await keepChanges(db, "child", [{ ...now, revision: 3, values: { spasm_count: 1 } }], 9, false);
    expect((await db.get("entries", now.id))?.values["spasm_count"]).toBe(9);
  });
});

describe("leaving a child", () => {
  it("takes the child's data off the phone and keeps what was not sent", async () => {
    await keepToday(db, today(), "2026-03-01");
    await keepChanges(db, "child", [entry("cluster", "2026-03-10T08:00:00Z", {})], 1, true);
    await keep(db, [operation()]);
    await forgetChild(db, "child");
    const kept = await readChild(db, "child");
    expect([kept.today, kept.entries.length, kept.operations.length]).toEqual([null, 0, 1]);
  });

  it("keeps no more days than are shown, so that an old phone stays quick", async () => {
    await keepToday(db, today(), "2026-03-01");
    const [old, recent] = [entry("cluster", "2026-02-20T08:00:00Z", {}, { date: "2026-02-20" }), entry("cluster", "2026-03-09T08:00:00Z", {})];
    await keepChanges(db, "child", [old, recent], 1, true);
    await keepToday(db, today(), "2026-03-02");
    expect((await readChild(db, "child")).entries.map((e) => e.id)).toEqual([recent.id]);
  });

  it("begins anew from what the server has", async () => {
    await keepToday(db, today(), "2026-03-01");
    const old = entry("cluster", "2026-03-01T08:00:00Z", {});
    await keepChanges(db, "child", [old], 1, true);
    const fresh = entry("cluster", "2026-03-10T08:00:00Z", {});
    await keepChanges(db, "child", [fresh], 7, true);
    const kept = await readChild(db, "child");
    expect([kept.entries.map((e) => e.id), kept.cursor]).toEqual([[fresh.id], 7]);
  });
});
