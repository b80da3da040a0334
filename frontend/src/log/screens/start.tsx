// Before there is a child to show: choosing one, a browser that keeps nothing, a page that needs the network.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { app } from "../app";
import { Frame } from "../parts/frame";
import { goHome, useApp } from "../parts/use";

export function Children(): JSX.Element {
  const { children, trouble } = useApp();
  useEffect(() => void app.findChildren(), []);
  return (
    <Frame title="Whose diary?">
      {trouble === "signed-out" && <p><a class="button button--main button--wide" href="/sign-in/?next=/log/">Sign in</a></p>}
      {trouble === "no-network" && <p>No network. What this phone keeps of a child opens without one; this phone keeps none yet.</p>}
      {trouble === null && children.length === 0 && <p>No child is in your list. <a href="/children/">All children</a></p>}
      <ul class="doors">
        {children.map((child) => (
          <li key={child.id}>
            <a href="#/" onClick={() => void app.open(child.id).then(goHome)}>{child.name}</a>
          </li>
        ))}
      </ul>
    </Frame>
  );
}

export function NoStore(): JSX.Element {
  return (
    <Frame title="This browser keeps nothing">
      <p>The night log needs a store on the phone, and this browser does not give one: perhaps its window is a private one, or its storage is full. Open Quiet Days in an ordinary window.</p>
      <p>The other pages work here, with a network: <a class="button" href="/children/">All children</a></p>
    </Frame>
  );
}

/** Another page was asked for and there is no network: the night log stands in its place and says so. */
export function Elsewhere(): JSX.Element {
  return (
    <Frame title="This page needs a network">
      <p>There is none now, or the server does not answer. Nothing is lost.</p>
      <p>
        <button type="button" class="button" onClick={() => location.reload()}>Try again</button>
      </p>
      <p><a class="button button--main button--wide" href="/log/">Open the night log: it works without</a></p>
    </Frame>
  );
}
