// Reading and keeping what the phone holds of a child.
import type { Operation } from "../model/operation";
import type { Entry, Today } from "../model/wire";
import { written, type Database, type Notice, type StoredClip } from "./database";

export interface KeptChild {
  today: Today | null;
  cursor: number | null;
  entries: Entry[];
  operations: Operation[]; // of every child and person: the outbox is one
  notices: Notice[];
  clips: StoredClip[];
  children: { id: string; name: string }[];
}

export async function readChild(db: Database, child: string): Promise<KeptChild> {
  const tx = db.transaction(["children", "entries", "outbox", "notices", "clips"], "readonly");
  const [children, entries, operations, notices, clips] = await Promise.all([
    tx.objectStore("children").getAll(),
    tx.objectStore("entries").index("child").getAll(child),
    tx.objectStore("outbox").getAll(),
    tx.objectStore("notices").getAll(),
    tx.objectStore("clips").getAll(),
  ]);
  const kept = children.find((c) => c.id === child);
  return {
    children: children.map((c) => ({ id: c.id, name: c.today.child.name })),
    today: kept?.today ?? null,
    cursor: kept?.cursor ?? null,
    entries,
    operations,
    notices: notices.filter((n) => n.child === child),
    clips,
  };
}

/** What the server says of today; entries from before `oldest` go: an old phone reads all that is here at each start. */
export async function keepToday(db: Database, today: Today, oldest: string): Promise<void> {
  await written(db, ["children", "entries"], async (tx) => {
    const store = tx.objectStore("children");
    const cursor = (await store.get(today.child.id))?.cursor ?? null;
    await store.put({ id: today.child.id, today: { ...today, messages: [] }, cursor });
    const entries = tx.objectStore("entries");
    for (const entry of await entries.index("child").getAll(today.child.id)) {
      if (entry.date < oldest) await entries.delete(entry.id);
    }
  });
}

/** What the server can give again leaves the phone; what it has not got stays. */
export async function forgetChild(db: Database, child: string): Promise<void> {
  await written(db, ["children", "entries", "notices"], async (tx) => {
    await tx.objectStore("children").delete(child);
    const entries = tx.objectStore("entries");
    for (const id of await entries.index("child").getAllKeys(child)) await entries.delete(id);
    for (const notice of await tx.objectStore("notices").getAll()) {
      if (notice.child === child) await tx.objectStore("notices").delete(notice.id);
    }
  });
}

/** On signing out: every child's data and every clip that is sent; the outbox stays for its person. */
export async function forgetAll(db: Database): Promise<void> {
  for (const child of await db.getAllKeys("children")) await forgetChild(db, child);
  await db.delete("meta", "child");
}

export async function readMeta(db: Database, key: string): Promise<string | undefined> {
  return db.get("meta", key);
}

export async function writeMeta(db: Database, key: string, value: string): Promise<void> {
  await db.put("meta", value, key);
}
