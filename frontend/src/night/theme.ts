// Day or night, decided before the first paint so that nobody gets a white flash at 3 a.m.

export type Choice = "auto" | "light" | "dark";
export type Night = [from: number, to: number]; // ms since 1970: sunset, next sunrise

const CHOICE = "quietdays.theme";
const NIGHTS = "quietdays.nights";

/** Dark by choice; else from the child's sunset to sunrise, where the phone knows them; else from 19 to 7. */
export function isDark(choice: Choice, now: Date, nights: Night[], prefersDark: boolean): boolean {
  if (choice !== "auto") return choice === "dark";
  if (prefersDark) return true;
  const at = now.getTime();
  const known = nights.filter(([from]) => Math.abs(from - at) < 36 * 3_600_000);
  if (known.length > 0) return known.some(([from, to]) => from <= at && at < to);
  return now.getHours() >= 19 || now.getHours() < 7;
}

export function applyTheme(): void {
  const root = document.documentElement;
  const choice = root.dataset["themeChoice"] ?? read(CHOICE) ?? "auto";
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = isDark(choice as Choice, new Date(), parsed(read(NIGHTS)), prefersDark);
  root.dataset["theme"] = dark ? "dark" : "light";
}

export function keepNights(nights: Night[]): void {
  write(NIGHTS, JSON.stringify(nights));
}

export function keepChoice(choice: Choice): void {
  write(CHOICE, choice);
}

function parsed(text: string | null): Night[] {
  try {
    return text === null ? [] : (JSON.parse(text) as Night[]);
  } catch {
    return [];
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The clock's rule is used instead.
  }
}
