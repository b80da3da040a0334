// The spasm pad: one touch, one spasm, on the phone's disk at each touch. Its state is the entry itself.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { Presses } from "../../pad/presses";
import { app } from "../app";
import { Counter } from "../engine/counter";
import { clock, lastTouch } from "../model/running";
import { Icon } from "../parts/frame";
import { Ringing } from "../parts/ringing";
import { useApp, useNow } from "../parts/use";
import { say } from "../../words/words";

const LONG_PRESS_MS = 800;

export function Pad(): JSX.Element {
  const { today, view } = useApp();
  useNow(1);
  const now = app.now();
  const [, redraw] = useState(0);
  const counter = useMemo(() => new Counter(app, () => redraw((n) => n + 1)), []);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  useEffect(() => {
    document.title = `${say("Spasm pad")} · Quiet Days`;
    document.body.classList.add("pad-body");
    return () => document.body.classList.remove("pad-body");
  }, []);
  usePresses(button, counter);
  if (today === null || view === null) return <main class="pad"><p>{say("One moment …")}</p></main>;
  const running = counter.running(now);
  return (
    <main id="main" class="pad">
      <div class="pad__top">
        <a class="button button--small" href="#/"><Icon name="back" />{say("Back")}</a>
        <a class="button button--urgent button--small" href="#/emergency">{say("Emergency")}</a>
      </div>
      <h1 class="pad__title">{say("Spasms, {child}", { child: today.child.name })}</h1>
      <button ref={setButton} type="button" class="pad__button" data-tap disabled={button === null || !today.may_log}>
        <span class="pad__count" data-count>{Number(running?.values["spasm_count"] ?? 0)}</span>
        <span class="pad__hint">{running ? say("Touch for each spasm") : say("Touch for the first spasm")}</span>
        <span class="pad__clock">{running && say("{length}, started at {time}", { length: clock(now - Date.parse(running.at as string)), time: app.clock(running.at as string) })}</span>
      </button>
      <p class="pad__status" role="status" data-status>
        {counter.status}
        {counter.endedId && <> · <a href={`#/entry/${counter.endedId}`}>{say("Add details or a film")}</a></>}
      </p>
      {running ? (
        <>
          {running.by !== app.state.person?.name && <p class="pad__note">{say("{name} began this cluster, last touch {time} ago. Your touches go on with it.", { name: running.by, time: clock(now - lastTouch(running)) })}</p>}
          <div class="pad__row">
            <button type="button" class="button" onClick={() => counter.untap()}>{say("One less")}</button>
            <button type="button" class="button button--main" onClick={() => counter.end()}>{say("End and save")}</button>
          </div>
          <div class="pad__row">
            <span class="soft">{say("It began")}</span>
            <button type="button" class="button button--small" onClick={() => counter.earlier(1)}>{say("1 min earlier")}</button>
            <button type="button" class="button button--small" onClick={() => counter.earlier(5)}>{say("5 min earlier")}</button>
          </div>
        </>
      ) : null}
      <p class="pad__note">{say("Each touch is one spasm. A long press or five minutes without a touch ends the cluster. Every touch is kept on this phone, with and without a network.")}</p>
      <Ringing />
    </main>
  );
}

/** Touches by finger, mouse, pen and keyboard; a single finger that stays down for long ends the cluster. */
function usePresses(pad: HTMLButtonElement | null, counter: Counter): void {
  // In the step that enables the button, before it is painted: a touch that it shows itself ready for, it counts.
  useLayoutEffect(() => {
    if (pad === null) return;
    pad.focus();
    const presses = new Presses({ set: (done, ms) => window.setTimeout(done, ms), clear: (timer) => window.clearTimeout(timer) }, LONG_PRESS_MS);
    const stop = new AbortController();
    const on = (target: EventTarget, type: string, handle: (event: never) => void): void =>
      target.addEventListener(type, handle as EventListener, { signal: stop.signal });
    on(pad, "pointerdown", (event: PointerEvent) => {
      if (event.button !== 0) return; // a mouse's other buttons
      const before = counter.tap();
      presses.start(event.pointerId, () => counter.endByLongPress(before));
    });
    for (const type of ["pointerup", "pointercancel", "pointerleave"]) on(pad, type, (event: PointerEvent) => presses.end(event.pointerId));
    // A screen that locks or a window that loses the focus may swallow the end of a touch.
    on(window, "blur", () => presses.endAll());
    on(document, "visibilitychange", () => presses.endAll());
    on(pad, "contextmenu", (event: Event) => event.preventDefault());
    on(pad, "keydown", (event: KeyboardEvent) => {
      if (event.repeat) event.preventDefault(); // a key that is held down is one spasm
    });
    // A keyboard or a screen reader clicks without a pointer.
    on(pad, "click", (event: MouseEvent) => {
      if (event.detail === 0) counter.tap();
    });
    return () => {
      presses.endAll();
      stop.abort();
      counter.rest();
    };
  }, [pad, counter]);
}
