// Form fields drawn from what the server says of a kind. What was typed stays text until it is saved.
import type { JSX } from "preact";
import { app } from "../app";
import type { Field, Value, Values } from "../model/wire";
import { instantOf, localText } from "../model/zones";
import { earlierTimes } from "../../forms/help";
import { localNumber, say } from "../../words/words";

export type Typed = Record<string, string | string[]>;
export type Errors = Record<string, string>;

interface Props {
  field: Field;
  typed: Typed;
  error: string | undefined;
  set: (name: string, value: string | string[]) => void;
}

export function FieldView(props: Props): JSX.Element {
  const { field, error } = props;
  const id = `f-${field.name}`;
  const wrong = error ? " field--wrong" : "";
  const isGroup = ["choice", "choices", "scale", "yesno"].includes(field.type);
  const says = error && (
    <p class="error" id={`${id}-error`}>
      {error}
    </p>
  );
  if (isGroup) {
    return (
      <fieldset class={`field${wrong}`}>
        <legend>
          {field.label} {field.type === "scale" && <small>{ends(field)}</small>}
        </legend>
        <Chips {...props} />
        {says}
      </fieldset>
    );
  }
  if (field.type === "flag") {
    return (
      <div class={`field${wrong}`}>
        <label class="tick">
          <input type="checkbox" checked={props.typed[field.name] === "yes"} onChange={(e) => props.set(field.name, e.currentTarget.checked ? "yes" : "")} />
          <span>{field.label}</span>
        </label>
        {says}
      </div>
    );
  }
  return (
    <div class={`field${wrong}`}>
      <label for={id}>{field.label}</label>
      <Line id={id} {...props} />
      {says}
    </div>
  );
}

/** “1 drowsy, 5 bright” */
function ends(field: Field): string {
  return field.choices.filter(([value, label]) => value !== label).map((pair) => pair.join(" ")).join(", ");
}

function Line({ field, typed, set, error, id }: Props & { id: string }): JSX.Element {
  const value = String(typed[field.name] ?? "");
  const common = {
    id,
    value,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": error ? `${id}-error` : undefined,
    onInput: (e: Event) => set(field.name, (e.currentTarget as HTMLInputElement).value),
  };
  if (field.type === "text") return <textarea rows={2} maxLength={field.max ?? 2000} {...common} />;
  if (field.type === "clock") return <input type="time" {...common} />;
  if (field.type === "date") return <input type="date" {...common} />;
  if (field.type === "time") return <TimeLine field={field} common={common} set={set} />;
  if (field.type === "duration") return <DurationLine field={field} typed={typed} set={set} id={id} />;
  const input = <input type="text" inputMode={field.type === "whole" ? "numeric" : "decimal"} autocomplete="off" {...common} />;
  return field.unit ? (
    <div class="field__line field__line--unit">
      {input}
      <span class="unit">{field.unit}</span>
    </div>
  ) : (
    input
  );
}

/** “-0” is now, whenever it is saved; “-5@…” five minutes before the touch on the chip, by this phone's clock. */
const AGO = /^-(\d+)(?:@(\d+))?$/;

function agoInstant(ago: RegExpExecArray, now: Date): Date {
  return new Date(Number(ago[2] ?? now.getTime()) - Number(ago[1]) * 60_000);
}

/** A time: chips count back from now and need no typing; a typed time is the child's local time. */
function TimeLine(props: { field: Field; common: { id: string; value: string }; set: Props["set"] }): JSX.Element {
  const { field, common, set } = props;
  const ago = AGO.exec(common.value);
  const relative = ago ? Number(ago[1]) : null;
  const at = ago ? agoInstant(ago, new Date()) : null;
  const shown = at === null ? common.value : localText(at, app.zone(at));
  return (
    <>
      <input type="datetime-local" {...(common as object)} value={shown} />
      <div class="quick">
        {earlierTimes().map(([label, minutes]) => (
          <button key={label} type="button" class="button button--small" aria-pressed={relative === minutes} onClick={() => set(field.name, minutes === 0 ? "-0" : `-${minutes}@${Date.now()}`)}>
            {label}
          </button>
        ))}
      </div>
    </>
  );
}

function DurationLine({ field, typed, set, id }: { field: Field; typed: Typed; set: Props["set"]; id: string }): JSX.Element {
  const [minutes = "", seconds = ""] = String(typed[field.name] ?? "").split(":");
  const part = (unit: string, what: string, value: string, change: (text: string) => string): JSX.Element => (
    <div class="field__line field__line--unit">
      <input id={unit === "min" ? id : undefined} aria-label={`${field.label}, ${what}`} type="text" inputMode="numeric" autocomplete="off" value={value} onInput={(e) => set(field.name, change(e.currentTarget.value))} />
      <span class="unit">{unit}</span>
    </div>
  );
  return (
    <div class="pair pair--close">
      {part("min", say("minutes"), minutes, (text) => `${text}:${seconds}`)}
      {part("s", say("seconds"), seconds, (text) => `${minutes}:${text}`)}
    </div>
  );
}

