import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/log/model/operation";
import { answered, isQuiet, ringing } from "../../src/log/model/ringing";
import { view } from "../../src/log/model/view";
import type { Entry, ReminderAnswer, Reminders, Today } from "../../src/log/model/wire";
import { entry, MEAL, MEDICINE, operation, reminders, today } from "./things";

const MORNING = "2026-03-10T07:00:00Z"; // 08:00 in Berlin: 5 mL of vigabatrin
const LUNCH = "2026-03-10T11:00:00Z"; // 12:00
const DOSE_KEY = `dose:${MEDICINE}:${Date.parse(MORNING) / 1000}`;
const MEAL_KEY = `meal:${MEAL}:${Date.parse(LUNCH) / 1000}`;

interface Case {
  reminders?: Partial<Reminders>;
  today?: Partial<Today>;
  entries?: Entry[];
  operations?: Operation[];
  correctionMs?: number;
}

function keysAt(at: string, one: Case = {}): string[] {
  const what = today({ reminders: reminders(one.reminders), ...one.today });
  return ringing(view(what, one.entries ?? [], one.operations ?? [], one.correctionMs), Date.parse(at)).map((r) => r.key);
}

const NEXT = { medicine: 2, meal: 2 } as const;
const clock = (hhmm: string): string => `2026-03-10T${hhmm}:00Z`;
const seen = (by: string, at: string, key = DOSE_KEY): ReminderAnswer => ({ key, what: "seen", until: null, person: by.toLowerCase(), by, at: clock(at) });
const putOff = (by: string, at: string, until: string, key = DOSE_KEY): ReminderAnswer => ({ key, what: "snoozed", until: clock(until), person: by.toLowerCase(), by, at: clock(at) });
const told = (at: string, key = DOSE_KEY): Reminders["told_next"][number] => ({ key, at: clock(at), name: "Jonas" });
const jonas: Partial<Today> = { person: { id: "jonas", name: "Jonas", theme: "auto" } };
const waits = (values: Operation["values"], change: Partial<Operation> = {}): Operation => ({
  ...operation({ kind: "reminder-answer", made_at: clock("07:05"), values }),
  seq: 1, merges: 0, wasSent: false, isRejected: false, errors: {}, ...change,
});

describe("a dose rings", () => {
  const times: [string, boolean][] = [["06:59", false], ["07:00", true], ["08:00", true], ["08:59", true], ["09:00", false]];
  it.each(times)("from its time until it is two hours old: %s %s", (at, rings) => {
    expect(keysAt(clock(at)).includes(DOSE_KEY)).toBe(rings);
  });

  it.each([["07:19", false], ["07:20", true], ["09:19", true], ["09:20", false]])("for the next carer after the family's minutes: %s %s", (at, rings) => {
    expect(keysAt(clock(at), { today: jonas, reminders: { orders: NEXT } }).includes(DOSE_KEY)).toBe(rings);
  });

  it("for the next carer at once when the server has told them", () => {
    expect(keysAt(clock("07:03"), { today: jonas, reminders: { orders: NEXT, told_next: [told("07:02")] } })).toEqual([DOSE_KEY]);
  });

  it("under the key that the server gives it", () => {
    expect(DOSE_KEY).toMatch(/^dose:[0-9a-f-]{36}:\d{10}$/);
    expect(keysAt(clock("11:00"))).toEqual([MEAL_KEY]);
  });
});

