import { describe, expect, it } from "vitest";
import { changesARecord } from "../src/forms/help";
import { beforeLongPress, tap } from "../src/pad/cluster";
import { keptWords } from "../src/pad/kept";
import { Presses, type Timers } from "../src/pad/presses";

const id = () => "0190a000-0000-7000-8000-000000000001";

class Clock implements Timers {
  private now = 0;
  private last = 0;
  private readonly waiting = new Map<number, { at: number; done: () => void }>();
  set = (done: () => void, ms: number): number => {
    this.waiting.set(++this.last, { at: this.now + ms, done });
    return this.last;
  };
  clear = (timer: number): void => void this.waiting.delete(timer);
  run(ms: number): void {
    this.now += ms;
    for (const [timer, { at, done }] of [...this.waiting]) {
      if (at > this.now) continue;
      this.waiting.delete(timer);
      done();
    }
  }
}

function hand(): { clock: Clock; presses: Presses; long: number[]; down: (finger: number) => void } {
  const clock = new Clock();
  const presses = new Presses(clock, 800);
  const long: number[] = [];
  return { clock, presses, long, down: (finger) => presses.start(finger, () => long.push(finger)) };
}

describe("a long press", () => {
  it("is one finger that stays down", () => {
    const { clock, long, down } = hand();
    down(1);
    clock.run(799);
    expect(long).toEqual([]);
    clock.run(1);
    expect(long).toEqual([1]);
  });

  it("is none when the finger leaves in time", () => {
    const { clock, presses, long, down } = hand();
    down(1);
    clock.run(300);
    presses.end(1);
    clock.run(5000);
    expect(long).toEqual([]);
  });

  it("leaves no timer behind when a second finger comes down before the first is up", () => {
    const { clock, presses, long, down } = hand();
    for (const finger of [1, 2]) down(finger);
    for (const finger of [1, 2]) presses.end(finger);
    clock.run(5000);
    expect(long).toEqual([]);
  });

  it("is none while two fingers are down, however long", () => {
    const { clock, presses, long, down } = hand();
    down(1);
    clock.run(500);
    down(2);
    clock.run(5000);
    presses.end(1);
    clock.run(5000);
    expect(long).toEqual([]);
    presses.end(2);
    down(3);
    clock.run(800);
    expect(long).toEqual([3]);
  });

  it("ends when the screen locks", () => {
    const { clock, presses, long, down } = hand();
    down(1);
    presses.endAll();
    clock.run(5000);
    expect(long).toEqual([]);
  });
});

describe("what a long press ends", () => {
  it("is nothing on an empty pad: the touch counts", () => {
    expect(beforeLongPress(null, tap(null, 1000, id))).toBeNull();
  });

  it("is the cluster as it was before it, and as long", () => {
    const before = tap(tap(null, 1000, id), 5000, id);
    expect(beforeLongPress(before, tap(before, 60_000, id))).toEqual(before);
  });

  it("keeps the touches of other fingers and an earlier start", () => {
    const before = tap(tap(null, 1000, id), 5000, id);
    const now = { ...tap(tap(before, 6000, id), 6100, id), startedAt: 0 };
    expect(beforeLongPress(before, now)).toMatchObject({ count: 3, startedAt: 0 });
  });

  it("is nothing when the cluster was ended meanwhile", () => {
    const before = tap(null, 1000, id);
    expect(beforeLongPress(before, null)).toBeNull();
    expect(beforeLongPress(before, { ...tap(null, 9000, id), id: "another" })).toBeNull();
  });
});

describe("what waits on this phone", () => {
  const running = { ...tap(null, 1000, id), count: 3 };
  const entry = { id: id(), happened_at: "", spasm_count: 3, count_kind: "exact", duration_s: null } as const;

  it("is told apart from what is stored", () => {
    expect(keptWords({ running: null, waiting: [] })).toBeNull();
    expect(keptWords({ running, waiting: [] })).toBe("A cluster is open on this phone: 3 spasms.");
    expect(keptWords({ running: null, waiting: [entry] })).toBe("1 cluster waits on this phone to be sent.");
    expect(keptWords({ running: { ...running, count: 1 }, waiting: [entry, entry] })).toBe(
      "A cluster is open on this phone: 1 spasm. 2 clusters wait on this phone to be sent.",
    );
  });
});

describe("quick times", () => {
  it("stand on pages that add, not where “now” would be the time that is stored", () => {
    const child = "/c/0190a000";
    for (const path of ["/entry/cluster/1/", "/build/", "/build/1/", "/doses/1/", "/meals/1/"]) {
      expect(changesARecord(child + path), path).toBe(true);
    }
    for (const path of ["/log/cluster/", "/feeds/1/eat/", "/feeds/other/", "/medicines/1/give/"]) {
      expect(changesARecord(child + path), path).toBe(false);
    }
  });
});
