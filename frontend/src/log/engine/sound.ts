// The sound of a reminder: two gentle tones, drawn by the phone itself, again and again until somebody answers.
// A browser plays nothing before the first touch; from then on the sound waits, suspended, for its time.

const EVERY_MS = 20_000;
const TONES = [
  [659, 0],
  [523, 0.45],
  [659, 1.4],
  [523, 1.85],
] as const; // Hz, seconds from the start
const TONE_S = 0.6;
const LOUDNESS = 0.35;
const WAKES_MS = 2_000;

export class Sound {
  private context: AudioContext | null = null;
  private wasTouched = false;
  private isRinging = false;
  private lastAt = 0;

  /** The phone would make a sound and the browser does not let it; a context that wakes up is given a moment. */
  isBlocked(now: number): boolean {
    if (!("AudioContext" in window)) return false;
    if (this.context === null) return true;
    return this.isRinging && this.context.state !== "running" && Math.abs(now - this.lastAt) > WAKES_MS;
  }

  /** Called on a touch: only then may a browser begin to play, or go on after a phone call. */
  unlock(): void {
    if (!("AudioContext" in window) || (this.wasTouched && !this.isRinging)) return;
    this.context ??= new AudioContext();
    if (this.context.state === "running") return;
    void this.context.resume().then(() => {
      this.wasTouched = true;
      if (this.isRinging) this.lastAt = 0; // heard at once
      else this.rest();
    });
  }

  /** Once a second: sound when something rings, rest when nothing does. */
  follow(isRinging: boolean, now: number): void {
    if (isRinging !== this.isRinging) this.lastAt = 0;
    this.isRinging = isRinging;
    if (!isRinging) return this.rest();
    if (Math.abs(now - this.lastAt) < EVERY_MS) return; // a clock that is put back must not silence it
    this.lastAt = now;
    vibrate();
    const { context } = this;
    void context?.resume().then(() => {
      if (this.lastAt === now && this.isRinging) this.play(context); // and not all that waited for the first touch
    });
  }

  /** A context that runs keeps the phone awake for nothing. */
  private rest(): void {
    if (this.context?.state === "running") void this.context.suspend();
  }

  private play(context: AudioContext): void {
    for (const [frequency, after] of TONES) {
      const from = context.currentTime + after;
      const tone = new OscillatorNode(context, { type: "sine", frequency });
      const loudness = new GainNode(context, { gain: 0 });
      loudness.gain.setValueAtTime(0, from);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.05);
      loudness.gain.exponentialRampToValueAtTime(0.001, from + TONE_S);
      tone.connect(loudness).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_S);
    }
  }
}

/** A browser takes no vibration before the first touch, and would complain. */
function vibrate(): void {
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.([300, 200, 300]);
}

export const sound = new Sound();

export function unlockByTouch(): void {
  for (const type of ["pointerup", "click", "keydown"]) document.addEventListener(type, () => sound.unlock(), { capture: true });
}
