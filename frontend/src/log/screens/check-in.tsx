// The day in the family's own scales: each one gesture, kept at the touch; and how the day was watched.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { app } from "../app";
import { capital, kindOf, partWords } from "../model/titles";
import { entriesOn, partsOn, type View } from "../model/view";
import type { Entry, Field, Values } from "../model/wire";
import { addDays, dayName, partAt, PARTS, type Part } from "../model/zones";
import { FieldView, readTyped, typedOf } from "../parts/fields";
import { EntryForm } from "../parts/form";
import { Frame } from "../parts/frame";
import { goHome, useApp } from "../parts/use";
import { different } from "./meal";
import { say } from "../../words/words";

function quickly(work: Promise<unknown>): void {
  work.catch((error: Error) => app.tell(error.message, null, true));
}

export function CheckIn(): JSX.Element {
  const { view } = useApp();
  const kind = view ? kindOf(view.today, "check-in") : undefined;
  if (view === null || kind === undefined) return <Frame title={say("Check-in")}><p>{say("One moment …")}</p></Frame>;
  const entry = entriesOn(view, app.date()).find((e) => e.kind === "check-in");
  const isGesture = (f: Field): boolean => f.type === "scale" || f.type === "yesno";
  const gestures = kind.fields.filter(isGesture);
  const rest = kind.fields.filter((f) => !isGesture(f) && f.name !== "date");
  const typed = typedOf(gestures, entry?.values ?? {});
  return (
    <Frame title={say("Check-in, today")}>
      <p class="soft">{entry && `${say("{name} began this one.", { name: entry.by })} `}{say("Each touch is kept at once. Leave out what you do not know.")}</p>
      {gestures.map((field) => (
        <FieldView key={field.name} field={field} typed={typed} error={undefined} set={(name, value) => quickly(keepSaid(entry, readTyped([field], { [name]: value }, new Date()).values))} />
      ))}
      <Rest fields={rest} entry={entry} />
    </Frame>
  );
}

/** What is typed stays while touches above it make or change the entry; only what differs from what was shown is sent. */
function Rest({ fields, entry }: { fields: Field[]; entry: Entry | undefined }): JSX.Element {
  const [shown] = useState<Values>(entry?.values ?? {});
  const save = async (values: Values): Promise<void> => {
    await keepSaid(entry, different(values, { ...shown, ...readTyped(fields, typedOf(fields, shown), new Date()).values }));
    goHome();
  };
  return <EntryForm fields={fields} values={shown} save={(read) => save(read.values)} />;
}

/** One check-in a date: the first touch makes it, the next ones change it. */
async function keepSaid(entry: Entry | undefined, values: Values): Promise<void> {
  if (entry !== undefined) return app.edit(entry, values, [], { quietly: true });
  const known = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== ""));
  if (Object.keys(known).length > 0) await app.create("check-in", { date: app.date(), ...known }, [], { quietly: true });
}

function watches(): [string, string][] {
  return [
    ["", say("not said")],
    ["watched", say("watched")],
    ["monitor", say("heard on a monitor")],
    ["not_watched", say("not watched")],
  ];
}

export function Watching({ date: asked }: { date: string }): JSX.Element {
  const { view, today: known } = useApp();
  if (view === null || known === null) return <Frame title={say("Watching")}><p>{say("One moment …")}</p></Frame>;
  const today = app.date();
  const date = asked || today;
  // Of today only the parts that have begun; the running one is described up to now.
  const running = date === today ? PARTS.indexOf(partAt(new Date(), app.zone())) : PARTS.length;
  return (
    <Frame title={howWatched(date, today)}>
      <p>{say("A day without spasms counts as watched when at least 12 of its hours were watched or heard, some of them by eye. A blank stays a blank.")}</p>
      {partsOn(view, date).map(([part, watch], i) =>
        i > running ? null : (
          <fieldset key={part} class="field">
            <legend>{capital(partWords(part))} <small>{i === running ? say("{from} to now", { from: hour(i) }) : say("{from} to {until}", { from: hour(i), until: hour(i + 1) })}</small></legend>
            <div class="chips">
              {watches().map(([value, label]) => (
                <label key={value} class="chip">
                  <input type="radio" name={part} checked={watch === value} onChange={() => quickly(watched(view, date, part, value, i === running))} />
                  <span>{label}</span>
                </label>
              ))}
            </div>
          </fieldset>
        ),
      )}
      <p class="soft">{say("Each touch is kept at once.")}</p>
      <a class="button button--wide" href="#/">{say("Done")}</a>
    </Frame>
  );
}

function howWatched(date: string, today: string): string {
  if (date === today) return say("How was today watched?");
  if (date === addDays(today, -1)) return say("How was yesterday watched?");
  return say("How was {day} watched?", { day: dayName(date, today) });
}

function hour(part: number): string {
  return `${String(6 * part).padStart(2, "0")}:00`;
}

/** A part that is still running is described up to now, not to its end. */
async function watched(view: View, date: string, part: Part, watch: string, isRunning: boolean): Promise<void> {
  const entry = entriesOn(view, date).find((e) => e.kind === "observation" && e.values["part"] === part);
  const until_at = isRunning ? new Date().toISOString() : null;
  // A part that “nothing seen” has described on this phone alone has no entry of its own yet.
  const own = entry?.id.includes("/") ? undefined : entry;
  if (watch === "") {
    if (own) await app.remove(own);
    else if (entry) app.tell(say("This waits to be sent as “nothing seen”: take it back once it is stored."), null, true);
  } else if (own) await app.edit(own, { watch, until_at }, [], { quietly: true });
  else await app.create("observation", { date, part, watch, until_at }, typedDate(date), { quietly: true });
}

/** A date that somebody chose is no date of a clock. */
function typedDate(date: string): string[] {
  return date === app.date() ? [] : ["date"];
}
