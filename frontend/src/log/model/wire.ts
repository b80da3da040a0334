// What travels between the phone and the server, as docs/sync.md says it.

export type Value = string | number | boolean | null | string[] | Served[] | Record<string, number> | undefined;
export type Values = Record<string, Value>;

export interface Conflict {
  by: string;
  at: string;
  title: string;
}

export interface Entry {
  kind: string;
  id: string;
  revision: number; // 0 while the server has not answered
  deleted: boolean;
  by: string;
  entered_at: string;
  date: string; // the local date on which it stands in the diary
  at: string | null;
  time_zone: string | null;
  title: string;
  detail: string;
  values: Values;
  conflict: Conflict | null;
  pending?: boolean; // only on this phone so far
}

export interface Portion {
  composition: string;
  food_name: string;
  unit: string;
  amount: string;
  fat_g_per_100: string;
  protein_g_per_100: string;
  carbohydrate_g_per_100: string;
  fibre_g_per_100: string;
}
export interface Served extends Portion {
  left: string;
}

export interface PlannedMeal {
  id: string;
  at: string;
  time_zone: string;
  date: string;
  name: string;
  volume_ml: string | null;
  items: Portion[];
}

/** The optional fields are missing from what a phone kept before its update, until its next fetch. */
export interface MedicineStep {
  date: string;
  dose: string | null;
  due: string[];
  how?: "scheduled" | "as_needed" | "rescue";
  rules?: string;
  amounts?: string; // “250 mg, 35 mg/kg (7.1 kg on 20 Nov 2026)”
}
export interface Medicine {
  id: string;
  name: string;
  form: string;
  unit: string;
  soon_s?: number;
  steps: MedicineStep[];
}

export interface ReminderAnswer {
  key: string;
  what: "seen" | "snoozed";
  until: string | null;
  person: string;
  by: string;
  at: string;
}
export interface Channel {
  id: string;
  kind: "push" | "email" | "service";
  name: string;
  device: string | null;
  since: string;
  proved_at: string | null;
  trouble: string;
  is_over: boolean; // ceased to work
}

/** Who is told of what for this child, and this person's own channels: docs/reminders.md#phone. */
export interface Reminders {
  is_on: boolean;
  nobody: boolean;
  orders: Record<string, 1 | 2>; // by kind: told first, or when the first does not answer
  escalate_min: number;
  snooze_min: number[];
  quiet: [string, string] | null;
  shows_details: boolean;
  answers: ReminderAnswer[];
  told_next: { key: string; at: string; name: string }[];
  proof_max_age_h: number;
  channels: Channel[];
  lost: { key: string; words: string; at: string }[];
  worker_seen_at: string | null;
  push_key: string;
  address: string;
}
export interface EmergencyCard {
  call_number: string;
  say: string;
  parts: { title: string; text: string }[];
  contacts: { words: string; phone: string }[];
  signed: string;
  expires_on: string;
}
export interface Supply {
  name: string;
  words: string;
  address: string;
}

export type FieldType =
  | "number"
  | "whole"
  | "duration"
  | "choice"
  | "choices"
  | "scale"
  | "yesno"
  | "flag"
  | "time"
  | "date"
  | "clock"
  | "text";

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  unit: string;
  choices: [string, string][];
  min: number | null;
  max: number | null;
  usual_min: number | null;
  usual_max: number | null;
}

export interface Kind {
  slug: string;
  title: string;
  fields: Field[];
  fixed: Values;
}

export interface Stay {
  since: string;
  time_zone: string;
}

export interface Message {
  text: string;
  is_error: boolean;
  undo: { kind: string; ids: string[] } | null;
}

export interface Today {
  clock: string;
  may_log: boolean;
  may_read: boolean; // everything; who helps out sees today and yesterday
  person: { id: string; name: string; theme: string };
  words: string; // where its catalogue stands; empty in English
  child: { id: string; name: string; birth_date: string; glucose_unit: string; weight_unit: string };
  stays: Stay[];
  nights: [string, string][];
  kinds: Kind[];
  meals: PlannedMeal[];
  medicines: Medicine[];
  dose_window_s: number;
  basis: "available" | "total";
  prescription: { words: string; since: string } | null;
  unread: { words: string; address: string } | null;
  last_cluster: { at: string; words: string; by: string } | null;
  week: { first: string; last: string } | null;
  reminders?: Reminders;
  emergency?: EmergencyCard | null;
  supplies?: Supply[]; // only those that are low
  messages: Message[];
}

export interface Session {
  clock: string;
  csrf: string;
  person: { id: string; name: string; theme: string } | null;
  words: string;
  children: { id: string; name: string; may_log: boolean }[];
}

export type Action = "create" | "edit" | "delete" | "undo";

/** What is sent of an operation. */
export interface SentOperation {
  op: string;
  action: Action;
  kind: string;
  entry: string;
  made_at: string;
  base?: number;
  values?: Values;
  typed?: string[];
  undoes?: string;
}

export interface Result {
  op: string;
  status: "applied" | "duplicate" | "rejected" | "failed";
  entries: Entry[];
  echo: string;
  notice: string;
  conflict: Conflict | null;
  errors: Record<string, string[]>;
}
export interface SyncAnswer {
  clock: string;
  offset_s: number;
  results: Result[];
}
export interface ChangesAnswer {
  clock: string;
  cursor: number;
  more: boolean;
  plan_changed: boolean;
  entries: Entry[];
}
