// How things stand: whether everything is safely stored, and what somebody has to know or decide.
import type { JSX } from "preact";
import { app, type State } from "../app";
import { mayShow } from "../engine/push";
import { alarms, type Alarm } from "../model/reach";
import { Journey } from "./journey";
import { useApp } from "./use";

/** The dot at the end of home. It says what is true of this phone and the server, and never that all is well. */
export function Standing(): JSX.Element {
  const state = useApp();
  const { waiting, refused } = counted(state);
  const isStored = waiting === 0 && refused === 0 && state.trouble === null;
  return (
    <p class={`stored${isStored ? "" : " stored--offline"}`} data-stored={isStored ? "yes" : "no"}>
      <span class="dot" />
      <span>{words(state, waiting, refused)}</span>
      <a class="button button--small" href="#/phone">This phone</a>
    </p>
  );
}

function words(state: State, waiting: number, refused: number): string {
  const parts: string[] = [];
  if (state.trouble === "no-network") parts.push("No network.");
  if (waiting > 0) parts.push(`${count(waiting)} on this phone, ${waiting === 1 ? "waits" : "wait"} to be sent.`);
  if (refused > 0) parts.push(`${count(refused)} not taken by the server: decide.`);
  if (state.clips.length > 0) parts.push(`${state.clips.length} ${state.clips.length === 1 ? "film waits" : "films wait"} on this phone.`);
  if (waiting === 0 && refused === 0) parts.push("All you entered here is stored.");
  return parts.join(" ");
}

function count(n: number): string {
  return `${n} entr${n === 1 ? "y" : "ies"}`;
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
          <p><strong>This phone’s storage is full.</strong> New entries cannot be kept. Make room by deleting photos or apps; what was saved before is safe.</p>
        </div>
      )}
      {state.wasEvicted && (
        <div class="notice notice--error" role="alert">
          <p><strong>The browser has cleared what this phone kept.</strong> What was sent before is safe. Entries that still waited here are gone: look through the last days. To keep this from happening, put Quiet Days on the home screen.</p>
          <button type="button" class="button" onClick={() => app.readEviction()}>I have read it</button>
        </div>
      )}
      <Account state={state} />
      {state.today && alarms(state.today, app.device, mayShow(), (at) => app.clock(at)).map((alarm) => <Reach key={alarm.id} alarm={alarm} />)}
      {refused > 0 && (
        <div class="notice notice--error">
          <p>{count(refused)} could not be taken by the server. Nothing is lost: they are on this phone. <a href="#/phone">See why</a></p>
        </div>
      )}
      {Math.abs(state.offsetS) > 120 && (
        <div class="notice">
          <p>This phone’s clock is {span(state.offsetS)} {state.offsetS < 0 ? "fast" : "slow"}. Entries are taken all the same, and their times put right when they are sent.</p>
        </div>
      )}
      {state.notices.map((notice) => (
        <div key={notice.id} class="notice" role="status">
          <p>{notice.text}</p>
          <div class="halves">
            {notice.entry !== null && state.view?.entries.has(notice.entry) && <a class="button" href={`#/entry/${notice.entry}`}>Look</a>}
            <button type="button" class="button" onClick={() => void app.dismiss(notice.id)}>I have read it</button>
          </div>
        </div>
      ))}
      {state.today?.unread && (
        <div class="notice">
          <p>A prescription is in force that you have not read: {state.today.unread.words}. <a href={state.today.unread.address}>Read it</a></p>
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
  const kept = "What you enter is kept on this phone";
  if (state.trouble === "signed-out") {
    return (
      <div class="notice" role="alert">
        <p>You are signed out. {kept} and sent when you sign in. <a href="/sign-in/?next=/log/">Sign in</a></p>
      </div>
    );
  }
  if (state.trouble === "no-access") {
    return (
      <div class="notice notice--error" role="alert">
        <p>The server does not take entries from your account for this child any more. {kept}; ask a parent about your access.</p>
      </div>
    );
  }
  if (state.trouble === "server" || state.trouble === "refused") {
    return (
      <div class="notice" role="alert">
        <p>The server answers, but something is broken there. {kept} and sent again by itself.</p>
      </div>
    );
  }
  return null;
}

function span(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 6) / 10} hours`;
}
