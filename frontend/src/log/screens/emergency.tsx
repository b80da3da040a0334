// The emergency card: without a network and without a sign-in on the family's phone. Only what the child's team
// entered; until then, that nothing is entered, and whom to call.
import type { JSX } from "preact";
import { app } from "../app";
import type { EmergencyCard, Today } from "../model/wire";
import { Frame, Unchecked } from "../parts/frame";
import { useApp } from "../parts/use";
import { locale, say } from "../../words/words";

const NUMBER = "112";

export function Emergency(): JSX.Element {
  const { today } = useApp();
  const card = today?.emergency ?? null;
  const number = card?.call_number ?? NUMBER;
  return (
    <Frame title={say("Emergency")} isEmergency>
      <div class="notice notice--urgent">
        {card === null ? <Missing today={today} /> : <Age card={card} />}
        <p class="call"><a class="button button--urgent button--big" href={`tel:${number.replaceAll(" ", "")}`}>{say("Call {number}", { number })}</a></p>
        {card === null && <p>{say("112 works across Europe. Elsewhere use your own number: 911, 999, 000.")}</p>}
      </div>
      {today && <p>{sayAloud(today, card)}</p>}
      {card?.parts.map(({ title, text }) => (
        <section key={title} class="card">
          <h2>{title}</h2>
          {text.split("\n").map((line, i) => <p key={i}>{line}</p>)}
        </section>
      ))}
      {card !== null && card.contacts.length > 0 && <Contacts card={card} />}
      {card !== null && <p>{say("Written and signed by {name}.", { name: card.signed })}</p>}
      <Unchecked />
      <p class="soft">{say("Nobody is watching this app live. It shows only what the child’s team entered.")}</p>
    </Frame>
  );
}

function Missing({ today }: { today: Today | null }): JSX.Element {
  return (
    <>
      <p><strong>{today === null ? say("No emergency plan has been entered by the team.") : say("No emergency plan has been entered by {child}’s team.", { child: today.child.name })}</strong></p>
      <p>{say("If you are worried about your baby, call your emergency number now. Then call your team.")}</p>
    </>
  );
}

/** An old plan is shown as old, and never hidden. */
function Age({ card }: { card: EmergencyCard }): JSX.Element | null {
  if (app.date() <= card.expires_on) return null;
  return <p><strong>{say("This plan was to be looked through by {date}. It may be out of date: ask the team.", { date: long(card.expires_on) })}</strong></p>;
}

function sayAloud({ child, prescription }: Today, card: EmergencyCard | null): string {
  const what = card?.say ?? (prescription ? say("epileptic spasms, on a ketogenic diet") : say("epileptic spasms, may be on a ketogenic diet"));
  return say("Say: {child}, born {date}, {what}.", { child: child.name, date: long(child.birth_date), what });
}

function Contacts({ card }: { card: EmergencyCard }): JSX.Element {
  return (
    <section class="card">
      <h2>{say("Contacts")}</h2>
      <ul class="list">
        {card.contacts.map(({ words, phone }) => (
          <li key={words} class="list__row">
            <span>{words}</span>
            {phone !== "" && <a class="button button--small" href={`tel:${phone}`} aria-label={say("Call {number}", { number: words })}>{say("Call")}</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function long(date: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }).format(new Date(`${date}T12:00:00Z`));
}
