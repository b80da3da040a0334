// This phone: what waits to be sent, what the server did not take and why, reminders, films, storage, signing out.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { app } from "../app";
import { ServerTrouble, signOut as endSession } from "../engine/client";
import type { Operation } from "../model/operation";
import { kindOf } from "../model/titles";
import { correct } from "../store/outbox";
import { forgetAll } from "../store/phone";
import { ClipQueue } from "../parts/clips";
import { EntryForm } from "../parts/form";
import { Frame, Unchecked } from "../parts/frame";
import { OnThisPhone } from "../parts/reminders";
import { counted } from "../parts/standing";
import { useApp } from "../parts/use";
import { localNumber, say, sayCount } from "../../words/words";

export function Phone(): JSX.Element {
  const state = useApp();
  const waiting = state.operations.filter((o) => !o.isRejected);
  const refused = state.operations.filter((o) => o.isRejected);
  return (
    <Frame title={say("This phone")}>
      {refused.length > 0 && (
        <section class="card" aria-labelledby="refused">
          <h2 id="refused">{say("Not taken by the server")}</h2>
          <p>{say("They stay on this phone until you decide.")}</p>
          {refused.map((o) => <Refused key={o.op} operation={o} />)}
        </section>
      )}
      <section class="card" aria-labelledby="waiting">
        <h2 id="waiting">{say("Waits to be sent")}</h2>
        {waiting.length === 0 ? <p>{say("Nothing waits.")}</p> : (
          <ul class="list">
            {waiting.map((o) => (
              <li key={o.op} class="list__row">
                <time>{app.clock(o.made_at)}</time>
                <div><strong>{o.title}</strong><span class="soft">{childOf(o.child)}{o.person === state.person?.id ? o.personName : say("{name}: sent when they sign in on this phone", { name: o.personName })}</span></div>
              </li>
            ))}
          </ul>
        )}
        <button type="button" class="button" onClick={() => void app.contact()}>{say("Try now")}</button>
      </section>
      <OnThisPhone />
      <ClipQueue />
      <Storage />
      <Install />
      <section class="card" aria-labelledby="who">
        <h2 id="who">{state.person?.name ?? say("Not signed in")}</h2>
        {new Set([...state.children, ...state.kept].map((c) => c.id)).size > 1 && <p><a href="#/children">{say("Another child")}</a></p>}
        <SignOut />
      </section>
      <Unchecked />
    </Frame>
  );
}

/** Whose entry it is, where this phone holds more than one child. */
function childOf(id: string): string {
  const { kept } = app.state;
  return kept.length > 1 ? `${kept.find((c) => c.id === id)?.name ?? say("another child")} · ` : "";
}

function Refused({ operation }: { operation: Operation }): JSX.Element {
  const { today, person } = useApp();
  const [isOpen, setOpen] = useState(false);
  const [isSure, setSure] = useState(false);
  const kind = today ? kindOf(today, operation.kind) : undefined;
  const fields = (kind?.fields ?? []).filter((f) => operation.action === "create" || operation.errors[f.name] !== undefined || operation.values?.[f.name] !== undefined);
  const canChange = operation.values !== undefined && fields.length > 0;
  if (operation.person !== person?.id) return <p>{say("An entry of {name}: it stays until they sign in on this phone.", { name: operation.personName })}</p>;
  return (
    <div class="card">
      <h3>{operation.title}</h3>
      <p class="soft">{childOf(operation.child)}{operation.personName}, {app.clock(operation.made_at)}</p>
      {Object.values(operation.errors).flat().map((reason) => <p key={reason} class="error">{reason}</p>)}
      {isOpen && <EntryForm fields={fields} values={operation.values ?? {}} errors={operation.errors} button={say("Save and send again")} save={async (read) => {
        await correct(app.db, operation.seq, read.values, read.typed, operation.title);
        await app.refreshed();
      }} />}
      <div class="halves">
        {canChange && !isOpen && <button type="button" class="button" onClick={() => setOpen(true)}>{say("Change it")}</button>}
        {!canChange && <button type="button" class="button" onClick={() => void correct(app.db, operation.seq, {}, [], operation.title).then(() => app.refreshed())}>{say("Send it again")}</button>}
        {isSure ? (
          <button type="button" class="button button--urgent" onClick={() => void app.discard(operation)}>{say("Yes, throw it away")}</button>
        ) : (
          <button type="button" class="button" onClick={() => setSure(true)}>{say("Throw it away")}</button>
        )}
      </div>
    </div>
  );
}

