// What rings now, at the top of every screen: what is due, and the ways to answer, for one hand at night.
import { Component, type JSX } from "preact";
import { app } from "../app";
import { sound } from "../engine/sound";
import { isOneTouch } from "../model/due";
import { answered, ringing, type Answered, type Occasion, type Ringing as Row } from "../model/ringing";
import { ANSWER, type View } from "../model/view";
import { give } from "./give";
import { useApp, useNow } from "./use";
import { say, sayCount } from "../../words/words";

/** It stands on every screen, the emergency card too: a fault in it must take none of them away, nor be silent. */
export class Ringing extends Component<object, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): JSX.Element {
    if (!this.state.isBroken) return <Panel />;
    return (
      <div class="notice notice--error" role="alert">
        <p>{say("What is due now cannot be shown here. Look at Medicine and Feed.")} <a href="#/medicine">{say("Medicine")}</a> <a href="#/feed">{say("Feed")}</a></p>
      </div>
    );
  }
}

function Panel(): JSX.Element | null {
  const { view } = useApp();
  useNow(1);
  const now = app.now();
  const rows = view === null ? [] : ringing(view, now);
  if (view === null || rows.length === 0) return null;
  return (
    <section class="notice notice--urgent ringing" role="alert" aria-label={say("Due now")} data-ringing>
      {rows.map((row) => <Due key={row.key} row={row} view={view} />)}
      {sound.isBlocked(now) && <p class="soft">{say("Sound is off until you touch the screen.")}</p>}
    </section>
  );
}

function Due({ row, view }: { row: Row; view: View }): JSX.Element {
  return (
    <div class="ringing__row" data-key={row.key}>
      <p class="now__main"><time>{app.clock(new Date(row.dueAt))}</time> {row.words}</p>
      {row.toldNext && <p>{waited(row.toldNext)}</p>}
      <div class="halves">
        <Record row={row} view={view} />
        <button type="button" class="button button--big" onClick={() => void answer(row, null)}>{say("I am on it")}</button>
      </div>
      <div class="actions" role="group" aria-label={say("Remind me again")}>
        {view.today.reminders?.snooze_min.map((minutes) => (
          <button key={minutes} type="button" class="button" onClick={() => void answer(row, minutes)}>{say("in {minutes} min", { minutes })}</button>
        ))}
      </div>
    </div>
  );
}

function waited({ name, at, forMin }: NonNullable<Row["toldNext"]>): string {
  const time = app.clock(at);
  if (forMin > 0) return say("Nobody answered for {minutes} min: {name} was told at {time}.", { minutes: forMin, name, time });
  return say("{name} was told too, at {time}.", { name, time });
}

/** As its own screen does it: one touch where that may record it, otherwise the form. */
function Record({ row, view }: { row: Row; view: View }): JSX.Element {
  const { dose, meal } = row;
  if (dose !== null && isOneTouch(view, dose, app.now())) {
    return <button type="button" class="button button--main button--big" onClick={() => void give(dose)}>{say("Given now")}</button>;
  }
  const form = dose === null ? `#/meal/${meal?.id ?? ""}` : `#/dose/${dose.medicine.id}`;
  return <a class="button button--main button--big" href={form}>{dose === null ? say("Log this feed") : say("Record it")}</a>;
}

/** “I am on it”, or again in so many minutes. It records nothing: what is due stays “not recorded”. */
function answer(row: Occasion, minutes: number | null): Promise<void> {
  return app.once(`answer ${row.key}`, async () => {
    const what = minutes === null ? "seen" : "snoozed";
    await app.create(ANSWER, { key: row.key, what, minutes }, [], { quietly: true });
    const { words } = row;
    app.tell(minutes === null ? say("You are on it: {what}. It is not recorded yet.", { what: words }) : sayCount("{what}: again in {count} minute.", "{what}: again in {count} minutes.", minutes, { what: words }));
  });
}

/** On home: who is on it, or when it rings again, until somebody records it. */
export function OnIt({ view, now }: { view: View; now: number }): JSX.Element {
  return <>{answered(view, now).map((one) => <p key={one.key} class="soft" data-on-it={one.key}>{onItWords(one)}</p>)}</>;
}

function onItWords({ dueAt, words, answer: { by, at, until } }: Answered): string {
  const what = `${app.clock(new Date(dueAt))} ${words}`;
  if (until !== null) return say("{what}: {name} put it off until {time}. Not recorded yet.", { what, name: by, time: app.clock(until) });
  return say("{what}: {name} is on it, {time}. Not recorded yet.", { what, name: by, time: app.clock(at) });
}
