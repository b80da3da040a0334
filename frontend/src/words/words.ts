// The reader's language for every script: English stands in the code, the other catalogues are files.
//
// A page of the server waits for its catalogue before it draws. The night log must open without a network and
// without a flash of English, so it keeps its catalogue on the phone and brings it up to date behind the screen.

/** One catalogue: a message, or the forms of a counted one, by what stands in the code. */
export interface Catalogue {
  language: string;
  direction: "ltr" | "rtl";
  decimal: "." | ",";
  isChecked: boolean; // by a native clinician
  messages: Record<string, string | string[]>;
}

const KEPT = "quietdays.words";
const PATIENCE_MS = 3000; // a page that hangs on its words is worse than one in English
let catalogue: Catalogue | null = null;
let spoken = ""; // the address of what is spoken; a full store keeps nothing

export type Values = Record<string, string | number>;

/** A message in the reader's language: say("Started {when} by {name}", { when, name }). */
export function say(message: string, values: Values = {}): string {
  const told = catalogue?.messages[message];
  return filled(typeof told === "string" && told !== "" ? told : message, values);
}

/** A counted message: sayCount("{count} spasm", "{count} spasms", count). */
export function sayCount(one: string, many: string, count: number, values: Values = {}): string {
  const forms = catalogue?.messages[one];
  const english = count === 1 ? one : many;
  const told = Array.isArray(forms) ? (forms[formOf(catalogue?.language ?? "en", count)] ?? forms.at(-1)) : undefined;
  return filled(told || english, { count, ...values });
}

/** A number that was written with a point, with the reader's decimal mark. Digits stay 0 to 9. From right to left an
 *  invisible mark follows it, so that "20.0 g" is not torn into "g 20.0". */
export function localNumber(written: string): string {
  const told = catalogue?.decimal === "," ? written.replace(".", ",") : written;
  return catalogue?.direction === "rtl" ? `${told}\u200e` : told;
}

export function language(): string {
  return catalogue?.language ?? "en";
}

/** For dates and times of the browser: the reader's language, in Latin digits. */
export function locale(): string {
  return `${catalogue?.language ?? "en-GB"}-u-nu-latn`;
}

export function isChecked(): boolean {
  return catalogue?.isChecked ?? true;
}

/** The place of a count's form in a catalogue, in the order of its Plural-Forms line (gettext's, not CLDR's). */
function formOf(code: string, count: number): number {
  switch (code) {
    case "fr":
      return count > 1 ? 1 : 0;
    case "hi":
    case "en":
    case "es":
    case "de":
    case "pt":
      return count === 1 ? 0 : 1;
    default: {
      const last = count % 100; // Arabic
      if (count <= 2) return count;
      if (last >= 3 && last <= 10) return 3;
      return last >= 11 ? 4 : 5;
    }
  }
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** Speak from now on. Null: English. */
export function use(next: Catalogue | null, address = ""): void {
  catalogue = next;
  spoken = address;
  if (typeof document === "undefined") return;
  document.documentElement.lang = next?.language ?? "en";
  document.documentElement.dir = next?.direction ?? "ltr";
}

/** A page of the server names its catalogue on its root; none is named in English. */
export async function usePageWords(): Promise<void> {
  const address = document.documentElement.dataset["words"];
  if (address === undefined) return;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) use((await answer.json()) as Catalogue);
  } catch {
    // Without its catalogue the page's script speaks English; nothing is lost.
  }
}

/** The night log, before its first paint: what the phone keeps. */
export function useKeptWords(): void {
  const found = kept();
  use(found?.catalogue ?? null, found?.address);
}

/** Keep the catalogue at an address, if it is another than the phone has; "" is English. True: it speaks anew. */
export async function keepWords(address: string): Promise<boolean> {
  if (address === spoken) return false;
  if (address === "") {
    keep(null);
    use(null);
    return true;
  }
  const answer = await fetch(address);
  if (!answer.ok) return false;
  const next = (await answer.json()) as Catalogue;
  use(next, address);
  keep({ address, catalogue: next });
  return true;
}

interface Kept {
  address: string;
  catalogue: Catalogue;
}

/** What is broken, or of another shape, is as if there were nothing. */
function kept(): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Kept | null;
    return typeof found?.catalogue?.messages === "object" ? found : null;
  } catch {
    return null;
  }
}

/** A full store keeps the words before; they are fetched again when the phone is opened the next time. */
function keep(what: Kept | null): void {
  try {
    if (what === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(what));
  } catch {
    // spoken all the same
  }
}
