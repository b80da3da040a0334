// Sending the outbox. It is called on load, on coming online, on becoming visible, after each act and by a
// timer; there is no background sync to lean on.
import type { SyncAnswer } from "../model/wire";
import type { Database } from "../store/database";
import { asSent, nextBatch, settle } from "../store/outbox";
import { send } from "./client";

export interface Sender {
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

async function sendAll({ db, child, person, device }: Sender): Promise<SyncAnswer | null> {
  let last: SyncAnswer | null = null;
  for (;;) {
    const batch = await nextBatch(db, child, person, Date.now());
    if (batch.length === 0) return last;
    const body = { device, clock: new Date().toISOString(), operations: batch.map(asSent) };
    last = await send<SyncAnswer>(`/api/v1/children/${child}/sync`, "POST", JSON.stringify(body), "application/json", person);
    await settle(db, child, last.results);
    // What the server could not take now is tried at the next occasion, not again and again.
    if (last.results.every((r) => r.status === "failed")) return last;
  }
}
