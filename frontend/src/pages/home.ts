// The dot that says whether everything is safely stored, and a minute clock.
import { keptWords } from "../pad/kept";
import { PadStore } from "../pad/store";

const REFRESH_MS = 60_000;

function showConnection(): void {
  const box = document.querySelector<HTMLElement>("[data-stored]");
  const text = document.querySelector<HTMLElement>("[data-stored-text]");
  if (!box || !text) return;
  const kept = keptHere(box.dataset["child"] ?? "");
  box.classList.toggle("stored--offline", !navigator.onLine || kept !== null);
  const offline = "No network: what you see is stored, new entries cannot be saved now.";
  if (kept === null) {
    text.textContent = navigator.onLine ? "All you see here is stored." : offline;
    return;
  }
  const pad = document.createElement("a");
  pad.href = box.dataset["pad"] ?? "";
  pad.textContent = "Open the pad";
  text.replaceChildren(navigator.onLine ? "" : `${offline} `, `${kept} `, pad);
}

/** A cluster of the pad that the server does not have yet, in words. */
function keptHere(child: string): string | null {
  try {
    return keptWords(new PadStore(child, localStorage).read());
  } catch {
    return null; // this browser keeps nothing, so that nothing waits either
  }
}

showConnection();
window.addEventListener("online", showConnection);
window.addEventListener("offline", showConnection);
window.addEventListener("pageshow", showConnection); // back from the pad, the page as it was
window.addEventListener("storage", showConnection); // the pad in another tab
// "2 h ago" and "what now" go stale; the page draws itself again while nobody uses it.
window.setInterval(() => {
  const isBusy = document.hidden || document.activeElement?.matches("button, a, input");
  if (navigator.onLine && !isBusy) location.reload();
}, REFRESH_MS);
