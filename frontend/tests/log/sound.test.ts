import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Sound } from "../../src/log/engine/sound";

let mayPlay: boolean;
let tones: number;
let vibrations: number;
let waiting: (() => void)[];

/** A browser that plays nothing before the first touch: what asks for it earlier waits. */
class Context {
  state = "suspended";
  currentTime = 0;
  destination = {};
  resume(): Promise<void> {
    return new Promise((done) => {
      const start = (): void => {
        this.state = "running";
        done();
      };
      if (mayPlay) start();
      else waiting.push(start);
    });
  }
  async suspend(): Promise<void> {
    this.state = "suspended";
  }
}

beforeEach(() => {
  [mayPlay, tones, vibrations, waiting] = [false, 0, 0, []];
  const node = { connect: (next: unknown) => next, start: () => (tones += 1), stop: () => undefined };
  const ramp = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined };
  vi.stubGlobal("window", { AudioContext: Context });
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("OscillatorNode", vi.fn(function () { return node; }));
  vi.stubGlobal("GainNode", vi.fn(function () { return { ...node, gain: ramp }; }));
  vi.stubGlobal("navigator", { vibrate: () => (vibrations += 1), userActivation: { get hasBeenActive() { return mayPlay; } } });
});
afterEach(() => vi.unstubAllGlobals());

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
async function touch(sound: Sound): Promise<void> {
  mayPlay = true;
  sound.unlock();
  for (const start of waiting.splice(0)) start();
  await settled();
}
async function seconds(sound: Sound, from: number, to: number, isRinging = true): Promise<void> {
  for (let s = from; s < to; s++) {
    sound.follow(isRinging, 1_000_000 + 1000 * s);
    await settled();
  }
}

describe("the sound of a reminder", () => {
  it("comes again every twenty seconds until somebody answers", async () => {
    const sound = new Sound();
    await touch(sound);
    await seconds(sound, 0, 45);
    expect([tones, vibrations]).toEqual([12, 3]); // four tones at 0, 20 and 40 s
    await seconds(sound, 45, 60, false);
    expect(tones).toBe(12);
  });

  it("says that it is off before the first touch, and is heard at once after it", async () => {
    const sound = new Sound();
    await seconds(sound, 0, 30);
    expect([sound.isBlocked(1_030_000), tones, vibrations]).toEqual([true, 0, 0]);
    await touch(sound);
    await seconds(sound, 30, 31);
    expect([sound.isBlocked(1_031_000), tones]).toEqual([false, 4]); // once, not for each time that it could not
  });

  it("sleeps while nothing rings, and wakes without a touch", async () => {
    const sound = new Sound();
    await touch(sound);
    await seconds(sound, 0, 5, false);
    expect(sound.isBlocked(1_005_000)).toBe(false);
    await seconds(sound, 5, 6);
    expect(tones).toBe(4);
  });

  it("says that it is off when the phone has taken it away since", async () => {
    const sound = new Sound();
    await touch(sound);
    mayPlay = false;
    await seconds(sound, 0, 4);
    expect([sound.isBlocked(1_001_000), sound.isBlocked(1_003_000), tones]).toEqual([false, true, 0]);
    await touch(sound);
    await seconds(sound, 4, 5);
    expect(tones).toBe(4);
  });

  it("starts anew with the next reminder, however soon after the last", async () => {
    const sound = new Sound();
    await touch(sound);
    await seconds(sound, 0, 2);
    await seconds(sound, 2, 3, false);
    await seconds(sound, 3, 4);
    expect(tones).toBe(8);
  });
});