describe("nothing rings", () => {
  const given = entry("dose", clock("06:50"), { medicine: MEDICINE, outcome: "given", amount: "5" }, { by: "Jonas" });
  const skipped = entry("dose", clock("07:01"), { medicine: MEDICINE, outcome: "skipped", reason: "asleep" });
  const other = { ...today().medicines[0]!, steps: [{ date: "2026-03-10", dose: "1", due: [MORNING], how: "as_needed" as const }] };
  const cases: [string, Case][] = [
    ["once another phone recorded it", { entries: [given] }],
    ["once it is recorded as not given", { entries: [skipped] }],
    ["once it waits on this phone", { operations: [waits({ medicine: MEDICINE, happened_at: clock("07:04"), outcome: "given", amount: "5" }, { kind: "dose" })] }],
    ["once another has answered", { reminders: { answers: [seen("Jonas", "07:02")] } }],
    ["once this phone has answered, with no network", { operations: [waits({ key: DOSE_KEY, what: "seen", minutes: null })] }],
    ["while it is put off on this phone, with no network", { operations: [waits({ key: DOSE_KEY, what: "snoozed", minutes: 10 })] }],
    ["while it is put off", { reminders: { answers: [putOff("Mira", "07:05", "07:15")] } }],
    ["while another has put it off", { reminders: { answers: [putOff("Jonas", "07:05", "07:15")] } }],
    ["for whom this person is not told", { reminders: { is_on: false } }],
    ["of a kind that this person is not told of", { reminders: { orders: { meal: 1 } } }],
    ["from a medicine that is given when needed", { today: { medicines: [other] } }],
    ["where the phone holds no word of reminders", { today: { reminders: undefined } }],
  ];
  it.each(cases)("%s", (_, one) => {
    expect(keysAt(clock("07:10"), one)).toEqual([]);
  });

  it("and all of them would have rung", () => expect(keysAt(clock("07:10"))).toEqual([DOSE_KEY]));
});

describe("it goes on ringing", () => {
  const cases: [string, Case][] = [
    ["when an answer was refused by the server", { operations: [waits({ key: DOSE_KEY, what: "seen", minutes: null }, { isRejected: true })] }],
    ["when a record was refused by the server", { operations: [waits({ medicine: MEDICINE, happened_at: clock("07:04"), outcome: "given" }, { kind: "dose", isRejected: true })] }],
    ["when another dose was answered", { reminders: { answers: [seen("Jonas", "07:02", `dose:${MEDICINE}:1`)] } }],
    ["when another medicine was given", { entries: [entry("dose", clock("07:02"), { medicine: "other", outcome: "given" })] }],
    ["in quiet hours: somebody is looking at this page", { reminders: { quiet: ["06:00", "12:00"] } }],
  ];
  it.each(cases)("%s", (_, one) => {
    expect(keysAt(clock("07:10"), one)).toEqual([DOSE_KEY]);
  });
});

describe("put off", () => {
  const byMira = { answers: [putOff("Mira", "07:05", "07:15")] };

  it("it rings again at that time for who put it off, for two hours more", () => {
    expect([["07:14"], ["07:15"], ["09:14"], ["09:15"]].map(([at]) => keysAt(clock(at!), { reminders: byMira }).length)).toEqual([0, 1, 1, 0]);
  });

  it("it rings for the next carer as long after that as after the first time", () => {
    const next = { today: jonas, reminders: { ...byMira, orders: NEXT } };
    expect(["07:20", "07:34", "07:35"].map((at) => keysAt(clock(at), next).length)).toEqual([0, 0, 1]);
  });

  it("before the server told the next carer it holds; told since then, it rings at once", () => {
    const next = (at: string): Case => ({ today: jonas, reminders: { ...byMira, orders: NEXT, told_next: [told(at)] } });
    expect([keysAt(clock("07:21"), next("07:04")).length, keysAt(clock("07:21"), next("07:20")).length]).toEqual([0, 1]);
  });

  it("twice: the later word counts, whatever order they came in", () => {
    const answers = [putOff("Mira", "07:20", "07:50"), putOff("Mira", "07:05", "07:15")];
    expect(["07:30", "07:50"].map((at) => keysAt(clock(at), { reminders: { answers } }).length)).toEqual([0, 1]);
  });

  it("is counted by the server's clock where this phone's is wrong", () => {
    const twoHours = 7_200_000;
    const said = waits({ key: DOSE_KEY, what: "snoozed", minutes: 10 }, { made_at: clock("09:05") }); // two hours fast
    const one = { operations: [said], correctionMs: -twoHours };
    expect(["07:10", "07:15"].map((at) => keysAt(clock(at), one).length)).toEqual([0, 1]);
  });
});

