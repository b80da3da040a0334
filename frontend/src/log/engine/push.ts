// Reminders that reach this phone with the app closed: asking for them, keeping the subscription known to the
// server, and what the service worker says to an open page.
import { asSent, isFor, keyBytes } from "../../push/subscription";
import type { Told } from "../../worker/push";
import { app } from "../app";
import { ownChannel } from "../model/reach";
import { readMeta, writeMeta } from "../store/phone";
import { send } from "./client";

export type PushState = "unsupported" | "denied" | "off" | "on";

const TAKEN = "push"; // whose subscription the server took last, and which

export function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

export function mayShow(): boolean {
  return "Notification" in window && Notification.permission === "granted";
}

export function pushState(): PushState {
  if (!isSupported()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return mayShow() && ownChannel(app.state.today?.reminders, app.device) !== undefined ? "on" : "off";
}

/** Called by a touch: a browser asks the person only then. False when they did not allow it. */
export async function turnOn(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await register(await subscription());
  await app.refetch();
  return true;
}

export async function test(): Promise<void> {
  await post("/api/v1/push/test", { device: app.device });
}

let isSent = false;

/**
 * Once after each start: the browser may have changed or lost its subscription. What somebody took away on the
 * server's page is not brought back.
 */
export async function keepSubscribed(): Promise<void> {
  if (isSent || !app.isFresh() || !isSupported() || !mayShow() || !app.state.today?.reminders) return;
  isSent = true;
  try {
    const { pushManager } = await navigator.serviceWorker.ready;
    const found = await pushManager.getSubscription();
    const isListed = ownChannel(app.state.today.reminders, app.device) !== undefined;
    const isTakenAway = found === null || (await readMeta(app.db, TAKEN)) === mark(found);
    if (isListed || !isTakenAway) await register(await subscription());
  } catch (error) {
    console.warn(error); // home says it when no reminder gets through
  }
}

/** The one that this browser has, made for this server; or a new one. */
async function subscription(): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const applicationServerKey = keyBytes(app.state.today?.reminders?.push_key ?? "");
  const found = await pushManager.getSubscription();
  if (found !== null && isFor(found, applicationServerKey)) return found;
  await found?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function register(made: PushSubscription): Promise<void> {
  await post("/api/v1/push", asSent(made, app.device));
  await writeMeta(app.db, TAKEN, mark(made));
}

function mark(made: PushSubscription): string {
  return `${app.state.person?.id ?? ""} ${made.endpoint}`;
}

function post(address: string, body: object): Promise<unknown> {
  return send(address, "POST", JSON.stringify(body), "application/json", app.state.person?.id ?? "");
}

/** A notification was touched, or something came in that the server knows by now. */
export function listenToWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if (data.what === "open") void follow(new URL(data.navigate, location.origin));
    else void app.refetch();
  });
}

async function follow(address: URL): Promise<void> {
  if (address.pathname !== location.pathname) return location.assign(address);
  const child = address.searchParams.get("child");
  if (child !== null && child !== app.state.child) await app.open(child);
  location.hash = address.hash || "#/";
}
