// How things stand: whether everything is safely stored, and what somebody has to know or decide.
import type { JSX } from "preact";
import { app, type State } from "../app";
import { mayShow } from "../engine/push";
import { alarms, type Alarm } from "../model/reach";
import { Journey } from "./journey";
import { useApp } from "./use";
import { localNumber, say, sayCount } from "../../words/words";

/** The dot at the end of home. It says what is true of this phone and the server, and never that all is well. */
export function Standing(): JSX.Element {
  const state = useApp();
  const { waiting, refused } = counted(state);
  const isStored = waiting === 0 && refused === 0 && state.trouble === null;
  return (
    <p class={`stored${isStored ? "" : " stored--offline"}`} data-stored={isStored ? "yes" : "no"}>
      <span class="dot" />
      <span>{words(state, waiting, refused)}</span>
      <a class="button button--small" href="#/phone">{say("This phone")}</a>
    </p>
  );
}

function words(state: State, waiting: number, refused: number): string {
  const parts: string[] = [];
  if (state.trouble === "no-network") parts.push(say("No network."));
  if (waiting > 0) parts.push(sayCount("{count} entry on this phone, waits to be sent.", "{count} entries on this phone, wait to be sent.", waiting));
  if (refused > 0) parts.push(sayCount("{count} entry not taken by the server: decide.", "{count} entries not taken by the server: decide.", refused));
  if (state.clips.length > 0) parts.push(sayCount("{count} film waits on this phone.", "{count} films wait on this phone.", state.clips.length));
  if (waiting === 0 && refused === 0) parts.push(say("All you entered here is stored."));
  return parts.join(" ");
}

export function counted(state: State): { waiting: number; refused: number } {
  const refused = state.operations.filter((o) => o.isRejected).length;
  return { waiting: state.operations.length - refused, refused };
}

/** Everything that must not be silent, in words, above what home shows. */
export function Warnings(): JSX.Element {
  const state = useApp();
  const { refused } = counted(state);
  return (
    <>
      {state.isFull && (
        <div class="notice notice--error" role="alert">
          <p><strong>{say("This phone’s storage is full.")}</strong> {say("New entries cannot be kept. Make room by deleting photos or apps; what was saved before is safe.")}</p>
        </div>
      )}
      {state.wasEvicted && (
        <div class="notice notice--error" role="alert">
          <p><strong>{say("The browser has cleared what this phone kept.")}</strong> {say("What was sent before is safe. Entries that still waited here are gone: look through the last days. To keep this from happening, put Quiet Days on the home screen.")}</p>
          <button type="button" class="button" onClick={() => app.readEviction()}>{say("I have read it")}</button>
        </div>
      )}
      <Account state={state} />
      {state.today && alarms(state.today, app.device, mayShow(), (at) => app.clock(at)).map((alarm) => <Reach key={alarm.id} alarm={alarm} />)}
      {refused > 0 && (
        <div class="notice notice--error">
          <p>{sayCount("{count} entry could not be taken by the server. Nothing is lost: they are on this phone.", "{count} entries could not be taken by the server. Nothing is lost: they are on this phone.", refused)} <a href="#/phone">{say("See why")}</a></p>
        </div>
      )}
      {Math.abs(state.offsetS) > 120 && (
        <div class="notice">
          <p>{clockWords(state.offsetS)} {say("Entries are taken all the same, and their times put right when they are sent.")}</p>
        </div>
      )}
      {state.notices.map((notice) => (
        <div key={notice.id} class="notice" role="status">
          <p>{notice.text}</p>
          <div class="halves">
            {notice.entry !== null && state.view?.entries.has(notice.entry) && <a class="button" href={`#/entry/${notice.entry}`}>{say("Look")}</a>}
            <button type="button" class="button" onClick={() => void app.dismiss(notice.id)}>{say("I have read it")}</button>
          </div>
        </div>
      ))}
      {state.today?.unread && (
        <div class="notice">
          <p>{say("A prescription is in force that you have not read: {prescription}.", { prescription: state.today.unread.words })} <a href={state.today.unread.address}>{say("Read it")}</a></p>
        </div>
      )}
      <Journey />
    </>
  );
}

function Reach({ alarm: { id, isUrgent, words, way } }: { alarm: Alarm }): JSX.Element {
  return (
    <div class={`notice${isUrgent ? " notice--error" : ""}`} role={isUrgent ? "alert" : undefined} data-reach={id}>
      <p>{words} <a href={way.address}>{way.words}</a></p>
    </div>
  );
}

function Account({ state }: { state: State }): JSX.Element | null {
  if (state.trouble === "signed-out") {
    return (
      <div class="notice" role="alert">
        <p>{say("You are signed out. What you enter is kept on this phone and sent when you sign in.")} <a href="/sign-in/?next=/log/">{say("Sign in")}</a></p>
      </div>
    );
  }
  if (state.trouble === "no-access") {
    return (
      <div class="notice notice--error" role="alert">
        <p>{say("The server does not take entries from your account for this child any more. What you enter is kept on this phone; ask a parent about your access.")}</p>
      </div>
    );
  }
  if (state.trouble === "server" || state.trouble === "refused") {
    return (
      <div class="notice" role="alert">
        <p>{say("The server answers, but something is broken there. What you enter is kept on this phone and sent again by itself.")}</p>
      </div>
    );
  }
  return null;
}

function clockWords(offsetS: number): string {
  const time = span(offsetS);
  return offsetS < 0 ? say("This phone’s clock is {time} fast.", { time }) : say("This phone’s clock is {time} slow.", { time });
}

function span(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes < 90) return sayCount("{count} minute", "{count} minutes", minutes);
  return say("{number} hours", { number: localNumber(String(Math.round(minutes / 6) / 10)) });
}
