// What now? The next feed with its grams, the next dose, the time since the last cluster, what waits.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { app } from "../app";
import { dosesNow, nextMeal, STILL_NOW_MS, type DueDose } from "../model/due";
import { clock, lastTouch, runningCluster } from "../model/running";
import { capital, countWords, plain } from "../model/titles";
import { ANSWER, entriesOn, lastSevenDays, newest, type View } from "../model/view";
import type { PlannedMeal, Today } from "../model/wire";
import { ago, dayName } from "../model/zones";
import { Frame, Icon } from "../parts/frame";
import { Lines, Parts } from "../parts/lines";
import { OnIt } from "../parts/ringing";
import { Standing, Warnings } from "../parts/standing";
import { goHome, useApp, useNow } from "../parts/use";
import { localNumber, say } from "../../words/words";

export function Home({ doNow }: { doNow?: "nothing-seen" }): JSX.Element {
  const { view, today } = useApp();
  useNow(20);
  const now = app.now();
  useEffect(() => {
    if (doNow !== "nothing-seen" || !today?.may_log) return;
    goHome(); // first, so that opening this address again writes nothing twice
    void nothingSeen();
  }, [doNow]);
  if (view === null || today === null) return <Frame title={say("Now")} isHome><p>{say("One moment …")}</p></Frame>;
  return (
    <Frame title={say("Now")} isHome>
      <Warnings />
      {today.may_log && <BigThree />}
      <Running view={view} />
      <OnIt view={view} now={now} />
      <Seen view={view} now={now} />
      <NextFeed view={view} now={now} />
      <NextDose view={view} now={now} />
      {today.may_log && <Others view={view} />}
      <Week today={today} />
      <section class="card" aria-labelledby="today-title">
        <h2 id="today-title" class="eyebrow">{say("Logged today")}</h2>
        <Lines view={view} date={app.date()} />
        <a class="button button--bare button--wide" href="#/recent">{today.may_read ? say("The last seven days") : say("Today and yesterday")}</a>
      </section>
      <Standing />
    </Frame>
  );
}

function BigThree(): JSX.Element {
  return (
    <div class="big-three">
      <a class="big" href="#/pad"><Icon name="spasm" />{say("Spasms")}</a>
      <a class="big" href="#/feed"><Icon name="diet" />{say("Feed")}</a>
      <a class="big" href="#/medicine"><Icon name="pill" />{say("Medicine")}</a>
    </div>
  );
}

/** A cluster that is being counted, on this phone or another; and one whose phone never ended it. */
function Running({ view }: { view: View }): JSX.Element | null {
  useNow(1);
  const now = app.now();
  const running = runningCluster(view, now);
  if (running === undefined) return null;
  const began = Date.parse(running.at as string);
  return (
    <section class="card card--first" aria-labelledby="running-title">
      <h2 id="running-title" class="eyebrow">{say("A cluster is being counted")}</h2>
      <p class="now__main">{say("{count} so far", { count: Number(running.values["spasm_count"]) })}</p>
      <p class="soft">{say("Started {when} by {name}, last touch {time} ago", { when: ago(new Date(began), new Date(now)), name: running.by, time: clock(now - lastTouch(running)) })}</p>
      <a class="button button--main button--wide" href="#/pad">{say("Open the pad")}</a>
    </section>
  );
}

function Seen({ view, now }: { view: View; now: number }): JSX.Element {
  const last = lastSeen(view);
  return (
    <section class="card now" aria-labelledby="seen-title">
      <h2 id="seen-title" class="eyebrow">{say("Spasms seen")}</h2>
      {last ? (
        <>
          <p class="now__main">{ago(new Date(last.at), new Date(now))}</p>
          <p class="soft">{say("{count}, {when}, logged by {name}", { count: capital(last.words), when: dayAnd(last.at), name: last.by })}</p>
        </>
      ) : (
        <>
          <p class="now__main">{say("None logged yet")}</p>
          <p class="soft">{say("Logged spasms stand here with the time since then.")}</p>
        </>
      )}
      <Parts view={view} date={app.date()} />
      {view.today.may_log && (
        <>
          <button type="button" class="button button--quiet button--wide" onClick={() => void nothingSeen()}>
            <Icon name="eye" />{say("Nothing seen, we were watching")}
          </button>
          <a class="button button--bare button--wide" href="#/watching">{say("Watched in part, or on a monitor")}</a>
        </>
      )}
    </section>
  );
}

/** The newest cluster: on this phone, or from before the days that it holds. */
function lastSeen(view: View): { at: string; words: string; by: string } | null {
  const here = newest(view, "cluster");
  const told = view.today.last_cluster;
  if (here === undefined) return told !== null && isBeforeTheseDays(told.at) ? told : null;
  return { at: here.at as string, words: countWords(here.values), by: here.by };
}

/** What is told of the last seven days may have been changed on this phone since; of earlier days it stands. */
function isBeforeTheseDays(at: string): boolean {
  return !lastSevenDays(app.date()).includes(app.date(new Date(at)));
}

