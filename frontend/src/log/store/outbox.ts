// The outbox: what was done on this phone and the server has not answered for. Nothing leaves it but by an
// answer that names it, or by a person's decision.
import { uuid7 } from "../../pad/uuid7";
import type { Operation } from "../model/operation";
import { ANSWER, asAnswer, putRight } from "../model/view";
import type { Conflict, Entry, Result, SentOperation, Served, Values } from "../model/wire";
import { written, type Database, type StoredChild } from "./database";
import { say } from "../../words/words";

export type NewOperation = Omit<Operation, "seq" | "wasSent" | "isRejected" | "errors" | "merges">;

/** What became of an act: the operation that carries it, and that one as it was before, if it was there. */
export interface Kept {
  op: string;
  before: Operation | null;
  merges: number;
}

/**
 * Keep acts that belong together, in order; all or none. An edit is laid into what waits unsent for the same
 * entry; deleting what never left the phone leaves nothing to send.
 */
export async function keep(db: Database, news: NewOperation[]): Promise<Kept[]> {
  return written(db, ["outbox"], async (tx) => {
    const outbox = tx.objectStore("outbox");
    const kept: Kept[] = [];
    for (const one of news) {
      const waiting = await outbox.index("entry").getAll(one.entry);
      const last = waiting.at(-1);
      const isOpen = last !== undefined && !last.wasSent && !last.isRejected && last.person === one.person;
      if (one.action === "edit" && isOpen && (last.action === "create" || last.action === "edit")) {
        await outbox.put(merged(last, one));
        kept.push({ op: last.op, before: last, merges: last.merges + 1 });
      } else if (one.action === "delete" && isOpen && last.action === "create" && waiting.length === 1) {
        await outbox.delete(last.seq);
        kept.push({ op: last.op, before: last, merges: last.merges });
      } else {
        // The store gives the number; a key that is there already, even undefined, would be refused.
        await outbox.add({ ...one, wasSent: false, isRejected: false, errors: {}, merges: 0 } as Operation);
        kept.push({ op: one.op, before: null, merges: 0 });
      }
    }
    return kept;
  });
}

function merged(earlier: Operation, later: NewOperation): Operation {
  const names = Object.keys(later.values ?? {});
  const typed = (earlier.typed ?? []).filter((name) => !names.includes(name));
  return {
    ...earlier,
    values: countedOrTyped(earlier.values ?? {}, later.values ?? {}),
    typed: [...typed, ...(later.typed ?? [])],
    title: later.title,
    merges: earlier.merges + 1,
    notBefore: Math.min(earlier.notBefore, later.notBefore),
  };
}

/** A number that somebody typed stands over what was counted. */
function countedOrTyped(earlier: Values, later: Values): Values {
  const values = { ...earlier, ...later };
  if (values["spasm_count"] !== undefined && values["touches"] !== undefined) values["touches"] = {};
  return values;
}

/**
 * Take back an act that has not left the phone: the outbox stands as before it. "sent" when it has left;
 * "built-on" when something was laid over it since, which must not go with it.
 */
export async function takeBack(db: Database, kept: Kept): Promise<"done" | "sent" | "built-on"> {
  return written(db, ["outbox"], async (tx) => {
    const outbox = tx.objectStore("outbox");
    const found = (await outbox.getAll()).find((o) => o.op === kept.op);
    if (found === undefined && kept.before !== null && kept.merges === kept.before.merges) {
      await outbox.put(kept.before); // a deletion of what never left
      return "done";
    }
    if (found === undefined || found.wasSent) return "sent";
    if (found.merges !== kept.merges) return "built-on";
    if (kept.before === null) await outbox.delete(found.seq);
    else await outbox.put(kept.before);
    return "done";
  });
}

/** The server cannot read this one at all: it stays, with the reason, and the others go on without it. */
export async function reject(db: Database, op: string, errors: Record<string, string[]>): Promise<void> {
  await written(db, ["outbox"], async (tx) => {
    const found = (await tx.objectStore("outbox").getAll()).find((o) => o.op === op);
    if (found !== undefined) await tx.objectStore("outbox").put({ ...found, isRejected: true, errors });
  });
}

/** The next batch to send, in order. From here on they never change, for the server may get them. */
export async function nextBatch(db: Database, child: string, person: string, now: number, most = 50): Promise<Operation[]> {
  return written(db, ["outbox"], async (tx) => {
    const all = await tx.objectStore("outbox").getAll();
    const ready = all.filter((o) => o.child === child && o.person === person && !o.isRejected && isDue(o, all, now));
    const batch = ready.slice(0, most);
    for (const operation of batch) {
      operation.wasSent = true;
      await tx.objectStore("outbox").put(operation);
    }
    return batch;
  });
}

/** A count that is held back goes at once when something later on the same entry has to follow it. */
function isDue(one: Operation, all: Operation[], now: number): boolean {
  return one.notBefore <= now || all.some((o) => o.entry === one.entry && o.seq > one.seq && o.notBefore <= now);
}

