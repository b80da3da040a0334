// The dot that says whether everything is safely stored, a minute clock, undo for ten seconds.
import { guardDoubleSubmit } from "../forms/help";

const UNDO_MS = 10_000;
const REFRESH_MS = 60_000;

function showConnection(): void {
  const box = document.querySelector<HTMLElement>("[data-stored]");
  const text = document.querySelector<HTMLElement>("[data-stored-text]");
  if (!box || !text) return;
  box.classList.toggle("stored--offline", !navigator.onLine);
  text.textContent = navigator.onLine ? "All you see here is stored." : "No network: what you see is stored, new entries cannot be saved now.";
}

showConnection();
window.addEventListener("online", showConnection);
window.addEventListener("offline", showConnection);
document.querySelectorAll<HTMLFormElement>("form[method=post]").forEach(guardDoubleSubmit);
window.setTimeout(() => document.querySelectorAll("[data-undo]").forEach((form) => form.remove()), UNDO_MS);
// "2 h ago" and "what now" go stale; the page draws itself again while nobody uses it.
window.setInterval(() => {
  const isBusy = document.hidden || document.activeElement?.matches("button, a, input");
  if (navigator.onLine && !isBusy) location.reload();
}, REFRESH_MS);