function Storage(): JSX.Element {
  const [words, setWords] = useState("");
  const [isKept, setKept] = useState<boolean | null>(null);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setKept);
    void navigator.storage?.estimate?.().then(({ usage = 0, quota = 0 }) => {
      setWords(say("{used} used here; the browser allows {allowed}.", { used: megabytes(usage), allowed: megabytes(quota) }));
    });
  }, []);
  const ask = (): void => void navigator.storage?.persist?.().then(setKept);
  return (
    <section class="card" aria-labelledby="storage">
      <h2 id="storage">{say("Storage on this phone")}</h2>
      <p>{words}</p>
      <p>{isKept === true ? say("The browser has agreed not to clear it by itself.") : say("The browser may clear it when the phone gets full or the app is not opened for long. Sent entries are safe on the server in any case.")}</p>
      {isKept === false && <button type="button" class="button" onClick={ask}>{say("Ask the browser to keep it")}</button>}
    </section>
  );
}

function megabytes(bytes: number): string {
  return bytes > 5e8 ? `${localNumber((bytes / 1e9).toFixed(1))} GB` : `${localNumber((bytes / 1e6).toFixed(1))} MB`;
}

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}
let offered: InstallPrompt | null = null;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event as InstallPrompt;
});

function Install(): JSX.Element | null {
  if (window.matchMedia("(display-mode: standalone)").matches) return null;
  return (
    <section class="card" aria-labelledby="install">
      <h2 id="install">{say("On the home screen")}</h2>
      <p>{say("There it opens like an app, without a network too, and the phone keeps what is in it.")}</p>
      {offered !== null ? (
        <button type="button" class="button button--main" onClick={() => void offered?.prompt()}>{say("Put it on the home screen")}</button>
      ) : (
        <p class="soft">{say("iPhone: Share, then “Add to Home Screen”. Android: the browser’s menu, then “Install app”.")}</p>
      )}
    </section>
  );
}

/** Signing out takes the child's data off this phone. What was not sent stays, and is said first. */
function SignOut(): JSX.Element {
  const state = useApp();
  const [isAsked, setAsked] = useState(false);
  const { waiting, refused } = counted(state);
  const left = waiting + refused + state.clips.length;
  const signOut = async (): Promise<void> => {
    try {
      await endSession();
      await forgetAll(app.db);
      location.href = "/sign-in/";
    } catch (error) {
      if (error instanceof ServerTrouble) return app.tell(say("The server did not sign you out. You are still signed in."), null, true);
      app.tell(say("Signing out needs a network. You are still signed in."), null, true);
    }
  };
  if (isAsked && left > 0) {
    return (
      <div class="notice">
        <p>{sayCount("{count} thing waits on this phone. They stay here and are sent when you sign in again on this phone.", "{count} things wait on this phone. They stay here and are sent when you sign in again on this phone.", left)}</p>
        <div class="halves">
          <button type="button" class="button" onClick={() => setAsked(false)}>{say("Stay signed in")}</button>
          <button type="button" class="button" onClick={() => void signOut()}>{say("Sign out")}</button>
        </div>
      </div>
    );
  }
  return <button type="button" class="button" onClick={() => (left > 0 ? setAsked(true) : void signOut())}>{say("Sign out")}</button>;
}
