// Who gave what and when. One touch records a dose as written down; a second one soon after asks why.
import type { JSX } from "preact";
import { app } from "../app";
import { doseNear, dosesNow, isOneTouch, isScheduled, stepOn, type DueDose } from "../model/due";
import { kindOf, plain } from "../model/titles";
import type { View } from "../model/view";
import type { Entry, Medicine, MedicineStep, Values } from "../model/wire";
import { EntryForm } from "../parts/form";
import type { Errors, Read } from "../parts/fields";
import { Frame } from "../parts/frame";
import { give } from "../parts/give";
import { goHome, useApp } from "../parts/use";
import { localNumber, say } from "../../words/words";

/** An amount this far from what is written down is looked at once more. */
const FAR = 1.5;

export function Medicines(): JSX.Element {
  const { view } = useApp();
  if (view === null) return <Frame title={say("Medicine")}><p>{say("One moment …")}</p></Frame>;
  const due = dosesNow(view, app.date(), app.now());
  return (
    <Frame title={say("Medicine")}>
      {due.map((d) => <Due key={`${d.medicine.id} ${d.dueAt}`} due={d} view={view} />)}
      {due.length === 0 && <p>{say("No dose is written down for today.")}</p>}
      <section class="card" aria-labelledby="any">
        <h2 id="any">{say("Another dose, or not given")}</h2>
        <ul class="doors">
          {view.today.medicines.map((m) => <li key={m.id}><a href={`#/dose/${m.id}`}>{m.name}{whenNeeded(stepOn(m, app.date()))}</a></li>)}
        </ul>
        {view.today.medicines.length === 0 && <p>{say("No medicine is entered yet.")} <a href={`/c/${view.today.child.id}/medicines/`}>{say("Medicines")}</a></p>}
      </section>
    </Frame>
  );
}

function Due({ due, view }: { due: DueDose; view: View }): JSX.Element {
  const { medicine, recorded } = due;
  const amount = due.dose === null ? say("dose not written down") : `${localNumber(plain(due.dose))} ${medicine.unit}`;
  const amounts = stepOn(medicine, due.date)?.amounts;
  return (
    <section class="card">
      <p class="now__main"><time>{app.clock(new Date(due.dueAt))}</time> {medicine.name}{due.date !== app.date() && <small> {say("yesterday")}</small>}</p>
      <p>{amount}{medicine.form && `, ${medicine.form}`}</p>
      {amounts && <p class="soft">{amounts}</p>}
      {recorded ? (
        <p>{recordedWords(recorded)} <a href={`#/entry/${recorded.id}`}>{say("Change")}</a></p>
      ) : isOneTouch(view, due, app.now()) ? (
        <div class="halves">
          <button type="button" class="button button--main" onClick={() => void give(due, goHome)}>{say("Given now")}</button>
          <a class="button" href={`#/dose/${medicine.id}`}>{say("Otherwise")}</a>
        </div>
      ) : (
        <a class="button button--wide" href={`#/dose/${medicine.id}`}>{say("Record it")}</a>
      )}
    </section>
  );
}

function recordedWords({ values, at, by }: Entry): string {
  const told = { time: app.clock(at as string), name: by };
  return values["outcome"] === "given" ? say("Given, {time}, logged by {name}.", told) : say("Not given, {time}, logged by {name}.", told);
}

function whenNeeded(step: MedicineStep | undefined): JSX.Element | null {
  if (step === undefined || isScheduled(step)) return null;
  return <small> {step.how === "rescue" ? say("rescue medicine") : say("when needed")}</small>;
}

export function GiveDose({ id }: { id: string }): JSX.Element {
  const { view } = useApp();
  const medicine = view?.today.medicines.find((m) => m.id === id);
  if (view === null || medicine === undefined) return <Frame title={say("Medicine")}><p>{say("This medicine is not on this phone.")} <a href="#/medicine">{say("All medicines")}</a></p></Frame>;
  const step = stepOn(medicine, app.date());
  const dose = step?.dose ?? null;
  const near = doseNear(view, id, app.now(), "");
  return (
    <Frame title={medicine.name}>
      {dose !== null && <p>{say("{dose}, as written down.", { dose: `${localNumber(plain(dose))} ${medicine.unit}` })}</p>}
      {step?.amounts && <p class="soft">{step.amounts}</p>}
      {step && !isScheduled(step) && step.rules && <p>{step.rules}</p>}
      {near && <div class="notice"><p>{say("{name} gave {dose} at {time}. If this is another dose, say why below; it is then saved.", { name: near.by, dose: near.title, time: app.clock(near.at as string) })}</p></div>}
      <DoseForm view={view} medicine={medicine} entry="" values={{ outcome: "given", amount: dose }} save={async (values, typed) => {
        await app.create("dose", { medicine: id, ...values }, typed);
        goHome();
      }} />
    </Frame>
  );
}

export function DoseForm(props: { view: View; medicine: Medicine; entry: string; values: Values; save: (values: Values, typed: string[]) => Promise<void> }): JSX.Element {
  const { view, medicine, values, save, entry } = props;
  const fields = (kindOf(view.today, "dose")?.fields ?? []).filter((f) => f.name !== "medicine").map((f) => (f.name === "amount" ? { ...f, unit: medicine.unit } : f));
  return <EntryForm fields={fields} values={values} check={(read) => askWhy(view, medicine, read, entry)} save={(read) => save(given(read), read.typed)} />;
}

/** What was not given has no amount. */
function given(read: Read): Values {
  return read.values["outcome"] === "skipped" ? { ...read.values, amount: null } : read.values;
}

function askWhy(view: View, medicine: Medicine, read: Read, entry: string): Errors {
  const { outcome, amount, reason, happened_at } = read.values;
  if (outcome === "skipped") return reason ? {} : { reason: say("Say in a word why it was not given.") };
  if (!amount || Number(amount) <= 0) return { amount: say("How much was given?") };
  if (reason) return {};
  const at = Date.parse(String(happened_at));
  const near = doseNear(view, medicine.id, at, entry);
  if (near) return { reason: say("{name} gave {dose} at {time}. If this is another dose, say why; it is then saved.", { name: near.by, dose: near.title, time: app.clock(near.at as string) }) };
  const written = stepOn(medicine, app.date(new Date(at)))?.dose ?? null;
  const factor = written === null ? 1 : Number(amount) / Number(written);
  if (factor > FAR || factor < 1 / FAR) return { amount: say("{dose} is written down. Check the number; if it is right, say why below.", { dose: `${localNumber(plain(written))} ${medicine.unit}` }) };
  return {};
}
