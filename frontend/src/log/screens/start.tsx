// Before there is a child to show: choosing one, a browser that keeps nothing, a page that needs the network.
import { Component, type ComponentChildren, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { app } from "../app";
import { Frame } from "../parts/frame";
import { goHome, useApp } from "../parts/use";
import { say } from "../../words/words";

export function Children(): JSX.Element {
  const { children, trouble, operations, kept } = useApp();
  const listed = [...children, ...kept.filter((k) => !children.some((c) => c.id === k.id))];
  useEffect(() => void app.findChildren(), []);
  return (
    <Frame title={say("Whose diary?")}>
      {trouble === "signed-out" && <p><a class="button button--main button--wide" href="/sign-in/?next=/log/">{say("Sign in")}</a></p>}
      {trouble === "no-network" && listed.length === 0 && <p>{say("No network. What this phone keeps of a child opens without one; this phone keeps none yet.")}</p>}
      {trouble === "gone" && <p class="notice">{say("Your access to this diary has ended. What this phone kept of it is gone.")}</p>}
      {trouble === null && listed.length === 0 && <p>{say("No child is in your list.")} <a href="/children/">{say("All children")}</a></p>}
      {operations.length > 0 && <p class="notice">{say("What was entered on this phone for a child that is not open now is still kept here: {count}.", { count: operations.length })} <a href="#/phone">{say("Look")}</a></p>}
      <ul class="doors">
        {listed.map((child) => (
          <li key={child.id}>
            <button type="button" class="button button--wide" onClick={() => void app.open(child.id).then(goHome)}>{child.name}</button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}

/** A fault in drawing must not leave an empty screen at night: what is kept is kept, and the way on is said. */
export class Guard extends Component<{ children: ComponentChildren }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): ComponentChildren {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main class="main">
        <h1>{say("This screen broke")}</h1>
        <p>{say("What you saved is safe on this phone. If you are worried about your baby, call your emergency number.")}</p>
        <p><a class="button button--main button--wide" href="/log/" onClick={() => window.setTimeout(() => location.reload())}>{say("Open home again")}</a></p>
        <p><a class="button button--urgent button--wide" href="tel:112">{say("Call 112")}</a></p>
      </main>
    );
  }
}

export function NoStore(): JSX.Element {
  return (
    <Frame title={say("This browser keeps nothing")}>
      <p>{say("The night log needs a store on the phone, and this browser does not give one: perhaps its window is a private one, or its storage is full. Open Quiet Days in an ordinary window.")}</p>
      <p>{say("The other pages work here, with a network:")} <a class="button" href="/children/">{say("All children")}</a></p>
    </Frame>
  );
}

/** Another page was asked for and there is no network: the night log stands in its place and says so. */
export function Elsewhere(): JSX.Element {
  return (
    <Frame title={say("This page needs a network")}>
      <p>{say("There is none now, or the server does not answer. Nothing is lost.")}</p>
      <p>
        <button type="button" class="button" onClick={() => location.reload()}>{say("Try again")}</button>
      </p>
      <p><a class="button button--main button--wide" href="/log/">{say("Open the night log: it works without")}</a></p>
    </Frame>
  );
}
