import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/log/model/operation";
import { doseNear, dosesNow, dueDoses, eatenOf, nextMeal } from "../../src/log/model/due";
import { ENDED, endedByLongPress, firstTouch, lastTouch, runningCluster, startedEarlier, touched, untouched } from "../../src/log/model/running";
import { echoOf } from "../../src/log/model/titles";
import { entriesOn, laidOver, partsBefore, partsOn, view } from "../../src/log/model/view";
import type { NewOperation } from "../../src/log/store/outbox";
import type { Entry } from "../../src/log/model/wire";
import { entry, id, MEAL, MEDICINE, operation, today } from "./things";

let seq = 0;
const waiting = (o: NewOperation, isRejected = false): Operation => ({ ...o, seq: ++seq, merges: 0, wasSent: false, isRejected, errors: {} });

describe("what waits lies over what the server has", () => {
  it("shows a new entry at once, on the child's date", () => {
    const found = view(today(), [], [waiting(operation({ values: { happened_at: "2026-03-10T23:30:00Z", spasm_count: 3, count_kind: "exact" } }))]);
    const [shown] = entriesOn(found, "2026-03-11");
    expect(shown).toMatchObject({ title: "Spasms seen: 3 spasms", by: "Mira", pending: true });
  });

  it("lays an edit over the fields that it names, and no others", () => {
    const stored = entry("cluster", "2026-03-10T08:00:00Z", { spasm_count: 3, count_kind: "exact", note: "kept" });
    const found = view(today(), [stored], [waiting(operation({ action: "edit", entry: stored.id, values: { spasm_count: 5 } }))]);
    expect(found.entries.get(stored.id)?.values).toMatchObject({ spasm_count: 5, note: "kept" });
  });

  it("hides what is deleted, and brings back what an undo brings back", () => {
    const stored = entry("cluster", "2026-03-10T08:00:00Z", { spasm_count: 3 });
    const gone = waiting(operation({ action: "delete", entry: stored.id }));
    expect(view(today(), [stored], [gone]).entries.size).toBe(0);
    const back = waiting(operation({ action: "undo", entry: stored.id, undoes: gone.op, previous: stored }));
    expect(view(today(), [stored], [gone, back]).entries.get(stored.id)?.values["spasm_count"]).toBe(3);
  });

  it("leaves out what the server refused: it stands apart until somebody decides", () => {
    expect(view(today(), [], [waiting(operation(), true)]).entries.size).toBe(0);
  });

  it("counts days in the new zone from a journey on that the server has not heard of", () => {
    const stay = waiting(operation({ kind: "stay", values: { since: "2026-03-10T20:00:00Z", time_zone: "America/New_York" } }));
    const late = waiting(operation({ values: { happened_at: "2026-03-11T02:00:00Z", spasm_count: 1, count_kind: "exact" } }));
    expect(entriesOn(view(today(), [], [late]), "2026-03-11")).toHaveLength(1);
    expect(entriesOn(view(today(), [], [stay, late]), "2026-03-10")).toHaveLength(1);
  });

  it("shows what was left of a meal that is changed", () => {
    const served = [{ ...today().meals[0]!.items[0]!, left: "0" }];
    const stored = entry("meal", "2026-03-10T11:00:00Z", { name: "Lunch", planned: MEAL, served });
    const found = view(today(), [stored], [waiting(operation({ action: "edit", kind: "meal", entry: stored.id, values: { lefts: ["4.50"] } }))]);
    expect(found.entries.get(stored.id)).toMatchObject({ detail: "4.5 g Cream left", values: { served: [{ left: "4.50" }] } });
  });
});

