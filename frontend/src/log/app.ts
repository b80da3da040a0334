// The night log's one state: what the phone holds, how it stands with the server, and every act on it.
import { uuid7 } from "../pad/uuid7";
import { applyTheme, keepChoice, keepNights, type Choice } from "../night/theme";
import { ask, csrfToken, ServerTrouble, type Trouble } from "./engine/client";
import { flush } from "./engine/flush";
import type { Operation } from "./model/operation";
import { echoOf, titleOf } from "./model/titles";
import { laidOver, partsBefore, view, type View } from "./model/view";
import { addDays, correctionOf, localClock, localDate, zoneAt } from "./model/zones";
import type { Action, ChangesAnswer, Entry, Session, Today, Values } from "./model/wire";
import { keepWords, say } from "../words/words";
import { openDatabase, type Database, type Notice, type StoredClip } from "./store/database";
import { keep, keepChanges, takeBack, throwAway, type Kept, type NewOperation } from "./store/outbox";
import { forgetChild, keepToday, readChild, readMeta, writeMeta } from "./store/phone";

/** A short word at the top of the screen, with a way back for ten seconds. */
export interface Toast {
  id: string;
  text: string;
  isError: boolean;
  undo: (() => Promise<void>) | null;
}

export type Phase = "starting" | "no-store" | "no-child" | "ready";

export interface State {
  phase: Phase;
  child: string;
  person: { id: string; name: string } | null;
  today: Today | null;
  view: View | null;
  operations: Operation[];
  notices: Notice[];
  clips: StoredClip[];
  children: Session["children"];
  trouble: Trouble | null; // with the server, at the last try
  toasts: Toast[];
  offsetS: number; // the server's clock less this phone's
  wasEvicted: boolean;
  kept: { id: string; name: string }[]; // the children that this phone holds
  isFull: boolean;
}

type Listener = () => void;

const EVICTED = "quietdays.evicted"; // until somebody has read it
const TOAST_MS = 10_000;
const KEPT_DAYS = 8; // the seven that are shown, and one for a journey
const TODAY_FRESH_MS = 5 * 60_000;

class App {
  state: State = {
    phase: "starting",
    child: "",
    person: null,
    today: null,
    view: null,
    operations: [],
    notices: [],
    clips: [],
    children: [],
    trouble: null,
    toasts: [],
    offsetS: 0,
    wasEvicted: false,
    kept: [],
    isFull: false,
  };
  db!: Database;
  device = "";
  counting = ""; // the cluster that this phone counted last
  private cursor: number | null = null;
  private todayAt = 0;
  private listeners = new Set<Listener>();
  private readonly others = "BroadcastChannel" in window ? new BroadcastChannel("quietdays") : null;

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  // ——— starting ———

  async start(): Promise<void> {
    try {
      this.db = await openDatabase();
      this.device = await this.ownDevice();
      const offsetS = Number((await readMeta(this.db, "offset")) ?? 0);
      this.set({ offsetS, wasEvicted: localStorage.getItem(EVICTED) !== null });
      this.counting = (await readMeta(this.db, "counting")) ?? "";
    } catch {
      this.set({ phase: "no-store" });
      return;
    }
    const asked = new URLSearchParams(location.search).get("child");
    if (asked !== null) history.replaceState(null, "", location.pathname + location.hash);
    await this.open(asked ?? (await readMeta(this.db, "child")) ?? "");
    if (this.others) this.others.onmessage = () => void this.reload();
  }

  private async ownDevice(): Promise<string> {
    const known = await readMeta(this.db, "device");
    if (known !== undefined) return known;
    // Something was kept here once, and the store is empty: the browser has thrown it away.
    if (localStorage.getItem("quietdays.device") !== null) localStorage.setItem(EVICTED, "yes");
    const device = uuid7();
    await writeMeta(this.db, "device", device);
    localStorage.setItem("quietdays.device", device);
    return device;
  }

