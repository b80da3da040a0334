// Sending the outbox. It is called on load, on coming online, on becoming visible, after each act and by a
// timer; there is no background sync to lean on.
import type { SyncAnswer } from "../model/wire";
import type { Database } from "../store/database";
import type { Operation } from "../model/operation";
import { asSent, nextBatch, reject, settle } from "../store/outbox";
import { correctionOf } from "../model/zones";
import { send, ServerTrouble } from "./client";
import { say } from "../../words/words";

export interface Sender {
  /** After each batch: what the answer changed is shown, whatever becomes of the next one. */
  onSettled: () => Promise<void>;
  db: Database;
  child: string;
  person: string;
  device: string;
}

let isFlushing = false;

/** Send all that is ready, batch by batch. Returns the last answer; null when there was nothing to send. */
export async function flush(from: Sender): Promise<SyncAnswer | null> {
  if (isFlushing) return null;
  isFlushing = true;
  try {
    if (!("locks" in navigator)) return await sendAll(from); // plain http: other tabs are told apart by their ids
    return await navigator.locks.request("quietdays-flush", { ifAvailable: true }, (lock) =>
      lock === null ? null : sendAll(from),
    );
  } finally {
    isFlushing = false;
  }
}

async function sendAll({ db, child, person, device, onSettled }: Sender): Promise<SyncAnswer | null> {
  let last: SyncAnswer | null = null;
  for (;;) {
    const batch = await nextBatch(db, child, person, Date.now());
    if (batch.length === 0) return last;
    const post = (operations: Operation[]): Promise<SyncAnswer> => {
      const body = { device, clock: new Date().toISOString(), operations: operations.map(asSent) };
      return send<SyncAnswer>(`/api/v1/children/${child}/sync`, "POST", JSON.stringify(body), "application/json", person);
    };
    try {
      last = await post(batch);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await oneByOne(db, child, batch, post);
      await onSettled();
      continue;
    }
    await settle(db, child, last.results, correctionOf(last.offset_s));
    await onSettled();
    // What the server could not take now is tried at the next occasion, not again and again.
    if (last.results.every((r) => r.status === "failed")) return last;
  }
}

function isUnreadable(error: unknown): error is ServerTrouble {
  return error instanceof ServerTrouble && error.status === 422;
}

/** The server could not read the batch: each goes alone, and only the one that is unreadable stays. */
async function oneByOne(db: Database, child: string, batch: Operation[], post: (one: Operation[]) => Promise<SyncAnswer>): Promise<void> {
  for (const operation of batch) {
    try {
      const answer = await post([operation]);
      await settle(db, child, answer.results, correctionOf(answer.offset_s));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const detail = (error.detail as { detail?: Record<string, string[]> } | null)?.detail;
      await reject(db, operation.op, detail ?? { entry: [say("The server cannot read this.")] });
    }
  }
}