describe("nothing seen, we were watching", () => {
  const tap = (at: string): Operation => waiting(operation({ kind: "watched-so-far", values: { happened_at: at } }));

  it("fills the day so far and leaves what somebody said", () => {
    const said = entry("observation", null, { date: "2026-03-10", part: "morning", watch: "not_watched", until_at: null });
    const found = view(today(), [said], [tap("2026-03-10T14:00:00Z")]);
    expect(partsOn(found, "2026-03-10")).toEqual([["night", ""], ["morning", "not_watched"], ["afternoon", "watched"], ["evening", ""]]);
  });

  it("describes the night at night, and no other part", () => {
    const found = view(today(), [], [tap("2026-03-10T02:00:00Z")]);
    expect(partsOn(found, "2026-03-10").filter(([, watch]) => watch !== "")).toEqual([["night", "watched"]]);
  });

  it("is taken back before the server has heard of the undo", () => {
    const said = entry("observation", null, { date: "2026-03-10", part: "morning", watch: "watched", until_at: "2026-03-10T07:00:00Z" });
    const before = view(today(), [said], []);
    const done = tap("2026-03-10T14:00:00Z");
    const parts = partsBefore(done, before);
    expect(parts.map((p) => [p.part, p.previous?.id])).toEqual([["morning", said.id], ["afternoon", undefined]]);
    // The server has answered since: both parts have their entries, one under an id of the server's.
    const stored = [{ ...said, revision: 2, values: { ...said.values, until_at: null } }, entry("observation", null, { date: "2026-03-10", part: "afternoon", watch: "watched", until_at: null })];
    const back = waiting(operation({ action: "undo", kind: "watched-so-far", undoes: done.op, parts }));
    const found = view(today(), stored, [back]);
    expect(partsOn(found, "2026-03-10").map(([, watch]) => watch)).toEqual(["", "watched", "", ""]);
    expect(found.entries.get(said.id)?.values["until_at"]).toBe("2026-03-10T07:00:00Z");
  });

  it("carries an earlier touch on to now", () => {
    const first = tap("2026-03-10T07:00:00Z");
    const found = view(today(), [], [first, tap("2026-03-10T09:30:00Z")]);
    const [part] = entriesOn(found, "2026-03-10");
    expect(part?.values["until_at"]).toBe("2026-03-10T09:30:00.000Z");
  });
});

