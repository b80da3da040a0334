// Opens a SMART Health Link of this house in the browser. The key stays behind the #: no server sees it.
import { openFile, readLink, reading, type HealthLink, type Reading } from "../health/links";
import { say, usePageWords } from "../words/words";

await usePageWords();
const root = document.querySelector<HTMLElement>("[data-viewer]");
if (root) start(root);

function start(page: HTMLElement): void {
  const form = page.querySelector("form");
  const status = page.querySelector<HTMLElement>("[data-status]");
  const tell = (text: string): void => {
    if (status) status.textContent = text;
  };
  let link: HealthLink;
  try {
    link = readLink(location.hash);
    if (new URL(link.url).origin !== location.origin) throw new Error(say("This link belongs to another server. Open it there."));
    if (link.exp !== null && link.exp * 1000 < Date.now()) throw new Error(say("This link has ended. Ask the family for a new one."));
  } catch (error) {
    tell(error instanceof Error && !(error instanceof SyntaxError) ? error.message : say("This link is not whole."));
    return;
  }
  const passcode = page.querySelector<HTMLElement>("[data-passcode]");
  if (passcode) passcode.hidden = !link.flag.includes("P");
  if (form) form.hidden = false;
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(say("Opening …"));
    const typed = new FormData(form);
    void fetched(link, String(typed.get("name")), String(typed.get("passcode"))).then(
      (found) => {
        form.remove();
        tell("");
        show(page, found);
      },
      (error: unknown) => tell(error instanceof Error ? error.message : say("It could not be opened.")),
    );
  });
}

async function fetched(link: HealthLink, recipient: string, passcode: string): Promise<Reading> {
  if (link.flag.includes("U")) {
    const direct = await fetch(`${link.url}?recipient=${encodeURIComponent(recipient)}`, { credentials: "omit" });
    if (!direct.ok) throw new Error(say("This link opens nothing. Ask the family for a new one."));
    return opened(await direct.text(), link.key);
  }
  const body = JSON.stringify({ recipient, ...(link.flag.includes("P") ? { passcode } : {}) });
  const answer = await fetch(link.url, { method: "POST", headers: { "Content-Type": "application/json" }, body, credentials: "omit" });
  const said = (await answer.json()) as { files?: { embedded?: string; location?: string }[]; remainingAttempts?: number; error?: string };
  if (!answer.ok) {
    throw new Error([said.error ?? say("It could not be opened."), wayOn(said.remainingAttempts)].filter(Boolean).join(" "));
  }
  const [file] = said.files ?? [];
  const jwe = file?.embedded ?? (await (await fetch(file?.location ?? "")).text());
  return opened(jwe, link.key);
}

function wayOn(triesLeft: number | undefined): string {
  if (triesLeft === undefined) return "";
  return triesLeft === 0 ? say("Ask the family for a new link.") : say("Tries left: {count}.", { count: triesLeft });
}

async function opened(jwe: string, key: string): Promise<Reading> {
  return reading(JSON.parse(new TextDecoder().decode(await openFile(jwe, key))));
}

/** Text alone: what came over the network brings no markup of its own into the page. */
function show(page: HTMLElement, found: Reading): void {
  const add = (name: string, text: string): HTMLElement => {
    const made = document.createElement(name);
    made.textContent = text;
    page.append(made);
    return made;
  };
  const title = page.querySelector("h1");
  if (title) title.textContent = found.title;
  for (const paper of found.papers) {
    const door = document.createElement("a");
    door.className = "button button--main button--wide";
    door.href = URL.createObjectURL(new Blob([paper.data], { type: paper.type }));
    door.download = "report.pdf";
    door.textContent = say("Download: {title} (PDF)", { title: paper.title });
    page.append(door);
  }
  for (const section of found.sections) {
    add("h2", section.title);
    add("p", new DOMParser().parseFromString(section.html, "text/html").body.textContent ?? "");
  }
}
