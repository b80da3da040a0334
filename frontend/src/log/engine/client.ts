// Talking to the server. A reply is only what the API sent: a sign-in page with status 200 is no reply.

export type Trouble = "no-network" | "signed-out" | "no-access" | "gone" | "stale-token" | "refused" | "server";

export class ServerTrouble extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly status: number,
    readonly detail: unknown,
  ) {
    super(`${trouble} ${status}`);
  }
}

const TIMEOUT_MS = 20_000;

export async function ask<T>(address: string, init: RequestInit = {}): Promise<T> {
  const limit = new AbortController(); // older phones have no AbortSignal.timeout
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  let reply: Response;
  try {
    reply = await fetch(address, { credentials: "same-origin", redirect: "error", signal: limit.signal, ...init });
  } catch {
    throw new ServerTrouble("no-network", 0, null);
  } finally {
    clearTimeout(timer);
  }
  const isJson = reply.headers.get("Content-Type")?.includes("json") ?? false;
  let body: unknown = null;
  try {
    body = isJson ? await reply.json() : null;
  } catch {
    throw new ServerTrouble("no-network", reply.status, null); // cut off half-way
  }
  if (reply.ok && isJson) return body as T;
  throw new ServerTrouble(troubleOf(reply.status, body), reply.status, body);
}

function troubleOf(status: number, body: unknown): Trouble {
  if (body === null) return "server"; // not our words: a proxy, or another server under this address
  const detail = String((body as { detail?: unknown }).detail ?? "");
  if (status === 401) return "signed-out";
  if (status === 403) return /csrf|open for too long/i.test(detail) ? "stale-token" : "no-access";
  if (status === 404) return "gone";
  return status >= 400 && status < 500 ? "refused" : "server";
}

export function csrfToken(): string {
  return /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** Send JSON or bytes as this person: the server refuses it (409) when another one is signed in. A token that went stale is fetched anew once: signing in again changes it. */
export async function send<T>(address: string, method: "POST" | "PUT", body: BodyInit, type: string, person: string): Promise<T> {
  const attempt = (): Promise<T> =>
    ask<T>(address, { method, body, headers: { "Content-Type": type, "X-CSRFToken": csrfToken(), "X-Quietdays-Person": person } });
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ServerTrouble) || error.trouble !== "stale-token") throw error;
    await ask("/api/v1/session");
    return attempt();
  }
}

/** End this phone's session on the server. It answers with a way to the sign-in page, which nobody follows here. */
export async function signOut(): Promise<void> {
  const reply = await fetch("/sign-out/", { method: "POST", headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" });
  if (!reply.ok && reply.type !== "opaqueredirect") throw new ServerTrouble("server", reply.status, null);
}