describe("the running cluster", () => {
  const start = Date.parse("2026-03-10T02:00:00Z");
  const mine = "mine";
  const cluster = (values: object) => entry("cluster", "2026-03-10T02:00:00Z", laidOver(undefined, { ...firstTouch(start, mine), ...values }));
  const found = (e: ReturnType<typeof entry>) => view(today(), [e], []);
  const on = (e: ReturnType<typeof entry>, values: Entry["values"]) => ({ ...e, values: laidOver(e, values) });

  it("counts touches, and its length runs to the last one", () => {
    let one = cluster({});
    one = on(one, touched(one, start + 20_000, mine));
    one = on(one, touched(one, start + 50_000, mine));
    expect(one.values).toMatchObject({ spasm_count: 3, duration_s: 50, is_open: true, count_kind: "at_least" });
    expect(lastTouch(one)).toBe(start + 50_000);
    expect(on(one, untouched(one, mine)!).values["spasm_count"]).toBe(2);
    expect(untouched(cluster({}), mine)).toBeNull();
  });

  it("adds what two phones count, and each sends only its own", () => {
    const one = cluster({ touches: { mine: 3, theirs: 2 } });
    expect(one.values["spasm_count"]).toBe(5);
    expect(touched(one, start + 1000, "theirs")["touches"]).toEqual({ theirs: 3 });
    const laid = view(today(), [one], [waiting(operation({ action: "edit", entry: one.id, values: { touches: { mine: 4 } } }))]);
    expect(laid.entries.get(one.id)?.values).toMatchObject({ spasm_count: 6, touches: { mine: 4, theirs: 2 } });
    const fewer = on(one, untouched(one, "third")!); // one too many, taken back on a phone that counted none
    expect(fewer.values["spasm_count"]).toBe(4);
  });

  it("shows a number that somebody typed over what was counted", () => {
    const one = cluster({ touches: { mine: 3 } });
    const typed = view(today(), [one], [waiting(operation({ action: "edit", entry: one.id, values: { spasm_count: 20 } }))]);
    expect(typed.entries.get(one.id)?.title).toBe("Spasms seen: at least 20 spasms");
    const late = touched(typed.entries.get(one.id)!, start + 9000, mine);
    expect(late["touches"]).toEqual({ mine: 1 });
  });

  it("runs for five quiet minutes, whoever counts it", () => {
    const one = cluster({ duration_s: 60 });
    expect(runningCluster(found(one), start + 60_000 + 299_000)?.id).toBe(one.id);
    expect(runningCluster(found(one), start + 60_000 + 300_000)).toBeUndefined();
    expect(runningCluster(found(cluster({ is_open: false })), start)).toBeUndefined();
  });

  it("keeps its last touch when it began earlier than the first touch", () => {
    const one = cluster({ duration_s: 60 });
    const moved = { ...one, at: String(startedEarlier(one, 5, 0)["happened_at"]), values: { ...one.values, ...startedEarlier(one, 5, 0) } };
    expect(moved.at).toBe("2026-03-10T01:55:00.000Z");
    expect(lastTouch(moved)).toBe(lastTouch(one));
  });

  it("is exact when somebody who counts ends it", () => {
    const one = cluster({ touches: { mine: 3 } });
    expect(on(one, ENDED).values).toMatchObject({ is_open: false, count_kind: "exact", spasm_count: 3 });
  });

  it("runs by the server's clock on a phone whose own is fast", () => {
    const fast = 7_200_000;
    const o = waiting(operation({ values: { ...firstTouch(start + fast, mine) } }));
    const shown = view(today(), [], [o], -fast);
    const running = runningCluster(shown, start + 10_000);
    expect(running?.at).toBe(new Date(start).toISOString());
    expect(touched(running!, start + 10_000, mine)["duration_s"]).toBe(10);
    // A start put earlier is sent as this phone's clock says it, for the server to put right.
    expect(startedEarlier(running!, 1, -fast)["happened_at"]).toBe(new Date(start + fast - 60_000).toISOString());
  });

  it("ends by a long press that is no spasm; as the first touch nothing ends", () => {
    const before = cluster({ touches: { mine: 3 }, duration_s: 30 });
    const pressed = on(before, touched(before, start + 40_000, mine));
    expect(endedByLongPress(before, pressed, mine)).toEqual({ is_open: false, count_kind: "exact", touches: { mine: 3 }, duration_s: 30 });
    expect(endedByLongPress(null, cluster({}), mine)).toBeNull();
    expect(endedByLongPress(before, { ...pressed, id: id() }, mine)).toBeNull();
    expect(endedByLongPress(before, undefined, mine)).toBeNull();
  });
});