function Chips({ field, typed, set }: Props): JSX.Element {
  const chosen = typed[field.name] ?? "";
  const isMany = field.type === "choices";
  const toggle = (value: string): void => {
    if (!isMany) return set(field.name, value);
    const many = Array.isArray(chosen) ? chosen : [];
    set(field.name, many.includes(value) ? many.filter((v) => v !== value) : [...many, value]);
  };
  return (
    <div class={`chips${field.type === "scale" ? " chips--scale" : ""}`}>
      {choicesOf(field).map(([value, label]) => (
        <label key={value} class="chip">
          <input type={isMany ? "checkbox" : "radio"} name={field.name} checked={isMany ? chosen.includes(value) : chosen === value} onChange={() => toggle(value)} />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

function choicesOf(field: Field): [string, string][] {
  const blank: [string, string][] = field.required || field.choices.some(([v]) => v === "") ? [] : [["", field.type === "scale" ? "–" : say("not said")]];
  if (field.type === "yesno") return [...blank, ["yes", say("yes")], ["no", say("no")]];
  if (field.type === "scale") return [...blank, ...[1, 2, 3, 4, 5].map((n): [string, string] => [String(n), String(n)])];
  if (field.type === "choices") return field.choices;
  return [...blank, ...field.choices];
}

// ——— between what is typed and what is sent ———

/** What a form shows for stored values. */
export function typedOf(fields: Field[], values: Values): Typed {
  return Object.fromEntries(fields.map((f) => [f.name, typedValue(f, values[f.name])]));
}

function typedValue(field: Field, value: Value): string | string[] {
  if (field.type === "choices") return Array.isArray(value) ? (value as string[]) : [];
  if (value === null || value === undefined) return field.type === "time" ? "-0" : "";
  if (typeof value === "boolean") return value ? "yes" : field.type === "yesno" ? "no" : "";
  if (field.type === "time") {
    const at = new Date(String(value));
    return localText(at, app.zone(at));
  }
  if (field.type === "duration") return `${Math.floor(Number(value) / 60)}:${Number(value) % 60}`;
  const text = String(value);
  return field.type === "number" && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export interface Read {
  values: Values;
  typed: string[]; // the instants and dates that somebody typed, which no clock corrects
  errors: Errors;
  unusual: string[]; // values to be looked at once more before they are saved
}

/** What is typed, as values; a slip is an error at its field, and nothing is dropped. */
export function readTyped(fields: Field[], typed: Typed, now: Date): Read {
  const read: Read = { values: {}, typed: [], errors: {}, unusual: [] };
  for (const field of fields) readField(field, typed[field.name] ?? "", now, read);
  return read;
}

function readField(field: Field, text: string | string[], now: Date, read: Read): void {
  const { name, type } = field;
  if (Array.isArray(text)) {
    read.values[name] = text;
    return;
  }
  const trimmed = text.trim();
  if (trimmed === "" || (type === "duration" && trimmed === ":")) {
    if (field.required) read.errors[name] = say("{field}: this is missing.", { field: field.label });
    read.values[name] = ["text", "choice"].includes(type) ? "" : type === "flag" ? false : null;
    return;
  }
  if (type === "time") readTime(field, trimmed, now, read);
  else if (type === "number" || type === "whole" || type === "scale") readNumber(field, trimmed, read);
  else if (type === "duration") readDuration(field, trimmed, read);
  else if (type === "yesno" || type === "flag") read.values[name] = trimmed === "yes";
  else read.values[name] = type === "text" ? text : trimmed;
  if (type === "date") read.typed.push(name);
}

function readTime(field: Field, text: string, now: Date, read: Read): void {
  const ago = AGO.exec(text);
  if (ago) {
    read.values[field.name] = agoInstant(ago, now).toISOString();
    return;
  }
  const right = new Date(app.now());
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) {
    read.errors[field.name] = say("Choose a day and a time.");
    return;
  }
  const local = text.slice(0, 16);
  // The zone of that time decides; it differs from today's only around a journey.
  const guess = instantOf(local, app.zone(right), right);
  const at = instantOf(local, app.zone(guess), right);
  if (at.getTime() > right.getTime() + 15 * 60_000) read.errors[field.name] = say("This time has not come yet. Check the day and the hour.");
  read.values[field.name] = at.toISOString();
  read.typed.push(field.name);
}

function readNumber(field: Field, text: string, read: Read): void {
  const pattern = field.type === "number" ? /^(\d+([.,]\d*)?|[.,]\d+)$/ : /^\d+$/;
  const number = Number(text.replace(",", "."));
  const withUnit = (written: string): string => `${written} ${field.unit}`.trim();
  if (!pattern.test(text)) read.errors[field.name] = field.type === "number" ? say("Enter one number, such as 3.2 or 3,2.") : say("Enter a whole number.");
  else if (field.min !== null && number < field.min) read.errors[field.name] = say("At least {amount}: is the number right?", { amount: withUnit(localNumber(String(field.min))) });
  else if (field.max !== null && number > field.max) read.errors[field.name] = say("At most {amount}: is the number right?", { amount: withUnit(localNumber(String(field.max))) });
  else {
    const isOdd = (field.usual_min !== null && number < field.usual_min) || (field.usual_max !== null && number > field.usual_max);
    if (isOdd) read.unusual.push(say("{amount} is unusual. Look once more at the number and the unit.", { amount: withUnit(text) }));
    read.values[field.name] = field.type === "number" ? text.replace(",", ".").replace(/^\./, "0.").replace(/\.$/, "") : number;
  }
}

function readDuration(field: Field, text: string, read: Read): void {
  const [minutes = "", seconds = ""] = text.split(":");
  if (!/^\d*$/.test(minutes) || !/^\d*$/.test(seconds)) read.errors[field.name] = say("Enter whole minutes and seconds.");
  else read.values[field.name] = Number(minutes || 0) * 60 + Number(seconds || 0);
}