  /** Show a child: from the phone at once, then from the server. */
  async open(child: string): Promise<void> {
    if (child !== "") {
      await writeMeta(this.db, "child", child);
      // Nothing of the child before may stand under this one's name.
      if (child !== this.state.child) this.set({ child, today: null, view: null, phase: "starting" });
      this.todayAt = 0;
      await this.reload();
    }
    if (this.state.view === null) await this.firstContact();
    else void this.contact();
  }

  private async firstContact(): Promise<void> {
    if (this.state.child !== "") await this.contact();
    if (this.state.view !== null) return;
    await this.findChildren();
    const [only] = this.state.children;
    if (this.state.children.length === 1 && only && only.id !== this.state.child) await this.open(only.id);
    else this.set({ phase: "no-child" });
  }

  async findChildren(): Promise<void> {
    try {
      const session = await ask<Session>("/api/v1/session");
      if (session.person !== null) await this.speak(session.words);
      this.set({ children: session.children, trouble: session.person === null ? "signed-out" : null });
    } catch (error) {
      this.set({ trouble: troubleIn(error) });
    }
  }

  /** Read what the phone holds anew: another tab, or an answer, has changed it. */
  async reload(): Promise<void> {
    const child = this.state.child;
    const kept = await readChild(this.db, child);
    if (child !== this.state.child) return; // another child was opened meanwhile
    this.cursor = kept.cursor;
    const today = kept.today;
    if (today === null) {
      this.set({ operations: kept.operations, notices: kept.notices, clips: kept.clips, kept: kept.children });
      return;
    }
    const mine = kept.operations.filter((o) => o.child === this.state.child);
    this.set({
      phase: "ready",
      today,
      person: { id: today.person.id, name: today.person.name },
      operations: kept.operations,
      notices: kept.notices,
      clips: kept.clips,
      kept: kept.children,
      view: view(today, kept.entries, mine, this.correctionMs()),
    });
  }

  private async changed(): Promise<void> {
    await this.reload();
    this.others?.postMessage("changed");
  }

  // ——— the server ———

  private isInContact = false;
  private isAskedAgain = false;

  /** Send what waits, fetch what is new. Every trouble is kept as a word for the screen; nothing throws. */
  async contact(): Promise<void> {
    if (this.state.child === "") return;
    if (this.isInContact) {
      this.isAskedAgain = true; // what was done meanwhile goes out right after
      return;
    }
    this.isInContact = true;
    this.isAskedAgain = false;
    try {
      if (!navigator.onLine) throw new ServerTrouble("no-network", 0, null);
      const refusal = await this.sendOutbox();
      await this.pull();
      if (this.state.trouble !== refusal) this.set({ trouble: refusal });
    } catch (error) {
      const trouble = troubleIn(error);
      if (trouble === "gone") await this.loseAccess();
      if (trouble !== this.state.trouble) this.set({ trouble });
    } finally {
      this.isInContact = false;
    }
    if (this.isAskedAgain) await this.contact();
  }

  /** Who may no longer write may still read: that refusal is an answer, and reading goes on. */
  private async sendOutbox(): Promise<Trouble | null> {
    const { person } = this.state;
    if (person === null) return null;
    try {
      for (const other of this.withReady(person.id)) await this.sendOf(other, person.id);
      return null;
    } catch (error) {
      const trouble = troubleIn(error);
      if (error instanceof ServerTrouble && error.status === 409) {
        this.todayAt = 0; // somebody else is signed in on this phone now: ask who
        return null;
      }
      if (trouble === "no-access" || trouble === "refused" || trouble === "server") return trouble;
      throw error;
    }
  }

  private async sendOf(child: string, person: string): Promise<void> {
    const { db, device } = this;
    try {
      const answer = await flush({ db, child, person, device, onSettled: () => this.changed() });
      if (answer !== null) await this.learnOffset(answer.offset_s);
    } catch (error) {
      // Another child's trouble is told when that child is open.
      if (child === this.state.child || !(error instanceof ServerTrouble) || error.trouble === "no-network") throw error;
    }
  }

