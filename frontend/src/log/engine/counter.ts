// Counting a cluster. Each touch changes the entry and is written in its turn; the screen shows the newest
// touch at once, and the store is never behind by more than what is being written.
import { uuid7 } from "../../pad/uuid7";
import { ENDED, endedByLongPress, firstTouch, runningCluster, startedEarlier, touched, untouched } from "../model/running";
import { countWords } from "../model/titles";
import type { Entry, Values } from "../model/wire";
import { laidOver, type View } from "../model/view";
import { say } from "../../words/words";

/** While a cluster runs, its count goes to the other phones this often. */
export const COUNT_EVERY_MS = 10_000;

interface Writer {
  device: string;
  now(): number;
  correctionMs(): number;
  state: { view: View | null; person: { name: string } | null };
  create(kind: string, values: Values, typed: string[], options: { quietly: boolean; id: string }): Promise<string>;
  edit(entry: Entry, values: Values, typed: string[], options: { quietly: boolean; notBefore: number }): Promise<void>;
  remove(entry: Entry): Promise<void>;
  clock(at: string): string;
  countsHere(entry: string): Promise<void>;
}

export class Counter {
  status = "";
  endedId = "";
  private ahead: Entry | null = null; // touches that are still being written
  private writes: Promise<void> = Promise.resolve();
  private waiting = 0;
  private wake: WakeLockSentinel | null = null;

  constructor(
    private readonly app: Writer,
    private readonly redraw: () => void,
  ) {}

  running(now: number): Entry | undefined {
    if (this.ahead !== null) return this.ahead.values["is_open"] === true ? this.ahead : undefined;
    return this.app.state.view ? runningCluster(this.app.state.view, now) : undefined;
  }

  /** One spasm. Answers what stood before it. */
  tap(): Entry | null {
    const now = this.app.now();
    const before = this.running(now) ?? null;
    navigator.vibrate?.(25);
    this.status = "";
    this.endedId = "";
    void this.keepAwake();
    if (before === null) this.begin(now);
    else this.change(before, touched(before, now, this.app.device), Date.now() + COUNT_EVERY_MS);
    return before;
  }

  private begin(now: number): void {
    const id = uuid7();
    const values = firstTouch(Date.now(), this.app.device); // put right on its way, like every instant nobody typed
    const at = new Date(now).toISOString();
    this.ahead = { kind: "cluster", id, revision: 0, deleted: false, by: this.app.state.person?.name ?? "", entered_at: at, date: "", at, time_zone: null, title: "", detail: "", values: laidOver(undefined, values), conflict: null };
    this.write(async () => {
      await this.app.create("cluster", values, [], { quietly: true, id });
      await this.app.countsHere(id);
    });
  }

  private change(before: Entry, values: Values, notBefore: number): void {
    const sent = values["happened_at"];
    const at = typeof sent === "string" ? new Date(Date.parse(sent) + this.app.correctionMs()).toISOString() : before.at;
    this.ahead = { ...before, at, values: laidOver(before, values) };
    this.write(async () => {
      await this.app.edit(before, values, [], { quietly: true, notBefore });
      await this.app.countsHere(before.id);
    });
  }

  private write(work: () => Promise<void>): void {
    this.waiting += 1;
    this.redraw();
    this.writes = this.writes.then(work).catch(() => {
      this.status = say("This touch was NOT kept: this phone has no room left.");
    });
    void this.writes.then(() => {
      this.waiting -= 1;
      if (this.waiting === 0) this.ahead = null; // the store has it all
      this.redraw();
    });
  }

  untap(): void {
    const before = this.running(this.app.now());
    if (before === undefined) return;
    const values = untouched(before, this.app.device);
    if (values !== null) return this.change(before, values, Date.now() + COUNT_EVERY_MS);
    this.ahead = { ...before, values: { ...before.values, is_open: false } };
    this.write(() => this.app.remove(before));
  }

  earlier(minutes: number): void {
    const before = this.running(this.app.now());
    if (before !== undefined) this.change(before, startedEarlier(before, minutes, this.app.correctionMs()), 0);
  }

  end(): void {
    const running = this.running(this.app.now());
    if (running === undefined) return;
    this.change(running, ENDED, 0);
    this.saidEnded(running.id);
  }

  endByLongPress(before: Entry | null): void {
    const running = this.running(this.app.now());
    const values = endedByLongPress(before, running, this.app.device);
    if (running === undefined || values === null) return;
    this.change(running, values, 0);
    this.saidEnded(running.id);
  }

  private saidEnded(id: string): void {
    const values = this.ahead?.values ?? {};
    this.status = say("Saved: {entry}", { entry: `${countWords(values)}, ${this.app.clock(String(this.ahead?.at))}` });
    this.endedId = id;
    this.rest();
    this.redraw();
  }

  /** The screen may go dark again. */
  rest(): void {
    void this.wake?.release();
    this.wake = null;
  }

  private async keepAwake(): Promise<void> {
    if ((this.wake !== null && !this.wake.released) || !("wakeLock" in navigator)) return;
    this.wake = await navigator.wakeLock.request("screen").catch(() => null);
  }
}
