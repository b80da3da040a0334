// A journey: days are counted where the child is, and only a person knows that.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { app } from "../app";
import { zoneAt } from "../model/zones";
import { useApp } from "./use";
import { say } from "../../words/words";

/** A phone that has come to another zone asks, and never supposes, where the child is. */
export function Journey(): JSX.Element | null {
  const { view } = useApp();
  const [answered, setAnswered] = useState(sessionStorage.getItem("quietdays.zone") ?? "");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (view === null || !view.today.may_log) return null;
  const known = zoneAt(view.stays, new Date());
  if (here === known || answered === here || !differs(here, known)) return null;
  const no = (): void => {
    sessionStorage.setItem("quietdays.zone", here);
    setAnswered(here);
  };
  const yes = async (): Promise<void> => {
    await app.create("stay", { since: new Date().toISOString(), time_zone: here }, [], { quietly: true });
    app.tell(say("Saved: from now on days are counted in {place}", { place: city(here) }));
  };
  return (
    <div class="notice" role="region" aria-label={say("Journey")}>
      <p>{say("This phone is on {here} time. Days are counted where {child} is: {known}. Is {child} in {here} now?", { here: city(here), child: view.today.child.name, known: city(known) })}</p>
      <div class="halves">
        <button type="button" class="button" onClick={() => void yes()}>{say("Yes, since now")}</button>
        <button type="button" class="button" onClick={no}>{say("No")}</button>
      </div>
      <p class="soft"><a href={`/c/${view.today.child.id}/settings/#trip`}>{say("If you arrived some time ago: say since when, with a network.")}</a></p>
    </div>
  );
}

/** Two names of one time are no journey. */
function differs(a: string, b: string): boolean {
  const clockIn = (zone: string, at: Date): string => at.toLocaleString("en-GB", { timeZone: zone });
  return [0, 90, 180, 270].some((days) => {
    const at = new Date(Date.now() + days * 86_400_000);
    return clockIn(a, at) !== clockIn(b, at);
  });
}

function city(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