  /** The children for whom this person has something to send: the open one first. */
  private withReady(person: string): string[] {
    const { child, operations } = this.state;
    const now = Date.now();
    const ready = operations.filter((o) => o.person === person && !o.isRejected && o.notBefore <= now).map((o) => o.child);
    return [...new Set(ready)].sort((a, b) => Number(b === child) - Number(a === child));
  }

  private async learnOffset(offsetS: number): Promise<void> {
    if (Math.abs(offsetS - this.state.offsetS) <= 5) return;
    this.set({ offsetS });
    await writeMeta(this.db, "offset", String(offsetS));
  }

  /** What this phone's clock has to be put right by; the server does the same from two minutes on. */
  correctionMs(): number {
    return correctionOf(this.state.offsetS);
  }

  /** Now, by the server's clock as far as this phone knows it: for every comparison with a stored instant. */
  now(): number {
    return Date.now() + this.correctionMs();
  }

  private async pull(): Promise<void> {
    const { child, today } = this.state;
    const base = `/api/v1/children/${child}`;
    const isStale = today === null || Date.now() - this.todayAt > TODAY_FRESH_MS || this.dateHasTurned();
    if (isStale) await this.pullToday(base);
    const plansChanged = await this.pullChanges(base, child);
    if (plansChanged && !isStale) await this.pullToday(base);
  }

  private dateHasTurned(): boolean {
    return localDate(new Date(this.todayAt), this.zone()) !== localDate(new Date(), this.zone());
  }

  private async pullToday(base: string): Promise<void> {
    const today = await ask<Today>(`${base}/today`);
    if (this.state.person !== null && this.state.person.id !== today.person.id) await forgetChild(this.db, today.child.id);
    await keepToday(this.db, today, addDays(localDate(new Date(today.clock), zoneAt(today.stays, new Date(today.clock))), -KEPT_DAYS));
    this.todayAt = Date.now();
    const nights = today.nights.map(([from, to]) => [Date.parse(from), Date.parse(to)] as [number, number]);
    keepNights(nights);
    keepChoice(today.person.theme as Choice);
    applyTheme();
    await this.speak(today.words);
    for (const message of today.messages) this.tellOf(message, today.child.id);
    await this.learnOffset((Date.parse(today.clock) - Date.now()) / 1000);
    await this.changed();
  }

  /** In the reader's language; without a network, in the one that the phone keeps. */
  private async speak(address: string): Promise<void> {
    if (!(await keepWords(address).catch(() => false))) return;
    this.cursor = null; // titles of entries are the server's words: read them anew
    this.set({});
  }

  private async pullChanges(base: string, child: string): Promise<boolean> {
    let plansChanged = false;
    for (;;) {
      const from = this.cursor;
      const answer = await this.askChanges(base, from);
      if (answer === null || child !== this.state.child) return plansChanged;
      plansChanged ||= answer.plan_changed;
      await this.learnOffset((Date.parse(answer.clock) - Date.now()) / 1000);
      if (answer.cursor !== from || answer.entries.length > 0) {
        await keepChanges(this.db, child, answer.entries, answer.cursor, from === null);
        await this.changed();
      }
      if (!answer.more) return plansChanged;
    }
  }

  private async askChanges(base: string, from: number | null): Promise<ChangesAnswer | null> {
    try {
      return await ask<ChangesAnswer>(`${base}/changes${from === null ? "" : `?since=${from}`}`);
    } catch (error) {
      if (!(error instanceof ServerTrouble) || error.status !== 422 || from === null) throw error;
      this.cursor = null; // another database answers under this address: begin anew
      return ask<ChangesAnswer>(`${base}/changes`);
    }
  }

