// Rings aloud for what the panel shows: on every screen, seen or not; but neither into the emergency card nor into
// a cluster that is being counted.
import { app } from "../app";
import { ringing } from "../model/ringing";
import { runningCluster } from "../model/running";
import type { View } from "../model/view";
import { sound } from "./sound";

export function ringAloud(): void {
  const { view } = app.state;
  const now = app.now();
  sound.follow(view !== null && ringing(view, now).length > 0 && !isOccupied(view, now), now);
}

function isOccupied(view: View, now: number): boolean {
  if (document.hidden) return false;
  if (location.hash === "#/emergency") return true;
  return location.hash === "#/pad" && runningCluster(view, now) !== undefined;
}
