// On every page: one tap sends once, and undo is offered for ten seconds; pages to print have a button.
import { guardDoubleSubmit } from "../forms/help";

const UNDO_MS = 10_000;

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
document.querySelectorAll<HTMLFormElement>("form[method=post]").forEach(guardDoubleSubmit);
window.setTimeout(() => document.querySelectorAll("[data-undo]").forEach((form) => form.remove()), UNDO_MS);
