import { describe, expect, it } from "vitest";
import { Presses, type Timers } from "../src/pad/presses";

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