describe("what comes next", () => {
  it("does not lose last evening's dose at midnight", () => {
    const found = view(today(), [], []);
    const past = Date.parse("2026-03-10T23:20:00Z"); // 00:20 of the 11th in Berlin
    expect(dosesNow(found, "2026-03-11", past).map((d) => d.dueAt)).toEqual([Date.parse("2026-03-10T07:00:00Z"), Date.parse("2026-03-10T19:00:00Z")]);
    expect(dosesNow(found, "2026-03-12", past + 86_400_000)).toEqual([]);
  });


  it("is the planned meal until it is eaten, on whichever phone", () => {
    const now = Date.parse("2026-03-10T11:30:00Z");
    const empty = view(today(), [], []);
    expect(nextMeal(empty, now)?.id).toBe(MEAL);
    const eaten = view(today(), [entry("meal", "2026-03-10T11:10:00Z", { planned: MEAL })], []);
    expect(nextMeal(eaten, now)).toBeUndefined();
    expect(eatenOf(eaten, today().meals[0]!)).toBeDefined();
    expect(nextMeal(empty, now + 2 * 3_600_000)).toBeUndefined();
  });

  it("takes a dose between two times for a late one", () => {
    const medicine = { id: "m", name: "Vigabatrin", form: "", unit: "mL", soon_s: 0, steps: [] };
    const steps = [{ date: "2026-03-10", dose: "2", how: "scheduled" as const, rules: "", amounts: "", due: ["2026-03-10T08:00:00Z", "2026-03-10T12:00:00Z"] }];
    const found = view(today({ medicines: [{ ...medicine, steps }] }), [entry("dose", "2026-03-10T10:30:00Z", { medicine: "m", outcome: "given" })], []);
    expect(dueDoses(found).map((d) => d.recorded !== undefined)).toEqual([true, false]);
  });

  it("pairs each dose with the nearest record, once", () => {
    const given = entry("dose", "2026-03-10T07:20:00Z", { medicine: MEDICINE, outcome: "given", amount: "5" });
    const due = dueDoses(view(today(), [given], []));
    expect(due.map((d) => d.recorded?.id)).toEqual([given.id, undefined]);
    const far = dueDoses(view(today(), [entry("dose", "2026-03-10T12:00:00Z", { medicine: MEDICINE, outcome: "given", amount: "5" })], []));
    expect(far.every((d) => d.recorded === undefined)).toBe(true);
  });

  it("asks before a second dose, and never after a skipped one", () => {
    const at = Date.parse("2026-03-10T09:00:00Z");
    const given = entry("dose", "2026-03-10T07:20:00Z", { medicine: MEDICINE, outcome: "given", amount: "5" });
    const skipped = entry("dose", "2026-03-10T08:50:00Z", { medicine: MEDICINE, outcome: "skipped", reason: "asleep" });
    const found = view(today(), [given, skipped], []);
    expect(doseNear(found, MEDICINE, at, "")?.id).toBe(given.id);
    expect(doseNear(found, MEDICINE, at, given.id)).toBeUndefined();
    expect(doseNear(found, MEDICINE, at + 6 * 3_600_000, "")).toBeUndefined();
  });

  it("asks within the medicine's own time", () => {
    const given = entry("dose", "2026-03-10T07:00:00Z", { medicine: MEDICINE, outcome: "given", amount: "5" });
    const [medicine] = today().medicines;
    const near = (soon_s?: number): boolean => {
      const found = view(today({ medicines: [{ ...medicine!, soon_s }] }), [given], []);
      return doseNear(found, MEDICINE, Date.parse("2026-03-10T09:00:00Z"), "") !== undefined;
    };
    expect([near(3600), near(8000), near(undefined)]).toEqual([false, true, true]);
  });

  it("never calls a rescue medicine due, whatever its times say", () => {
    const [medicine] = today().medicines;
    const steps = medicine!.steps.map((step) => ({ ...step, how: "rescue" as const }));
    expect(dueDoses(view(today({ medicines: [{ ...medicine!, steps }] }), [], []))).toEqual([]);
  });

  it("takes what a phone kept before its update for scheduled", () => {
    const [medicine] = today().medicines;
    const steps = medicine!.steps.map(({ date, dose, due }) => ({ date, dose, due }));
    expect(dueDoses(view(today({ medicines: [{ ...medicine!, steps }] }), [], []))).toHaveLength(2);
  });
});

describe("what is said back", () => {
  it("has its unit, and never mixes blood and urine", () => {
    expect(echoOf(today(), "ketones-blood", { value: "3.20", unit: "mmol/L" }, "02:14")).toBe("Ketones, blood: 3.2 mmol/L, 02:14");
    expect(echoOf(today(), "ketones-urine", { value: "3", unit: "grade" }, "02:14")).toBe("Ketones, urine strip: ++, 02:14");
    expect(echoOf(today(), "dose", { medicine: MEDICINE, outcome: "given", amount: "5.000" }, "08:00")).toBe("Vigabatrin 5 mL, 08:00");
    expect(echoOf(today(), "dose", { medicine: MEDICINE, outcome: "skipped", amount: null }, "")).toBe("Vigabatrin not given");
  });
});