describe("a meal", () => {
  it("rings until it is one hour old, or eaten", () => {
    expect(["10:59", "11:00", "11:59", "12:00"].map((at) => keysAt(clock(at)).length)).toEqual([0, 1, 1, 0]);
    expect(keysAt(clock("11:10"), { entries: [entry("meal", clock("11:05"), { planned: MEAL })] })).toEqual([]);
  });

  it("waits for the end of the quiet hours, on the child's clock", () => {
    const quiet: [string, string] = ["11:00", "12:30"]; // until 11:30 UTC
    expect(["11:00", "11:29", "11:30"].map((at) => keysAt(clock(at), { reminders: { quiet } }).length)).toEqual([0, 0, 1]);
  });

  it("rings in quiet hours for the next carer, and for who put it off into them", () => {
    const quiet: [string, string] = ["11:00", "23:00"];
    expect(keysAt(clock("11:20"), { today: jonas, reminders: { quiet, orders: NEXT } })).toEqual([MEAL_KEY]);
    expect(keysAt(clock("11:20"), { reminders: { quiet, answers: [putOff("Mira", "11:01", "11:11", MEAL_KEY)] } })).toEqual([MEAL_KEY]);
  });
});

it.each<[[string, string] | null, string, boolean]>([
  [null, "03:00", false],
  [["22:00", "06:00"], "21:59", false],
  [["22:00", "06:00"], "22:00", true],
  [["22:00", "06:00"], "05:59", true],
  [["22:00", "06:00"], "06:00", false],
  [["13:00", "15:00"], "14:00", true],
  [["13:00", "15:00"], "15:00", false],
  [["13:00", "13:00"], "13:00", false],
])("quiet hours %j hold %s: %s", (quiet, at, expected) => expect(isQuiet(quiet, at)).toBe(expected));

it("rings for several things at one instant, in order, and says who was told next and after how long", () => {
  const [medicine] = today().medicines;
  const second = { ...medicine!, id: "0190a000-0000-7000-8000-ffffffffffff", name: "Topiramate" };
  const found = view(today({ medicines: [medicine!, second], reminders: reminders({ told_next: [told("07:20")] }) }), [], []);
  const rows = ringing(found, Date.parse(clock("07:25")));
  expect(rows.map((r) => r.words)).toEqual(["Vigabatrin 5 mL", "Topiramate 5 mL"]);
  expect(rows.map((r) => r.toldNext)).toEqual([{ name: "Jonas", at: clock("07:20"), forMin: 20 }, null]);
});

it("shows a medicine before a meal that was due earlier", () => {
  const [medicine] = today().medicines;
  const steps = [{ ...medicine!.steps[0]!, due: [clock("11:30")] }];
  const found = view(today({ medicines: [{ ...medicine!, steps }], reminders: reminders() }), [], []);
  expect(ringing(found, Date.parse(clock("11:40"))).map((r) => r.kind)).toEqual(["medicine", "meal"]);
});

it("says how long nobody answered since it was put off", () => {
  const change = { answers: [putOff("Mira", "07:05", "07:15")], told_next: [told("07:35")] };
  const [row] = ringing(view(today({ reminders: reminders(change) }), [], []), Date.parse(clock("07:40")));
  expect(row?.toldNext?.forMin).toBe(20);
});

describe("who is on it stands on home", () => {
  const shown = (at: string, answers: ReminderAnswer[], entries: Entry[] = []): string[] =>
    answered(view(today({ reminders: reminders({ answers }) }), entries, []), Date.parse(clock(at))).map((a) => `${a.answer.by} ${a.answer.what}`);

  it("until it is recorded, for two hours", () => {
    expect(shown("07:30", [seen("Jonas", "07:03")])).toEqual(["Jonas seen"]);
    expect(shown("09:03", [seen("Jonas", "07:03")])).toEqual([]);
    expect(shown("07:30", [seen("Jonas", "07:03")], [entry("dose", clock("07:10"), { medicine: MEDICINE, outcome: "given" })])).toEqual([]);
  });

  it("and until when it is put off", () => {
    expect(shown("07:10", [putOff("Mira", "07:05", "07:15")])).toEqual(["Mira snoozed"]);
    expect(shown("07:15", [putOff("Mira", "07:05", "07:15")])).toEqual([]);
  });
});
