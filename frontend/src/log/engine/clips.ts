// Films and photographs of a cluster: kept on the phone, sent in pieces when there is Wi-Fi or somebody says so,
// and taken up where they stopped. Entries never wait for them.
import { app } from "../app";
import { uuid7 } from "../../pad/uuid7";
import { written, type StoredClip } from "../store/database";
import { send, ServerTrouble } from "./client";
import { say } from "../../words/words";

const PIECE_BYTES = 512 * 1024;

interface ClipState {
  id: string;
  received_bytes: number;
  complete: boolean;
}

/** Keep a file from the camera roll. Throws when the phone has no room; the file stays in the camera roll. */
export async function keepClip(cluster: string, file: File): Promise<void> {
  const { child, person } = app.state;
  const clip: StoredClip = { id: uuid7(), child, person: person?.id ?? "", cluster, blob: file, received: 0, error: "", isReleased: false };
  await written(app.db, ["clips"], (tx) => tx.objectStore("clips").put(clip));
  await app.refreshed();
}

export async function releaseClip(clip: StoredClip): Promise<void> {
  await change(clip, { isReleased: true, error: "" });
  void sendClips();
}

export async function dropClip(clip: StoredClip): Promise<void> {
  await app.db.delete("clips", clip.id);
  await app.reload();
}

/** "wifi", "cellular", …; "unknown" where the browser does not say, as on every iPhone. */
export function network(): string {
  return (navigator as { connection?: { type?: string } }).connection?.type ?? "unknown";
}

export function mayGo(clip: StoredClip): boolean {
  return clip.isReleased || ["wifi", "ethernet"].includes(network());
}

let isSending = false;

export async function sendClips(): Promise<void> {
  if (isSending || !navigator.onLine) return;
  isSending = true;
  try {
    for (const clip of app.state.clips) {
      if (clip.child === app.state.child && clip.person === app.state.person?.id && clip.error === "" && mayGo(clip)) await sendClip(clip);
    }
  } finally {
    isSending = false;
  }
}

async function sendClip(clip: StoredClip): Promise<void> {
  const base = `/api/v1/children/${clip.child}/clips`;
  try {
    const about = { id: clip.id, cluster: clip.cluster, size_bytes: clip.blob.size, content_type: clip.blob.type };
    let state = await send<ClipState>(base, "POST", JSON.stringify(about), "application/json", clip.person);
    while (!state.complete) {
      if (!(await isKept(clip))) return; // somebody has removed it: no further piece leaves the phone
      const from = state.received_bytes;
      const piece = clip.blob.slice(from, from + PIECE_BYTES);
      state = await send<ClipState>(`${base}/${clip.id}/piece?offset=${from}`, "PUT", piece, "application/octet-stream", clip.person);
      await change(clip, { received: state.received_bytes });
    }
    if (!(await isKept(clip))) return;
    await app.db.delete("clips", clip.id);
    await app.reload();
    app.tell(say("The film is on the server."));
  } catch (error) {
    if (!(error instanceof ServerTrouble)) throw error;
    // 409: its cluster is not there yet, or a piece came twice; the next round asks where to go on.
    if (error.trouble === "refused" && error.status !== 409) await change(clip, { error: wordsOf(error.detail) });
  }
}

function wordsOf(detail: unknown): string {
  const said = (detail as { detail?: unknown } | null)?.detail;
  if (typeof said === "string") return said;
  return Object.values((said ?? {}) as Record<string, string[]>).flat().join(" ") || say("The server did not take this film.");
}

async function isKept(clip: StoredClip): Promise<boolean> {
  return (await app.db.getKey("clips", clip.id)) !== undefined;
}

async function change(clip: StoredClip, values: Partial<StoredClip>): Promise<void> {
  Object.assign(clip, values);
  await written(app.db, ["clips"], async (tx) => {
    if ((await tx.objectStore("clips").getKey(clip.id)) !== undefined) await tx.objectStore("clips").put(clip);
  });
  await app.reload();
}
