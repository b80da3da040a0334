// Which touch is a long one. Each finger has its own timer; two fingers at once are spasms, no sign.

export interface Timers {
  set: (done: () => void, ms: number) => number;
  clear: (timer: number) => void;
}

/** Fingers that are down, and what to do when a single one has stayed down for long. */
export class Presses {
  private readonly down = new Map<number, number | undefined>();

  constructor(
    private readonly timers: Timers,
    private readonly longMs: number,
  ) {}

  /** A finger that comes down beside another one makes neither of them a long press. */
  start(finger: number, onLong: () => void): void {
    this.end(finger);
    const isAlone = this.down.size === 0;
    for (const other of this.down.keys()) this.stop(other);
    if (!isAlone) {
      this.down.set(finger, undefined);
      return;
    }
    const timer = this.timers.set(() => {
      this.down.set(finger, undefined);
      onLong();
    }, this.longMs);
    this.down.set(finger, timer);
  }

  end(finger: number): void {
    this.stop(finger);
    this.down.delete(finger);
  }

  endAll(): void {
    for (const finger of [...this.down.keys()]) this.end(finger);
  }

  private stop(finger: number): void {
    const timer = this.down.get(finger);
    if (timer !== undefined) this.timers.clear(timer);
    if (this.down.has(finger)) this.down.set(finger, undefined);
  }
}
