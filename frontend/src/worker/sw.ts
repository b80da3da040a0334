// The service worker: the night log opens without a network. It keeps the shell and nothing of a child.
//
// Three rules. The shell and its assets come from the cache, and the shell is fetched anew behind it. A page
// of the server comes from the network; without one, the shell stands there and says so. All else, and
// everything under /api/, goes to the network as if there were no worker.
//
// And it takes reminders: push.ts.
import { listenForPushes, type PushWorker } from "./push";

interface Shell {
  cache: string;
  page: string;
  assets: string[];
}
interface Worker {
  SHELL: Shell;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: Lasting) => void): void;
}
interface Lasting extends Event {
  request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const { cache: NAME, page: PAGE, assets: ASSETS } = worker.SHELL;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (ASSETS.includes(url.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(kept(new Request(PAGE)));
  else if (request.mode === "navigate") event.respondWith(orShell(request));
});
listenForPushes(self as unknown as PushWorker);

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  // The assets' names change with their content: what the browser has is right.
  await cache.addAll(ASSETS);
  await cache.add(new Request(PAGE, { cache: "reload" }));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith("quietdays-") && n !== NAME).map((n) => caches.delete(n)));
  await worker.clients.claim();
}

async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) ?? fetch(request);
}

/** Another page needs the network; what stands there without one tells the difference by its address. */
async function orShell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return kept(new Request(PAGE));
  }
}
