// The page behind a tag or a shortcut: one tap logs one thing with the token after the #.
import { uuid7 } from "../pad/uuid7";
import { say, usePageWords } from "../words/words";

const COOL_DOWN_MS = 10_000; // a second touch so soon is the same touch
const GIVE_UP_MS = 15_000;
const MINUTE_MS = 60_000;
const MOST_MINUTES_AGO = 720;

/** One press: its id and time stay while it is sent again, so that nothing doubles or moves. */
interface Press {
  id: string;
  at: number | null;
}

await usePageWords();
const root = document.querySelector<HTMLElement>("[data-quick]");
if (root) start(root);

function start(page: HTMLElement): void {
  const status = page.querySelector<HTMLElement>("[data-status]");
  const buttons = [...page.querySelectorAll<HTMLButtonElement>("[data-what]")];

  function tell(text: string): void {
    if (status) status.textContent = text;
  }

  function open(): void {
    const [token = "", only = ""] = location.hash.slice(1).split("/");
    const named = buttons.some((button) => button.dataset["what"] === only);
    for (const button of buttons) {
      button.disabled = token === "";
      button.hidden = named && button.dataset["what"] !== only;
    }
    if (token === "") tell(say("This address is not whole. Make a button in the app: More, Buttons outside the app."));
  }

  function arm(button: HTMLButtonElement): void {
    let press: Press = { id: uuid7(), at: null };
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-busy") === "true") return;
      press.at ??= Date.now();
      button.setAttribute("aria-busy", "true");
      tell(say("Saving …"));
      void send(page.dataset["post"] ?? "", button.dataset["what"] ?? "", press).then((answer) => {
        button.removeAttribute("aria-busy");
        tell(answer.words);
        if (answer.again) return;
        press = { id: uuid7(), at: null };
        button.disabled = true;
        window.setTimeout(() => (button.disabled = false), COOL_DOWN_MS);
      });
    });
  }

  open();
  buttons.forEach(arm);
  window.addEventListener("hashchange", open);
}

/** What to show, and whether the same press may be sent again. */
async function send(address: string, what: string, press: Press): Promise<{ words: string; again: boolean }> {
  const again = { words: say("Not sent: touch again"), again: true };
  try {
    const reply = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${location.hash.slice(1).split("/")[0] ?? ""}` },
      body: JSON.stringify({ what, id: press.id, ...ago(what, press.at) }),
      credentials: "omit", // the token alone says for whom; whoever is signed in here is not asked
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const answer = (await reply.json()) as { echo?: string };
    if (answer.echo === undefined) return again;
    // A refusal wrote nothing: the next touch is a press of its own, at its own time.
    return { words: answer.echo, again: false };
  } catch {
    return again;
  }
}

/** How long ago the first touch was, when sending it took several. */
function ago(what: string, at: number | null): { minutes_ago?: number } {
  const minutes = Math.floor((Date.now() - (at ?? Date.now())) / MINUTE_MS);
  if (what === "nothing-seen" || minutes < 1) return {};
  return { minutes_ago: Math.min(minutes, MOST_MINUTES_AGO) };
}
