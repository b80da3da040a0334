// Small help for forms: the browser's zone as a first guess, quick times, a mixed bottle.
import { fillZone, quickTimes, showMixed } from "../forms/help";

document.querySelectorAll<HTMLInputElement>("[data-guess-zone]").forEach(fillZone);
document.querySelectorAll<HTMLInputElement>('input[type="datetime-local"]').forEach(quickTimes);
document.querySelectorAll<HTMLElement>("[data-mixed]").forEach(showMixed);
