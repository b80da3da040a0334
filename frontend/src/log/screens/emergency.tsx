// The emergency card: without a network and without a sign-in on the family's phone. Only what the child's team
// entered; until then, that nothing is entered, and whom to call.
import type { JSX } from "preact";
import { Frame } from "../parts/frame";
import { useApp } from "../parts/use";

export function Emergency(): JSX.Element {
  const { today } = useApp();
  const name = today?.child.name ?? "the child";
  const born = today && new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }).format(new Date(`${today.child.birth_date}T12:00:00Z`));
  return (
    <Frame title="Emergency" isEmergency>
      <div class="notice notice--urgent">
        <p><strong>No emergency plan has been entered by {name === "the child" ? "the" : `${name}’s`} team.</strong></p>
        <p>If you are worried about your baby, call your emergency number now. Then call your team.</p>
        <p class="call"><a class="button button--urgent button--big" href="tel:112">Call 112</a></p>
        <p>112 works across Europe. Elsewhere use your own number: 911, 999, 000.</p>
      </div>
      {today && <p>Say: {name}, born {born}, epileptic spasms, {today.prescription ? "on a ketogenic diet" : "may be on a ketogenic diet"}.</p>}
      <p class="soft">Nobody is watching this app live. It shows only what the child’s team entered.</p>
    </Frame>
  );
}
