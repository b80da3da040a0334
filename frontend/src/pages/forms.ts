// Small help for forms: the browser's zone as a first guess, quick times, a mixed bottle.
import { fillZone, quickTimes, showMixed } from "../forms/help";
import { usePageWords } from "../words/words";

document.querySelectorAll<HTMLInputElement>("[data-guess-zone]").forEach(fillZone);
await usePageWords();
document.querySelectorAll<HTMLInputElement>('input[type="datetime-local"]').forEach(quickTimes);
document.querySelectorAll<HTMLElement>("[data-mixed]").forEach(showMixed);
