// On every page: one tap sends once, undo is offered for ten seconds, pages to print have a button, what an address
// points at is not left folded away, and signing out takes the child's data off this phone.
import { guardDoubleSubmit } from "../forms/help";
import { openDatabase } from "../log/store/database";
import { forgetAll } from "../log/store/phone";

const UNDO_MS = 10_000;

function unfold(): void {
  const told = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const fold = told?.closest("details");
  if (!told || !fold || fold.open) return;
  fold.open = true;
  told.scrollIntoView();
}
unfold();
window.addEventListener("hashchange", unfold);

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
document.querySelectorAll<HTMLFormElement>("form[method=post]").forEach(guardDoubleSubmit);
window.setTimeout(() => document.querySelectorAll("[data-undo]").forEach((form) => form.remove()), UNDO_MS);
document.querySelectorAll<HTMLFormElement>('form[action="/sign-out/"]').forEach((form) =>
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void openDatabase()
      .then(forgetAll)
      .catch(() => undefined) // a browser that keeps nothing
      .then(() => form.submit());
  }),
);
