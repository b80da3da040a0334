// Reminders on this phone: whether they get through, how to turn them on, and how to mend what is in the way.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { app } from "../app";
import { pushState, test, turnOn } from "../engine/push";
import { ServerTrouble } from "../engine/client";
import { ownChannel } from "../model/reach";
import type { Reminders } from "../model/wire";
import { ago } from "../model/zones";
import { useApp, useNow } from "./use";
import { say } from "../../words/words";

export function OnThisPhone(): JSX.Element | null {
  const { today } = useApp();
  useNow(20);
  const reminders = today?.reminders;
  if (!today || !reminders) return null;
  return (
    <section class="card" aria-labelledby="reminders" data-push={pushState()}>
      <h2 id="reminders">{say("Reminders on this phone")}</h2>
      {!reminders.is_on && <p>{say("You are not told of anything that is due for {child}.", { child: today.child.name })}</p>}
      <Push reminders={reminders} />
      <p><a href={reminders.address}>{say("Who is told, quiet hours, other channels")}</a></p>
    </section>
  );
}

function Push({ reminders }: { reminders: Reminders }): JSX.Element {
  switch (pushState()) {
    case "unsupported":
      return <Unsupported />;
    case "denied":
      return (
        <>
          <p class="error">{say("This phone does not let Quiet Days show reminders.")}</p>
          <p>{say("Android: touch the sign beside the address, then Permissions, Notifications, Allow. iPhone: Settings, Notifications, Quiet Days. Then open this page again.")}</p>
        </>
      );
    case "off":
      return (
        <>
          <p>{say("They come when the app is closed, too. This phone then proves once a day that it is reached.")}</p>
          <Touch words={say("Turn on reminders on this phone")} isMain work={async () => ((await turnOn()) ? "" : say("The phone did not allow it. Touch again, and choose “Allow”."))} />
        </>
      );
    case "on":
      return <On reminders={reminders} />;
  }
}

function Unsupported(): JSX.Element {
  if (/iPhone|iPad/.test(navigator.userAgent)) {
    return <p>{say("On an iPhone reminders need the app on the home screen: touch Share, then “Add to Home Screen”. Open it from there, and come back to this page.")}</p>;
  }
  return <p>{say("This browser takes no reminders. Use another browser, or another channel.")}</p>;
}

function On({ reminders }: { reminders: Reminders }): JSX.Element {
  const own = ownChannel(reminders, app.device);
  const proof = own?.proved_at ? ago(new Date(own.proved_at), new Date(app.now())) : say("none yet");
  return (
    <>
      <p>{say("They are turned on. Last proof: {proof}.", { proof })}</p>
      {own?.trouble && <p class="error">{own.trouble}</p>}
      <Touch words={say("Test now")} work={async () => {
        await test();
        return say("Sent. A notification comes within a minute, and “Last proof” changes.");
      }} />
    </>
  );
}

/** A button whose work needs the server; what came of it stands below. */
function Touch({ words, isMain, work }: { words: string; isMain?: boolean; work: () => Promise<string> }): JSX.Element {
  const [said, setSaid] = useState("");
  const touch = (): Promise<void> => app.once(words, async () => {
    setSaid(say("One moment …"));
    setSaid(await work().catch(reasonOf));
  });
  return (
    <>
      <button type="button" class={`button${isMain ? " button--main button--wide" : ""}`} onClick={() => void touch()}>{words}</button>
      <p role="status" class="soft">{said}</p>
    </>
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ServerTrouble)) return say("This browser could not do it now. Reminders may be blocked on this phone, or there is no network.");
  if (error.trouble === "no-network") return say("This needs a network. Try again when there is one.");
  if (error.trouble === "gone") return say("The server does not know this phone yet. Turn reminders on first.");
  return say("The server did not take it. Try again later.");
}
