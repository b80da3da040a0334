// An operation as the phone keeps it: what is sent, and what the phone itself needs to show it.
import type { Entry, SentOperation } from "./wire";

export interface Operation extends SentOperation {
  seq: number; // the order in which things were done; given by the store
  child: string;
  person: string;
  personName: string;
  /** Once it has left, it never changes: the server may have it already. */
  wasSent: boolean;
  isRejected: boolean;
  errors: Record<string, string[]>;
  /** Not to be sent before this instant: the counts of a running cluster travel together. */
  notBefore: number;
  /** What it is, for lists: “Spasms seen: 7 spasms”. */
  title: string;
  /** How many later acts were laid into this one before it left. */
  merges: number;
  /** For undo: how the entry stood before what is undone; null when there was none. */
  previous: Entry | null;
  /** For undo of “nothing seen”: the parts of the day that it described, as they stood before. */
  parts?: { date: string; part: string; previous: Entry | null }[];
}
