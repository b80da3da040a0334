// Reminders come in here, with the page closed: each is shown, and the server is told that it arrived. Answers
// given on the notification go straight to the server; one that does not get there is said.
import { openDatabase } from "../log/store/database";
import { HOME, readMessage, shown, type Kept, type PushMessage } from "../push/message";
import { asSent } from "../push/subscription";

interface ShownNotification {
  title: string;
  body: string;
  tag: string;
  data: Kept | null;
  close(): void;
}
interface Page {
  url: string;
  focus(): Promise<unknown>;
  postMessage(said: Told): void;
}
interface Incoming extends Event {
  data: { text(): string } | null;
  notification: ShownNotification | null; // what a browser read out of the message by itself, or what was touched
  action: string;
  newSubscription: PushSubscription | null;
  oldSubscription: PushSubscription | null;
  waitUntil(work: Promise<unknown>): void;
}
export interface PushWorker {
  clients: { matchAll(which: object): Promise<Page[]>; openWindow(address: string): Promise<unknown> };
  registration: {
    showNotification(title: string, options: object): Promise<void>;
    getNotifications(which: object): Promise<ShownNotification[]>;
    pushManager: PushManager;
  };
  addEventListener(type: string, listener: (event: Incoming) => void): void;
}

/** What an open page is told: to go somewhere, or that the server knows something new. */
export type Told = { what: "open"; navigate: string } | { what: "news" };

const TRIES_AFTER_MS = [0, 2_000, 6_000];
const PROOF_STANDS_MS = 1_500; // a browser looks right after the event whether something was shown

let worker: PushWorker;

export function listenForPushes(self: PushWorker): void {
  worker = self;
  worker.addEventListener("push", (event) => {
    const message = readMessage(sentWith(event), location.origin);
    const taken = take(message);
    event.waitUntil(taken);
    if (message.what === "proof") void taken.then(() => setTimeout(() => void takeAway(message.tag), PROOF_STANDS_MS));
  });
  worker.addEventListener("notificationclick", (event) => event.waitUntil(touched(event)));
  worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));
}

/** Newer Safari hands over the notification that it has read out of the message. */
function sentWith(event: Incoming): unknown {
  return event.data?.text() ?? event.notification;
}

/** What could not be shown is not reported as arrived. */
async function take(message: PushMessage): Promise<void> {
  const { registration } = worker;
  const plainly = (): Promise<void> => registration.showNotification(message.title, { body: message.body });
  await registration.showNotification(message.title, shown(message)).catch(plainly); // a browser that minds an option
  if (message.receipt !== "") await report(message.receipt, { what: "received", minutes: null });
  await tell({ what: "news" });
}

async function takeAway(tag: string): Promise<void> {
  if (tag === "") return;
  for (const notification of await worker.registration.getNotifications({ tag })) notification.close();
}

interface Answer {
  what: "received" | "seen" | "snoozed";
  minutes: number | null;
}

/** Whether the server has it. A network that is just coming up is given a moment. */
async function report(receipt: string, answer: Answer): Promise<boolean> {
  for (const wait of TRIES_AFTER_MS) {
    await new Promise((done) => setTimeout(done, wait));
    try {
      const reply = await fetch(`/api/v1/receipts/${encodeURIComponent(receipt)}`, {
        method: "POST",
        body: JSON.stringify(answer),
        headers: { "Content-Type": "application/json" },
        credentials: "omit",
      });
      if (reply.status < 500) return reply.ok;
    } catch {
      // Tried again.
    }
  }
  return false;
}

async function touched({ notification, action }: Incoming): Promise<void> {
  if (notification === null) return;
  notification.close();
  const { receipt = "", navigate = HOME, snoozeMin = 0 } = notification.data ?? {};
  if (action !== "seen" && action !== "snoozed") return open(navigate);
  const isTaken = await report(receipt, { what: action, minutes: action === "snoozed" ? snoozeMin : null });
  if (isTaken) return tell({ what: "news" });
  const body = `${notification.body} Your answer was not sent. Open the app to answer.`;
  await worker.registration.showNotification(notification.title, { body, tag: notification.tag || "not-sent", renotify: true, data: notification.data });
}

async function pages(): Promise<Page[]> {
  const all = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter((page) => new URL(page.url).pathname === HOME);
}

/** An open night log goes there by itself, so that nothing typed on it is loaded away. */
async function open(navigate: string): Promise<void> {
  const [page] = await pages();
  if (page === undefined) return void (await worker.clients.openWindow(navigate));
  page.postMessage({ what: "open", navigate });
  await page.focus();
}

async function tell(said: Told): Promise<void> {
  for (const page of await pages()) page.postMessage(said);
}

/** The browser has changed its subscription. Where this fails, the next start of the night log sends it. */
async function subscribeAgain({ newSubscription, oldSubscription }: Incoming): Promise<void> {
  const options = oldSubscription?.options;
  const again = async (): Promise<PushSubscription | null> =>
    options ? worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: options.applicationServerKey }) : null;
  const subscription = newSubscription ?? (await again());
  const db = await openDatabase();
  const device = await db.get("meta", "device");
  db.close();
  if (subscription === null || device === undefined) return;
  const session = (await (await fetch("/api/v1/session")).json()) as { csrf: string };
  await fetch("/api/v1/push", {
    method: "POST",
    body: JSON.stringify(asSent(subscription, device)),
    headers: { "Content-Type": "application/json", "X-CSRFToken": session.csrf },
  });
}
