// The phone's own store. Everything that somebody entered is written with strict durability: it is on the
// phone's disk before the screen says so.
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { Operation } from "../model/operation";
import type { Entry, Today } from "../model/wire";

export interface Notice {
  id: string;
  child: string;
  text: string;
  entry: string | null;
}

export interface StoredClip {
  id: string;
  child: string;
  person: string;
  cluster: string;
  blob: Blob;
  received: number;
  error: string; // why the server does not take it; a person decides
  isReleased: boolean; // somebody asked to send it now, whatever the network
}

export interface StoredChild {
  id: string;
  today: Today;
  cursor: number | null;
}

export interface Schema extends DBSchema {
  outbox: { key: number; value: Operation; indexes: { entry: string } };
  entries: { key: string; value: Entry & { child: string }; indexes: { child: string } };
  children: { key: string; value: StoredChild };
  notices: { key: string; value: Notice };
  clips: { key: string; value: StoredClip };
  meta: { key: string; value: string };
}

export type Database = IDBPDatabase<Schema>;

export function openDatabase(name = "quietdays"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("entry", "entry");
      db.createObjectStore("entries", { keyPath: "id" }).createIndex("child", "child");
      for (const store of ["children", "notices", "clips"] as const) db.createObjectStore(store, { keyPath: "id" });
      db.createObjectStore("meta");
    },
  });
}

/** One transaction: all of it is on the disk when this resolves, or nothing is. */
export async function written<Names extends StoreNames<Schema>[], T>(
  db: Database,
  stores: Names,
  work: (tx: IDBPTransaction<Schema, Names, "readwrite">) => Promise<T>,
): Promise<T> {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  const aborted = tx.done.catch(() => undefined); // said once, by the await below
  try {
    const answer = await work(tx);
    await tx.done;
    return answer;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended by itself.
    }
    await aborted;
    throw error;
  }
}
