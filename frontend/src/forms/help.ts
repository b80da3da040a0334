/** Fill an empty time zone with the browser's own; a person can change it. */
import { say } from "../words/words";

export function fillZone(input: HTMLInputElement): void {
  if (input.value === "") {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

/** The times that a form offers: their words, and how many minutes before now they lie. */
export function earlierTimes(): [string, number][] {
  return [
    [say("now"), 0],
    [say("5 min ago"), 5],
    [say("15 min ago"), 15],
    [say("30 min ago"), 30],
    [say("1 h ago"), 60],
  ];
}

/** `text` is a local time as an input holds it; the answer lies so many minutes earlier. */
export function minutesEarlier(text: string, minutes: number): string {
  // Read and written as if it were UTC, so that no zone of this phone can slip in.
  const at = new Date(`${text}:00Z`);
  at.setUTCMinutes(at.getUTCMinutes() - minutes);
  return at.toISOString().slice(0, 16);
}

/** Whether the page changes a record that is stored already, or plans one: there “now” would not be now. */
export function changesARecord(path: string): boolean {
  return /\/(entry|build|doses|meals)\/|\/log\/visit\//.test(path);
}

/** Buttons under a time: the time that the page came with, and some minutes before it. */
export function quickTimes(input: HTMLInputElement): void {
  if (input.name !== "happened_at" || input.value === "" || changesARecord(location.pathname)) return;
  const opened = input.value;
  const row = document.createElement("div");
  row.className = "quick";
  for (const [label, minutes] of earlierTimes()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = label;
    button.addEventListener("click", () => {
      input.value = minutesEarlier(opened, minutes);
    });
    row.append(button);
  }
  input.closest(".field")?.append(row);
}

/** A second tap on a slow network sends nothing; the server would store it once anyway. */
export function guardDoubleSubmit(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (form.dataset["sent"] === "yes") event.preventDefault();
    form.dataset["sent"] = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset["sent"]);
}

/** One left-over for a mixture, or one for each food: only the fields that count are shown. */
export function showMixed(group: HTMLElement): void {
  const tick = group.querySelector<HTMLInputElement>('input[name="is_mixed"]');
  const mixed = group.querySelector<HTMLElement>("[data-when-mixed]");
  const apart = group.querySelector<HTMLElement>("[data-when-apart]");
  if (!tick || !mixed || !apart) return;
  const show = (): void => {
    mixed.hidden = !tick.checked;
    apart.hidden = tick.checked;
  };
  tick.addEventListener("change", show);
  show();
}
