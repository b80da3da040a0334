// The night log: what a family's phone opens, with and without a network.
import { render, type JSX } from "preact";
import { applyTheme } from "../night/theme";
import { useKeptWords } from "../words/words";
import { app } from "./app";
import { sendClips } from "./engine/clips";
import { stayInTouch } from "./engine/live";
import { keepSubscribed, listenToWorker } from "./engine/push";
import { endQuietClusters } from "./engine/quiet";
import { ringAloud } from "./engine/ring";
import { unlockByTouch } from "./engine/sound";
import { useApp, useRoute } from "./parts/use";
import { CheckIn, Watching } from "./screens/check-in";
import { Emergency } from "./screens/emergency";
import { ChangeEntry, NewEntry } from "./screens/entry";
import { Home } from "./screens/home";
import { Feeds, LogMeal } from "./screens/meal";
import { GiveDose, Medicines } from "./screens/medicine";
import { Pad } from "./screens/pad";
import { Phone } from "./screens/phone";
import { Recent } from "./screens/recent";
import { Children, Elsewhere, Guard, NoStore } from "./screens/start";

applyTheme(); // before the first paint, and so the words
useKeptWords();

const PAGE = "/log/";
const THEME_EVERY_MS = 60_000;

function NightLog(): JSX.Element {
  const { phase } = useApp();
  const [screen = "home", argument = ""] = useRoute();
  if (screen === "emergency") return <Emergency />;
  if (location.pathname !== PAGE) return <Elsewhere />;
  if (phase === "no-store") return <NoStore />;
  if (screen === "phone") return <Phone />;
  if (phase === "no-child" || screen === "children") return <Children />;
  switch (screen) {
    case "pad":
      return <Pad />;
    case "feed":
      return <Feeds />;
    case "meal":
      return <LogMeal key={argument} id={argument} />;
    case "medicine":
      return <Medicines />;
    case "dose":
      return <GiveDose key={argument} id={argument} />;
    case "new":
      return <NewEntry key={argument} slug={argument} />;
    case "entry":
      return <ChangeEntry key={argument} id={argument} />;
    case "check-in":
      return <CheckIn />;
    case "watching":
      return <Watching key={argument} date={argument} />;
    case "recent":
      return <Recent />;
    case "nothing-seen":
      return <Home doNow="nothing-seen" />;
    default:
      return <Home />;
  }
}

async function start(): Promise<void> {
  const root = document.getElementById("log");
  if (root === null) return;
  root.replaceChildren();
  render(
    <Guard>
      <NightLog />
    </Guard>,
    root,
  );
  unlockByTouch();
  listenToWorker();
  await app.start();
  stayInTouch(async () => {
    await app.contact();
    void sendClips(); // apart: a film never keeps an entry waiting
    void keepSubscribed();
  });
  window.setInterval(() => void endQuietClusters(app.now()), 1000);
  window.setInterval(ringAloud, 1000);
  window.setInterval(applyTheme, THEME_EVERY_MS);
  if ("serviceWorker" in navigator && navigator.onLine) void navigator.serviceWorker.register("/sw.js");
}

document.addEventListener("DOMContentLoaded", () => void start());
