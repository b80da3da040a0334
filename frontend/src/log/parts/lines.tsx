// A day's entries as a list, each opens to be changed; and how the day was watched, as four parts.
import type { JSX } from "preact";
import { app } from "../app";
import { partWords } from "../model/titles";
import { entriesOn, partsOn, type View } from "../model/view";
import type { Entry } from "../model/wire";
import { say } from "../../words/words";

function markOf(watch: string): string {
  return { watched: say("watched"), monitor: say("heard"), not_watched: say("not watched") }[watch] ?? "–";
}

export function Parts({ view, date }: { view: View; date: string }): JSX.Element {
  return (
    <ul class="parts" aria-label={say("How the day was watched")}>
      {partsOn(view, date).map(([part, watch]) => (
        <li key={part} class={`part part--${watch || "blank"}`}>
          <span>{partWords(part)}</span>
          <strong>{markOf(watch)}</strong>
        </li>
      ))}
    </ul>
  );
}

/** A date's entries, newest first; its watching stands apart. */
export function Lines({ view, date }: { view: View; date: string }): JSX.Element {
  const entries = entriesOn(view, date).filter((e) => e.kind !== "observation").reverse();
  const mayLog = view.today.may_log;
  if (entries.length === 0) return <p class="soft">{say("Nothing is logged for this day yet.")}</p>;
  return (
    <ul class="list">
      {entries.map((entry) => (
        <li key={entry.id} class="list__row">
          <time>{whenOf(entry)}</time>
          <div>
            <strong>{entry.title}</strong>
            <span class="soft">
              {entry.detail && `${entry.detail} · `}
              {entry.by}
              {entry.pending && ` · ${say("waits to be sent")}`}
            </span>
          </div>
          {mayLog && (
            <a class="button button--small" aria-label={say("Change: {entry}", { entry: `${entry.title}, ${whenOf(entry)}` })} href={`#/entry/${entry.id}`}>
              {say("Change")}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

export function whenOf(entry: Entry): string {
  if (entry.at !== null) return app.clock(entry.at);
  return say("all day");
}