  /** The role for this child has ended: its data leaves the phone, what was not sent stays. */
  private async loseAccess(): Promise<void> {
    await forgetChild(this.db, this.state.child);
    this.set({ view: null, today: null, phase: "no-child" });
    await this.findChildren();
    await this.changed();
  }

  // ——— time ———

  zone(at = new Date()): string {
    return zoneAt(this.state.view?.stays ?? [], at);
  }

  date(at = new Date(this.now())): string {
    return localDate(at, this.zone(at));
  }

  clock(at: string | Date): string {
    const instant = new Date(at);
    return localClock(instant, this.zone(instant));
  }

  // ——— acts ———

  /** A new entry. Durable when this resolves; then said back with an undo. */
  async create(kind: string, values: Values, typed: string[] = [], options: { quietly?: boolean; id?: string } = {}): Promise<string> {
    const entry = options.id ?? uuid7();
    await this.act("create", kind, entry, values, typed, options.quietly === true);
    return entry;
  }

  async edit(entry: Entry, values: Values, typed: string[] = [], options: { quietly?: boolean; notBefore?: number } = {}): Promise<void> {
    if (Object.keys(values).length === 0) return;
    await this.act("edit", entry.kind, entry.id, values, typed, options.quietly === true, options.notBefore, entry.revision);
  }

  async remove(entry: Entry): Promise<void> {
    await this.act("delete", entry.kind, entry.id, undefined, [], false, 0, entry.revision);
  }

  private async act(
    action: Action,
    kind: string,
    entry: string,
    values: Values | undefined,
    typed: string[],
    quietly: boolean,
    notBefore = 0,
    base = 0, // the version that the person had before their eyes
  ): Promise<void> {
    const previous = this.state.view?.entries.get(entry) ?? null;
    const operation = this.operation(action, kind, entry, values, typed, previous, notBefore);
    if (action !== "create") operation.base = base;
    const kept = await this.keepAll([operation]);
    const done = kept[0];
    if (!quietly && done) {
      const said = laidOver(previous ?? undefined, values ?? {});
      this.tell(this.echo(action, kind, said), () => this.undo(operation, done));
    }
    void this.contact();
  }

  private operation(
    action: Action,
    kind: string,
    entry: string,
    values: Values | undefined,
    typed: string[],
    previous: Entry | null,
    notBefore: number,
  ): NewOperation {
    const { person, today } = this.state;
    // The child whose data is on the screen, and no other.
    if (today === null || today.child.id !== this.state.child) throw new NotKept("no child is open");
    const operation: NewOperation = {
      op: uuid7(),
      action,
      kind,
      entry,
      made_at: new Date().toISOString(),
      typed,
      child: today.child.id,
      person: person?.id ?? "",
      personName: person?.name ?? "",
      notBefore,
      title: titleOf(today, kind, laidOver(previous ?? undefined, values ?? {})),
      previous,
    };
    if (values !== undefined) operation.values = values;
    if (kind === "watched-so-far" && this.state.view) operation.parts = partsBefore(operation as Operation, this.state.view);
    return operation;
  }

  /** Into the outbox; a full or broken store is said, and the caller's form keeps what was typed. */
  private async keepAll(operations: NewOperation[]): Promise<Kept[]> {
    try {
      const kept = await keep(this.db, operations);
      if (this.state.isFull) this.set({ isFull: false });
      await this.changed();
      askToPersist();
      return kept;
    } catch (error) {
      this.set({ isFull: true });
      throw new NotKept(error);
    }
  }

  private echo(action: Action, kind: string, values: Values): string {
    const today = this.state.today as Today;
    const at = typeof values["happened_at"] === "string" ? this.clock(values["happened_at"]) : "";
    const entry = echoOf(today, kind, values, at);
    return action === "delete" ? say("Deleted: {entry}", { entry }) : say("Saved: {entry}", { entry });
  }