/** “07:12”, “Yesterday, 07:12”. */
function dayAnd(at: string): string {
  const date = app.date(new Date(at));
  return date === app.date() ? app.clock(at) : `${dayName(date, app.date())}, ${app.clock(at)}`;
}

function nothingSeen(): Promise<void> {
  return app.once("nothing-seen", () => app.create("watched-so-far", { happened_at: new Date().toISOString() }));
}

function NextFeed({ view, now }: { view: View; now: number }): JSX.Element {
  const meal = nextMeal(view, now);
  return (
    <section class="card now" aria-labelledby="feed-title">
      <h2 id="feed-title" class="eyebrow">{say("Next feed")}</h2>
      {meal ? <FeedNow meal={meal} mayLog={view.today.may_log} /> : <p>{say("No feed is planned.")} <a href={`/c/${view.today.child.id}/plan/${app.date()}/`}>{say("Plan the day")}</a></p>}
    </section>
  );
}

function FeedNow({ meal, mayLog }: { meal: PlannedMeal; mayLog: boolean }): JSX.Element {
  return (
    <>
      <p class="now__main"><time>{app.clock(meal.at)}</time> {meal.name}{meal.date !== app.date() && <small> {meal.date > app.date() ? say("tomorrow") : say("yesterday")}</small>}</p>
      <WeighList meal={meal} />
      {mayLog && <a class="button button--wide" href={`#/meal/${meal.id}`}>{say("Log this feed")}</a>}
    </>
  );
}

export function WeighList({ meal }: { meal: PlannedMeal }): JSX.Element {
  return (
    <ul class="weigh">
      {meal.items.map((item) => (
        <li key={item.composition}>
          <span>{item.food_name}</span>
          <strong>{localNumber(plain(item.amount))} {item.unit}</strong>
        </li>
      ))}
    </ul>
  );
}

function NextDose({ view, now }: { view: View; now: number }): JSX.Element {
  const today = app.date();
  const waiting = dosesNow(view, today, now).filter((d) => d.recorded === undefined);
  const next = waiting.find((d) => d.dueAt >= now - STILL_NOW_MS);
  const missed = waiting.filter((d) => d.dueAt < now - STILL_NOW_MS);
  return (
    <section class="card now" aria-labelledby="dose-title">
      <h2 id="dose-title" class="eyebrow">{say("Next medicine")}</h2>
      {next ? <DoseNow due={next} mayLog={view.today.may_log} /> : <p>{say("No dose is to come today.")}</p>}
      {missed.length > 0 && (
        <>
          <p class="soft">{say("Earlier, not recorded:")}</p>
          <ul class="doors">
            {missed.map((d) => (
              <li key={`${d.medicine.id} ${d.dueAt}`}><a href={`#/dose/${d.medicine.id}`}><time>{app.clock(new Date(d.dueAt))}</time> {d.medicine.name}{d.date !== today && ` ${say("yesterday")}`}</a></li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function DoseNow({ due, mayLog }: { due: DueDose; mayLog: boolean }): JSX.Element {
  return (
    <>
      <p class="now__main"><time>{app.clock(new Date(due.dueAt))}</time> {due.medicine.name}</p>
      <p>{due.dose === null ? say("Dose not written down") : say("{dose}, as written down", { dose: `${localNumber(plain(due.dose))} ${due.medicine.unit}` })}</p>
      {mayLog && <a class="button button--wide" href="#/medicine">{say("Record it")}</a>}
    </>
  );
}

/** The newest weekly summary, while it is news. It is a page of the server: it opens with a network. */
function Week({ today }: { today: Today }): JSX.Element | null {
  if (!today.week) return null; // what the phone kept from an older version says nothing of it
  const { first, last } = today.week;
  return (
    <section class="card" aria-labelledby="week-title">
      <h2 id="week-title" class="eyebrow">{say("The week is summed up")}</h2>
      <a class="button button--wide" href={`/c/${today.child.id}/week/${first}/`}>{say("{from} to {until}", { from: dayName(first, app.date()), until: dayName(last, app.date()) })}</a>
    </section>
  );
}

function Others({ view }: { view: View }): JSX.Element {
  const hasCheckIn = entriesOn(view, app.date()).some((e) => e.kind === "check-in");
  const kinds = view.today.kinds.filter((k) => !["meal", "breastfeed", "dose", "check-in", "observation", "watched-so-far", "stay", "day-total", ANSWER].includes(k.slug));
  return (
    <section class="card" aria-labelledby="more-title">
      <h2 id="more-title" class="eyebrow">{say("Log something else")}</h2>
      <ul class="tiles">
        <li><a href="#/check-in">{say("Check-in")}{hasCheckIn && <> <svg class="icon" role="img" aria-label={say("begun")}><use href="#i-check" /></svg></>}</a></li>
        {kinds.map((kind) => (
          <li key={kind.slug}><a href={`#/new/${kind.slug}`}>{kind.slug === "cluster" ? say("Spasms, by form") : kind.title}</a></li>
        ))}
      </ul>
    </section>
  );
}
