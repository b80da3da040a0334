import { describe, expect, it } from "vitest";
import { clock, finished, hasGoneQuiet, QUIET_END_MS, startedEarlier, tap, untap } from "../src/pad/cluster";
import { PadStore } from "../src/pad/store";
import { uuid7 } from "../src/pad/uuid7";

const T0 = Date.UTC(2026, 2, 29, 0, 59, 30);
const id = () => "0190a000-0000-7000-8000-000000000001";

describe("a running cluster", () => {
  it("starts with the first touch and counts every further one", () => {
    let running = tap(null, T0, id);
    running = tap(running, T0 + 4000, id);
    running = tap(running, T0 + 9000, id);
    expect(finished(running)).toEqual({
      id: id(),
      happened_at: "2026-03-29T00:59:30.000Z",
      spasm_count: 3,
      count_kind: "exact",
      duration_s: 9,
    });
  });

  it("has no length after a single touch", () => {
    expect(finished(tap(null, T0, id)).duration_s).toBeNull();
  });

  it("takes one touch back, and is gone with the last", () => {
    const two = tap(tap(null, T0, id), T0 + 1000, id);
    expect(untap(two)?.count).toBe(1);
    expect(untap(tap(null, T0, id))).toBeNull();
  });

  it("can be said to have begun earlier, and then lasted longer", () => {
    const running = startedEarlier(tap(tap(null, T0, id), T0 + 10_000, id), 4);
    expect(finished(running).duration_s).toBe(250);
  });

  it("ends after five quiet minutes, not before", () => {
    const running = tap(null, T0, id);
    expect(hasGoneQuiet(running, T0 + QUIET_END_MS - 1)).toBe(false);
    expect(hasGoneQuiet(running, T0 + QUIET_END_MS)).toBe(true);
  });

  it("shows minutes beyond an hour instead of wrapping round", () => {
    expect(clock(65_000)).toBe("1:05");
    expect(clock(3_661_000)).toBe("61:01");
  });
});

class Memory implements Storage {
  private readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  clear = (): void => this.map.clear();
  getItem = (key: string): string | null => this.map.get(key) ?? null;
  key = (i: number): string | null => [...this.map.keys()][i] ?? null;
  removeItem = (key: string): void => void this.map.delete(key);
  setItem = (key: string, value: string): void => void this.map.set(key, value);
}

describe("what the phone keeps", () => {
  it("survives a reload, and loses only what the server acknowledged", () => {
    const disk = new Memory();
    const entry = finished(tap(null, T0, id));
    new PadStore("c", disk).change((kept) => ({ ...kept, waiting: [entry, { ...entry, id: "other" }] }));
    const again = new PadStore("c", disk);
    again.acknowledge("other");
    expect(new PadStore("c", disk).read().waiting).toEqual([entry]);
  });

  it("sets unreadable text aside", () => {
    const disk = new Memory();
    disk.setItem("quietdays.pad.c", "{half");
    expect(new PadStore("c", disk).read()).toEqual({ running: null, waiting: [] });
    expect(disk.getItem("quietdays.pad.c.unreadable")).toBe("{half");
  });

  it("keeps each child apart", () => {
    const disk = new Memory();
    new PadStore("a", disk).change((kept) => ({ ...kept, running: tap(null, T0, id) }));
    expect(new PadStore("b", disk).read().running).toBeNull();
  });
});

describe("uuid7", () => {
  it("is a version 7 id whose first bits are the time", () => {
    const made = uuid7(0x0190a1b2c3d4);
    expect(made).toMatch(/^0190a1b2-c3d4-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(Array.from({ length: 1000 }, () => uuid7())).size).toBe(1000);
  });
});