  /** Take back what one act did, wherever it has got to by now, and nothing else. */
  private async undo(operation: NewOperation, kept: Kept): Promise<void> {
    const taken = await takeBack(this.db, kept);
    if (taken === "built-on" || (taken === "sent" && kept.before !== null && operation.action !== "delete")) {
      this.tell(say("Not undone: more was changed since, or it was sent together. Open the entry to change it back."), null, true);
      return;
    }
    if (taken === "sent") await this.keepAll([this.undoing(operation)]);
    else await this.changed();
    this.tell(say("Undone: {entry}", { entry: operation.title }));
    void this.contact();
  }

  private undoing(operation: NewOperation): NewOperation {
    const back = this.operation("undo", operation.kind, operation.entry, undefined, [], operation.previous, 0);
    const parts = operation.parts === undefined ? {} : { parts: operation.parts };
    return { ...back, ...parts, undoes: operation.op, title: say("Undo: {entry}", { entry: operation.title }) };
  }

  private readonly doing = new Set<string>();

  /** One touch, once: a second one on the same button while the first is being kept does nothing. */
  async once(what: string, work: () => Promise<unknown>): Promise<void> {
    if (this.doing.has(what)) return;
    this.doing.add(what);
    try {
      await work();
    } catch (error) {
      this.tell((error as Error).message, null, true);
    } finally {
      this.doing.delete(what);
    }
  }

  // ——— words at the top ———

  tell(text: string, undo: (() => Promise<void>) | null = null, isError = false): void {
    const toast = { id: uuid7(), text, undo, isError };
    this.set({ toasts: [...this.state.toasts.slice(-1), toast] });
    window.setTimeout(() => this.untell(toast.id), TOAST_MS);
  }

  untell(id: string): void {
    this.set({ toasts: this.state.toasts.filter((t) => t.id !== id) });
  }

  private tellOf(message: Today["messages"][number], child: string): void {
    const { undo } = message;
    this.tell(message.text, undo === null ? null : () => this.undoOnPage(child, undo), message.is_error);
  }

  /** A page of the server said this, and its own undo takes it back. */
  private async undoOnPage(child: string, undo: { kind: string; ids: string[] }): Promise<void> {
    const body = new URLSearchParams({ kind: undo.kind, ids: undo.ids.join(","), back: `/c/${child}/` });
    await fetch(`/c/${child}/undo/`, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" });
    await this.refetch();
  }

  /** Something behind `today` has changed on the server. */
  async refetch(): Promise<void> {
    this.todayAt = 0;
    await this.contact();
  }

  /** What is shown of today came from the server since the app was opened. */
  isFresh(): boolean {
    return this.todayAt > 0 && this.state.trouble === null;
  }

  /** This phone counts that cluster, and ends it when it goes quiet. */
  async countsHere(entry: string): Promise<void> {
    if (this.counting === entry) return;
    this.counting = entry;
    await writeMeta(this.db, "counting", entry);
  }

  readEviction(): void {
    localStorage.removeItem(EVICTED);
    this.set({ wasEvicted: false });
  }

  async dismiss(notice: string): Promise<void> {
    await this.db.delete("notices", notice);
    await this.changed();
  }

  async discard(operation: Operation): Promise<void> {
    await throwAway(this.db, operation.seq);
    await this.changed();
  }

  async refreshed(): Promise<void> {
    await this.changed();
    void this.contact();
  }
}

/** The phone could not keep it: no room, or a broken store. Nothing was saved. */
export class NotKept extends Error {
  constructor(readonly reason: unknown) {
    super(say("This phone has no room left: NOT saved. Make room (photos, films), then touch Save again. What you typed is still here."));
  }
}

function troubleIn(error: unknown): Trouble {
  if (error instanceof ServerTrouble) return error.trouble;
  console.error(error);
  return "server";
}

let hasAsked = false;

/** Ask the browser not to clear this away when the phone gets full; once, when there is something to keep. */
function askToPersist(): void {
  if (hasAsked || !navigator.storage?.persist) return;
  hasAsked = true;
  void navigator.storage.persist();
}

export const app = new App();
