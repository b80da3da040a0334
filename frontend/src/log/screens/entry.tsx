// A new entry of any kind, and an entry opened again: to change, to delete, to add a film to.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { app } from "../app";
import { kindOf } from "../model/titles";
import type { View } from "../model/view";
import type { Entry, Field, Kind, Values } from "../model/wire";
import { conflictWords } from "../store/outbox";
import { EntryForm } from "../parts/form";
import { readTyped, typedOf, type Errors, type Read } from "../parts/fields";
import { Frame } from "../parts/frame";
import { Clips } from "../parts/clips";
import { goHome, useApp } from "../parts/use";
import { ChangeMeal, different, offPlanFields } from "./meal";
import { DoseForm } from "./medicine";
import { say } from "../../words/words";

export function NewEntry({ slug }: { slug: string }): JSX.Element {
  const { view } = useApp();
  const kind = view ? kindOf(view.today, slug) : undefined;
  if (view === null || kind === undefined) return <Frame title={say("New entry")}><p>{say("There is no such kind of entry.")}</p></Frame>;
  const fields = slug === "meal" ? offPlanFields(kind.fields) : kind.fields;
  return (
    <Frame title={slug === "meal" ? say("Something else eaten") : kind.title}>
      <EntryForm fields={fields} values={begun(kind)} check={(read) => checked(slug, read)} save={async (read) => {
        await app.create(slug, { ...kind.fixed, ...completed(slug, read.values) }, read.typed);
        goHome();
      }} />
    </Frame>
  );
}

/** What a new form holds before anything is typed. */
function begun(kind: Kind): Values {
  const values: Values = { count_kind: "exact", certainty: "sure", vomited: "no" };
  for (const field of kind.fields) if (field.type === "date" && field.required) values[field.name] = app.date();
  return values;
}

function completed(slug: string, values: Values): Values {
  if (slug === "meal") return { name: "Off plan", planned: null, served: [], is_mixed: false, ...values };
  if (slug === "cluster" && values["count_kind"] === "unknown") return { ...values, spasm_count: null };
  return values;
}

function checked(slug: string, read: Read): Errors {
  const { count_kind, spasm_count } = read.values;
  if (slug === "cluster" && count_kind !== "unknown" && (spasm_count === null || spasm_count === undefined)) {
    return { spasm_count: say("Give the number of spasms, 1 or more, or choose “not counted”.") };
  }
  return {};
}

export function ChangeEntry({ id }: { id: string }): JSX.Element {
  const { view } = useApp();
  const entry = view?.entries.get(id);
  if (view === null || entry === undefined) return <Frame title={say("Entry")}><p>{say("This entry is not on this phone: it was deleted, or it is older than seven days.")} <a href="#/recent">{say("The last seven days")}</a></p></Frame>;
  const child = view.today.child.id;
  const canOpen = entry.revision > 0 && !["observation", "check-in", "meal", "breastfeed", "dose"].includes(entry.kind);
  return (
    <Frame title={entry.title}>
      <p class="soft">{entry.by}{entry.pending ? `, ${say("waits to be sent")}` : ""}</p>
      {entry.conflict && <div class="notice"><p>{conflictWords(entry.title, entry.conflict)}</p></div>}
      <Change key={entry.id} entry={entry} view={view} />
      {entry.kind === "cluster" && <Clips cluster={entry.id} />}
      <button type="button" class="button" onClick={() => void remove(entry)}>{say("Delete")}</button> <span class="soft">{say("It can be brought back for 30 days.")}</span>
      {canOpen && <p><a href={`/c/${child}/entry/${entry.kind}/${entry.id}/`}>{say("Its history (needs a network)")}</a></p>}
    </Frame>
  );
}

function remove(entry: Entry): Promise<void> {
  return app.once("remove", async () => {
    await app.remove(entry);
    goHome();
  });
}

/** A form changes what it showed when it was opened; what somebody else changes meanwhile stays theirs. */
function Change({ entry: newest, view }: { entry: Entry; view: View }): JSX.Element {
  const [entry] = useState(newest);
  return (
    <>
      {newest.revision > entry.revision && <div class="notice" role="status"><p>{say("This was changed meanwhile: “{entry}”. Only what you change here is saved over it.", { entry: newest.title })}</p></div>}
      <ChangeForm entry={entry} view={view} />
    </>
  );
}

function ChangeForm({ entry, view }: { entry: Entry; view: View }): JSX.Element {
  if (entry.kind === "meal") return <ChangeMeal entry={entry} view={view} />;
  const medicine = entry.kind === "dose" ? view.today.medicines.find((m) => m.id === entry.values["medicine"]) : undefined;
  const fields = fieldsFor(kindOf(view.today, entry.kind), entry);
  const save = async (values: Values, typed: string[]): Promise<void> => {
    const changed = sinceShown(fields, entry, values);
    await app.edit(entry, changed, typed.filter((name) => name in changed));
    goHome();
  };
  if (medicine) return <DoseForm view={view} medicine={medicine} entry={entry.id} values={entry.values} save={save} />;
  return <EntryForm fields={fields} values={entry.values} check={(read) => checked(entry.kind, read)} save={(read) => save(completed(entry.kind, read.values), read.typed)} />;
}

/** A date or a part of a day names the entry; what it says can change, not which one it is. */
function fieldsFor(kind: Kind | undefined, entry: Entry): Field[] {
  const naming = { observation: ["date", "part", "until_at"], "check-in": ["date"], dose: ["medicine"] }[entry.kind] ?? [];
  const fields = (kind?.fields ?? []).filter((f) => !naming.includes(f.name));
  const { unit } = entry.values;
  if (typeof unit !== "string" || unit === kind?.fixed["unit"]) return fields;
  // Read in another unit than is used now: its own stands beside it, and its limits are not these.
  return fields.map((f) => (f.name === "value" ? { ...f, unit, min: 0, max: null, usual_min: null, usual_max: null } : f));
}

/** What differs from what the form showed at first; a time shown to the minute is no change of its seconds. */
function sinceShown(fields: Field[], entry: Entry, values: Values): Values {
  const shown = readTyped(fields, typedOf(fields, entry.values), new Date()).values;
  return different(values, { ...entry.values, ...shown });
}
