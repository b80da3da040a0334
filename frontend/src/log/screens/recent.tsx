// The last seven days as they stand on this phone; each entry opens.
import type { JSX } from "preact";
import { app } from "../app";
import { lastSevenDays } from "../model/view";
import { dayName } from "../model/zones";
import { Frame } from "../parts/frame";
import { Lines, Parts } from "../parts/lines";
import { useApp } from "../parts/use";
import { say } from "../../words/words";

export function Recent(): JSX.Element {
  const { view } = useApp();
  if (view === null) return <Frame title={say("The last seven days")}><p>{say("One moment …")}</p></Frame>;
  const today = app.date();
  // Who helps out is shown today and the day before, so that a night is seen whole.
  const mayRead = view.today.may_read;
  const days = mayRead ? lastSevenDays(today) : lastSevenDays(today).slice(0, 2);
  return (
    <Frame title={mayRead ? say("The last seven days") : say("Today and yesterday")}>
      {days.map((date) => (
        <section key={date} class="card" aria-labelledby={`d-${date}`}>
          <h2 id={`d-${date}`}>{dayName(date, today)}</h2>
          <Parts view={view} date={date} />
          {view.today.may_log && <a class="button button--bare" href={`#/watching/${date}`}>{say("How it was watched")}</a>}
          <Lines view={view} date={date} />
        </section>
      ))}
      {mayRead && <p><a href={`/c/${view.today.child.id}/diary/`}>{say("Earlier days are in the diary (needs a network).")}</a></p>}
    </Frame>
  );
}