export function asSent(o: Operation): SentOperation {
  const sent: SentOperation = { op: o.op, action: o.action, kind: o.kind, entry: o.entry, made_at: o.made_at };
  if (o.base !== undefined) sent.base = o.base;
  if (o.values !== undefined) sent.values = bare(o.values);
  if (o.typed !== undefined && o.typed.length > 0) sent.typed = o.typed;
  if (o.undoes !== undefined) sent.undoes = o.undoes;
  return sent;
}

/** The server knows what a composition holds; only what was weighed is sent. */
function bare(values: Values): Values {
  const served = values["served"] as Served[] | undefined;
  if (served === undefined) return values;
  const weighed = served.map(({ composition, amount, left }) => ({ composition, amount, left }));
  return { ...values, served: weighed as Served[] };
}

/**
 * Take in the server's answers: what it has leaves the outbox in the same step in which its entries are kept.
 * A refused operation stays with its reason. Answers for operations that are not here change nothing.
 */
export async function settle(db: Database, child: string, results: Result[], correctionMs = 0): Promise<void> {
  await written(db, ["outbox", "entries", "notices", "children"], async (tx) => {
    const all = await tx.objectStore("outbox").getAll();
    for (const result of results) {
      const operation = all.find((o) => o.op === result.op);
      if (operation === undefined || result.status === "failed") continue;
      if (result.status === "rejected") {
        operation.isRejected = true;
        operation.errors = result.errors;
        await tx.objectStore("outbox").put(operation);
        continue;
      }
      await tx.objectStore("outbox").delete(operation.seq);
      if (operation.kind === ANSWER) await keepAnswer(tx.objectStore("children"), child, putRight(operation, correctionMs));
      for (const entry of result.entries) await keepNewer(tx.objectStore("entries"), child, entry);
      const words = noticeOf(operation, result);
      if (words !== "") {
        const entry = result.entries[0]?.id ?? null;
        await tx.objectStore("notices").put({ id: result.op, child, text: words, entry });
      }
    }
  });
}

function noticeOf(operation: Operation, result: Result): string {
  return [result.notice ?? "", result.conflict ? conflictWords(operation.title, result.conflict) : ""].filter((w) => w !== "").join(" ");
}

export function conflictWords(mine: string, conflict: Conflict): string {
  return say("{name} had changed this too (“{theirs}”). What stands now: “{mine}”. Both are kept in its history.", { name: conflict.by, theirs: conflict.title, mine });
}

interface ChildStore {
  get(id: string): Promise<StoredChild | undefined>;
  put(child: StoredChild): Promise<unknown>;
}

/** What was answered to a reminder stays answered until the next fetch says so too: it must not ring in between. */
async function keepAnswer(store: ChildStore, child: string, operation: Operation): Promise<void> {
  const kept = await store.get(child);
  const reminders = kept?.today.reminders;
  if (!kept || !reminders) return;
  const answers = [...reminders.answers, asAnswer(operation)];
  await store.put({ ...kept, today: { ...kept.today, reminders: { ...reminders, answers } } });
}

interface EntryStore {
  get(id: string): Promise<(Entry & { child: string }) | undefined>;
  put(entry: Entry & { child: string }): Promise<unknown>;
}

/** An answer that was under way for long never puts an older version over a newer one. */
async function keepNewer(store: EntryStore, child: string, entry: Entry): Promise<void> {
  const known = await store.get(entry.id);
  if (entry.deleted && entry.revision === 0) return void (await store.put({ ...entry, child })); // gone for good
  if (known === undefined || known.revision <= entry.revision) await store.put({ ...entry, child });
}

/** What others did, and where to go on from; `fresh` replaces all that was kept of this child. */
export async function keepChanges(
  db: Database,
  child: string,
  entries: Entry[],
  cursor: number,
  fresh: boolean,
): Promise<void> {
  await written(db, ["entries", "children"], async (tx) => {
    const store = tx.objectStore("entries");
    if (fresh) for (const id of await store.index("child").getAllKeys(child)) await store.delete(id);
    for (const entry of entries) await keepNewer(store, child, entry);
    const kept = await tx.objectStore("children").get(child);
    if (kept) await tx.objectStore("children").put({ ...kept, cursor });
  });
}

/** A refused operation, put right by a person: a new operation in its place, under the same entry. */
export async function correct(db: Database, seq: number, values: Values, typed: string[], title: string): Promise<void> {
  await written(db, ["outbox"], async (tx) => {
    const refused = await tx.objectStore("outbox").get(seq);
    if (refused === undefined) return;
    await tx.objectStore("outbox").put({
      ...refused,
      op: uuid7(),
      values: { ...refused.values, ...values },
      typed: [...new Set([...(refused.typed ?? []), ...typed])],
      title,
      wasSent: false,
      isRejected: false,
      errors: {},
    });
  });
}

export async function throwAway(db: Database, seq: number): Promise<void> {
  await written(db, ["outbox"], (tx) => tx.objectStore("outbox").delete(seq));
}
