// Passkeys: asks the server for a challenge, the phone to sign it, and sends the answer back.
import { say, usePageWords } from "../words/words";

interface Options {
  challenge: string;
}

await usePageWords();
for (const form of document.querySelectorAll<HTMLFormElement>("[data-passkey]")) arm(form);

function arm(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-go]");
  if (!button || !window.PublicKeyCredential || !("parseRequestOptionsFromJSON" in PublicKeyCredential)) {
    tell(form, say("This browser has no passkeys."));
    return;
  }
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    void run(form)
      .catch((error: unknown) => tell(form, words(error)))
      .finally(() => (button.disabled = false));
  });
}

async function run(form: HTMLFormElement): Promise<void> {
  const options = await ask<Options>(form, form.dataset["options"], {});
  const credential = form.dataset["passkey"] === "add" ? await made(options) : await signed(options);
  if (credential === null) throw new DOMException("", "NotAllowedError");
  const fields = Object.fromEntries(new FormData(form).entries());
  const answer = await ask<{ next: string }>(form, form.dataset["answer"], {
    name: fields["name"] ?? "",
    next: fields["next"] ?? "",
    credential: (credential as PublicKeyCredential).toJSON(),
  });
  location.assign(answer.next);
}

function made(options: Options): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return navigator.credentials.create({ publicKey });
}

function signed(options: Options): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function ask<T>(form: HTMLFormElement, address: string | undefined, body: unknown): Promise<T> {
  const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  const reply = await fetch(address ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const answer = (await reply.json()) as T & { detail?: string };
  if (!reply.ok) throw new Error(answer.detail ?? "");
  return answer;
}

/** What to say: the phone itself has said why it did nothing, or the server did. */
function words(error: unknown): string {
  if (error instanceof DOMException && error.name === "InvalidStateError") return say("This phone has a passkey for you already.");
  if (error instanceof DOMException) return say("Nothing was changed: the phone did not go on.");
  return error instanceof Error && error.message ? error.message : say("The server could not be reached. Nothing was changed.");
}

function tell(form: HTMLFormElement, text: string): void {
  const place = form.querySelector<HTMLElement>("[data-trouble]");
  if (!place) return;
  place.textContent = text;
  place.hidden = false;
}
