// Hooks: the app's state, the address, a clock.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { app, type State } from "../app";

export function useApp(): State {
  const [state, setState] = useState(app.state);
  useLayoutEffect(() => {
    setState(app.state); // it may have changed between drawing and listening
    return app.subscribe(() => setState(app.state));
  }, []);
  return state;
}

/** The screen and its argument: “#/entry/uuid” is ["entry", "uuid"]; home is ["home"]. */
export function useRoute(): string[] {
  const [route, setRoute] = useState(routeNow());
  useLayoutEffect(() => {
    const change = (): void => setRoute(routeNow());
    window.addEventListener("hashchange", change);
    change(); // a quick hand may have touched a link between drawing and listening
    return () => window.removeEventListener("hashchange", change);
  }, []);
  return route;
}

function routeNow(): string[] {
  const words = location.hash.replace(/^#\/?/, "").split("/").filter((w) => w !== "");
  return words.length > 0 ? words.map(decodeURIComponent) : ["home"];
}

export function go(...words: string[]): void {
  location.hash = `/${words.map(encodeURIComponent).join("/")}`;
}

/** Home without a step back to the form that was just saved. */
export function goHome(): void {
  history.replaceState(null, "", "#/");
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** The time, again every so many seconds: “4 minutes ago” must not go stale. */
export function useNow(everyS: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), everyS * 1000);
    return () => window.clearInterval(timer);
  }, [everyS]);
  return now;
}
