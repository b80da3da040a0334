// Ends the cluster that this phone counted, five minutes after its last touch. No other phone does: it would
// end it under the fingers of somebody who counts. One whose phone is lost stays “at least”, and runs no more.
import { app } from "../app";
import { ENDED, lastTouch, openClusters, QUIET_END_MS } from "../model/running";

export async function endQuietClusters(now: number): Promise<void> {
  const { view, today } = app.state;
  if (view === null || today?.may_log !== true) return;
  const mine = openClusters(view).find((entry) => entry.id === app.counting);
  if (mine === undefined || now - lastTouch(mine) < QUIET_END_MS) return;
  await app.once("end", () => app.edit(mine, ENDED, [], { quietly: true }));
}
