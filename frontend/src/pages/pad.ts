// The spasm pad: one touch, one spasm. Saved on this phone at each touch, sent when it ends.
import {
  beforeLongPress,
  clock,
  finished,
  hasGoneQuiet,
  startedEarlier,
  tap,
  untap,
  type Entry,
  type Running,
} from "../pad/cluster";
import { Presses } from "../pad/presses";
import { PadStore } from "../pad/store";
import { uuid7 } from "../pad/uuid7";

const LONG_PRESS_MS = 800;
const RETRY_MS = 15_000;

const root = document.querySelector<HTMLElement>("[data-pad]");
if (root) start(root);

function start(pad: HTMLElement): void {
  const part = (name: string): HTMLElement => {
    const found = pad.querySelector<HTMLElement>(`[data-${name}]`);
    if (!found) throw new Error(`the pad has no ${name}`);
    return found;
  };
  const store = new PadStore(pad.dataset["child"] ?? "", localStorage);
  const button = part("tap") as HTMLButtonElement;
  const presses = new Presses(
    { set: (done, ms) => window.setTimeout(done, ms), clear: (timer) => window.clearTimeout(timer) },
    LONG_PRESS_MS,
  );
  let wake: WakeLockSentinel | null = null;

  function say(text: string): void {
    part("status").textContent = text;
  }

  function draw(): void {
    const { running } = store.read();
    part("count").textContent = String(running?.count ?? 0);
    part("hint").textContent = running ? "Touch for each spasm" : "Touch for the first spasm";
    part("clock").textContent = running ? clock(Date.now() - running.startedAt) : "";
    part("running").hidden = part("earlier").hidden = running === null;
  }

  function change(step: (running: Running | null) => Running | null): void {
    store.change((kept) => ({ ...kept, running: step(kept.running) }));
    draw();
  }

  function touch(): void {
    change((running) => tap(running, Date.now(), uuid7));
    navigator.vibrate?.(25);
    say("");
    void keepAwake();
  }

  function end(): void {
    store.change((kept) =>
      kept.running === null ? kept : { running: null, waiting: [...kept.waiting, finished(kept.running)] },
    );
    void wake?.release();
    wake = null;
    draw();
    void send();
  }

  async function keepAwake(): Promise<void> {
    if (wake !== null || !("wakeLock" in navigator)) return;
    wake = await navigator.wakeLock.request("screen").catch(() => null);
  }

  let sending = false;
  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    try {
      for (const entry of store.read().waiting) await sendOne(entry);
    } finally {
      sending = false;
    }
  }

  async function sendOne(entry: Entry): Promise<void> {
    say("Saving …");
    try {
      const reply = await fetch(pad.dataset["post"] ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(pad) },
        body: JSON.stringify(entry),
        redirect: "error",
      });
      const answer = (await reply.json()) as { id?: string; echo?: string; detail?: unknown };
      if (reply.ok && answer.id === entry.id) {
        store.acknowledge(entry.id);
        saved(entry, answer.echo ?? "Saved");
      } else {
        say(`Kept on this phone, not on the server yet: ${refusal(reply.status, answer.detail)}`);
      }
    } catch {
      say("No connection: kept on this phone. It is sent again by itself.");
    }
  }

  function saved(entry: Entry, echo: string): void {
    const link = document.createElement("a");
    link.href = `${pad.dataset["details"] ?? ""}${entry.id}/`;
    link.textContent = "Add details";
    part("status").replaceChildren(`${echo} · `, link);
  }

  function endByLongPress(before: Running | null): void {
    const ended = beforeLongPress(before, store.read().running);
    if (ended === null) return; // the first touch, only held for long: it counts, and nothing ends
    change(() => ended);
    end();
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return; // a mouse's other buttons
    const before = store.read().running;
    touch();
    presses.start(event.pointerId, () => endByLongPress(before));
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"] as const) {
    button.addEventListener(name, (event) => presses.end(event.pointerId));
  }
  // A screen that locks or a window that loses the focus may swallow the end of a touch.
  window.addEventListener("blur", () => presses.endAll());
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  // A keyboard or a screen reader clicks without a pointer.
  button.addEventListener("click", (event) => {
    if (event.detail === 0) touch();
  });
  part("minus").addEventListener("click", () => change((running) => (running ? untap(running) : null)));
  part("end").addEventListener("click", end);
  pad.querySelectorAll<HTMLElement>("[data-shift]").forEach((shift) =>
    shift.addEventListener("click", () => {
      const minutes = Number(shift.dataset["shift"]);
      change((running) => (running ? startedEarlier(running, minutes) : null));
    }),
  );

  function endWhenQuiet(): void {
    const { running } = store.read();
    if (running && hasGoneQuiet(running, Date.now())) end();
    else draw();
  }
  endWhenQuiet();
  button.disabled = false; // from here on a touch counts; before, it would have been lost
  void send();
  window.setInterval(endWhenQuiet, 1000);
  window.setInterval(() => void send(), RETRY_MS);
  window.addEventListener("online", () => void send());
  window.addEventListener("pageshow", () => void send());
  document.addEventListener("visibilitychange", () => {
    presses.endAll();
    void send();
  });
}

function csrf(pad: HTMLElement): string {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? pad.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

function refusal(status: number, detail: unknown): string {
  if (status === 401) return "you are signed out. Sign in and come back to this page.";
  if (status === 403) return "this page was open for long. Reload it.";
  return typeof detail === "string" ? detail : JSON.stringify(detail ?? status);
}
