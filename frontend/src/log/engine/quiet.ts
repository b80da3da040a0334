// Ends a cluster that went quiet: on the phone that counted it after five minutes; on another one a minute
// later, for the first may be lost, and then the number stays “at least”.
import { ABANDONED_MS, ended, lastTouch, openClusters, QUIET_END_MS } from "../model/running";
import { app } from "../app";

export async function endQuietClusters(now: number): Promise<void> {
  const { view, today } = app.state;
  if (view === null || today?.may_log !== true) return;
  for (const entry of openClusters(view)) {
    const isCounter = app.counting === entry.id;
    const quietMs = now - lastTouch(entry);
    if (quietMs < (isCounter ? QUIET_END_MS : ABANDONED_MS)) continue;
    await app.edit(entry, ended(isCounter), [], { quietly: true });
  }
}
