// Films and photographs: adding one to a cluster, and those that wait on this phone.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { app } from "../app";
import { dropClip, keepClip, mayGo, network, releaseClip } from "../engine/clips";
import type { StoredClip } from "../store/database";
import { useApp } from "./use";
import { localNumber, say } from "../../words/words";

export function Clips({ cluster }: { cluster: string }): JSX.Element {
  const { clips } = useApp();
  const [error, setError] = useState("");
  const add = async (input: HTMLInputElement): Promise<void> => {
    setError("");
    try {
      for (const file of input.files ?? []) await keepClip(cluster, file);
    } catch {
      setError(say("This phone has no room for it: not added. The film is still in your camera roll."));
    }
    input.value = "";
  };
  return (
    <section class="card" aria-labelledby="clips">
      <h2 id="clips">{say("Film or photo")}</h2>
      <label class="field">
        <span>{say("From the camera roll; only this child’s people see it")}</span>
        <input type="file" accept="video/*,image/*" multiple onChange={(e) => void add(e.currentTarget)} />
      </label>
      {error && <p class="error" role="alert">{error}</p>}
      <Waiting clips={clips.filter((c) => c.cluster === cluster)} />
    </section>
  );
}

export function ClipQueue(): JSX.Element | null {
  const { clips } = useApp();
  if (clips.length === 0) return null;
  return (
    <section class="card" aria-labelledby="clip-queue">
      <h2 id="clip-queue">{say("Films on this phone")}</h2>
      <Waiting clips={clips} />
    </section>
  );
}

function Waiting({ clips }: { clips: StoredClip[] }): JSX.Element | null {
  const [dropping, setDropping] = useState("");
  if (clips.length === 0) return null;
  return (
    <ul class="list">
      {clips.map((clip) => (
        <li key={clip.id} class="list__row">
          <div>
            <strong>{clip.blob.type.startsWith("image/") ? say("Photo") : say("Film")}, {localNumber((clip.blob.size / 1e6).toFixed(1))} MB</strong>
            <span class={clip.error ? "error" : "soft"}>{stateOf(clip)}</span>
          </div>
          <span class="clip__acts">
            {(clip.error !== "" || !mayGo(clip)) && <button type="button" class="button button--small" onClick={() => void releaseClip(clip)}>{say("Send now")}</button>}
            {dropping === clip.id ? (
              <button type="button" class="button button--small button--urgent" onClick={() => void dropClip(clip)}>{say("Yes, remove")}</button>
            ) : (
              <button type="button" class="button button--small" onClick={() => setDropping(clip.id)}>{say("Remove")}</button>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function stateOf(clip: StoredClip): string {
  if (clip.error) return clip.error;
  if (app.state.operations.some((o) => o.entry === clip.cluster && o.action === "create")) return say("Waits until its cluster is sent");
  if (clip.received > 0) return say("{percent} % sent", { percent: Math.round((100 * clip.received) / clip.blob.size) });
  if (mayGo(clip)) return say("Waits to be sent");
  return network() === "unknown" ? say("Kept here. This phone does not say whether it is on Wi-Fi: send it when you are") : say("Kept here until there is Wi-Fi");
}
