// Small help for forms: the browser's zone as a first guess, quick times, one tap only.
import { fillZone, guardDoubleSubmit, quickTimes, showMixed } from "../forms/help";

document.querySelectorAll<HTMLInputElement>("[data-guess-zone]").forEach(fillZone);
document.querySelectorAll<HTMLInputElement>('input[type="datetime-local"]').forEach(quickTimes);
document.querySelectorAll<HTMLFormElement>("form[method=post]").forEach(guardDoubleSubmit);
document.querySelectorAll<HTMLElement>("[data-mixed]").forEach(showMixed);
