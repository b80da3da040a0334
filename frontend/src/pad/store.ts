// What the phone keeps until the server has it: the running cluster and finished ones that wait.
import type { Entry, Running } from "./cluster";

export interface Kept {
  running: Running | null;
  waiting: Entry[];
}

export class PadStore {
  private readonly key: string;

  constructor(
    child: string,
    private readonly storage: Storage,
  ) {
    this.key = `quietdays.pad.${child}`;
  }

  /** What is kept; text that cannot be read is set aside under another name, never thrown away. */
  read(): Kept {
    const text = this.storage.getItem(this.key);
    if (text === null) return { running: null, waiting: [] };
    try {
      const kept = JSON.parse(text) as Partial<Kept>;
      return { running: kept.running ?? null, waiting: kept.waiting ?? [] };
    } catch {
      this.storage.setItem(`${this.key}.unreadable`, text);
      return { running: null, waiting: [] };
    }
  }

  change(step: (kept: Kept) => Kept): Kept {
    const kept = step(this.read());
    this.storage.setItem(this.key, JSON.stringify(kept));
    return kept;
  }

  /** Only an entry that the server acknowledged by its id leaves the phone. */
  acknowledge(id: string): Kept {
    return this.change((kept) => ({ ...kept, waiting: kept.waiting.filter((e) => e.id !== id) }));
  }
}
