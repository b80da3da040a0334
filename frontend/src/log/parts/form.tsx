// One form for every kind of entry. What was typed stays until it is on the phone's disk.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { NotKept } from "../app";
import type { Field, Values } from "../model/wire";
import { FieldView, readTyped, typedOf, type Errors, type Read, type Typed } from "./fields";
import { say } from "../../words/words";

interface Props {
  fields: Field[];
  values: Values;
  errors?: Record<string, string[]>;
  button?: string;
  /** Further reasons to ask before saving, by field; “” stands for the whole form. */
  check?: (read: Read) => Errors;
  save: (read: Read) => Promise<void>;
  children?: ComponentChildren;
}

export function EntryForm({ fields, values, errors: refused, button, check, save, children }: Props): JSX.Element {
  const [typed, setTyped] = useState<Typed>(() => typedOf(fields, values));
  const [errors, setErrors] = useState<Errors>(() => firstOf(refused ?? {}));
  const [unusual, setUnusual] = useState<string[]>([]);
  const [isSaving, setSaving] = useState(false);
  const set = (name: string, value: string | string[]): void => {
    setTyped((now) => ({ ...now, [name]: value }));
    setUnusual([]);
  };

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (isSaving) return;
    const read = readTyped(fields, typed, new Date());
    const found = { ...read.errors, ...(Object.keys(read.errors).length === 0 ? check?.(read) : {}) };
    setErrors(found);
    if (Object.keys(found).length > 0) return focusFirst(found);
    if (read.unusual.length > 0 && unusual.join() !== read.unusual.join()) return setUnusual(read.unusual);
    setSaving(true);
    try {
      await save(read);
    } catch (error) {
      setErrors({ "": error instanceof NotKept ? error.message : say("Not saved. What you typed is still here: touch Save again.") });
      if (!(error instanceof NotKept)) console.error(error);
    } finally {
      setSaving(false);
    }
  }

  return (
    <form class="form" noValidate onSubmit={(e) => void submit(e)}>
      {errors[""] && <Problem words={[errors[""]]} />}
      {strays(errors, fields).length > 0 && <Problem words={strays(errors, fields)} />}
      {fields.map((field) => (
        <FieldView key={field.name} field={field} typed={typed} error={errors[field.name]} set={set} />
      ))}
      {children}
      {unusual.length > 0 && (
        <div class="notice" role="alert">
          {unusual.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </div>
      )}
      <button class="button button--main button--wide" disabled={isSaving}>
        {unusual.length > 0 ? say("It is right: save") : (button ?? say("Save"))}
      </button>
    </form>
  );
}

function Problem({ words }: { words: string[] }): JSX.Element {
  return (
    <div class="notice notice--error" role="alert">
      {words.map((w) => (
        <p key={w}>{w}</p>
      ))}
    </div>
  );
}

function firstOf(errors: Record<string, string[]>): Errors {
  return Object.fromEntries(Object.entries(errors).map(([name, words]) => [name, words.join(" ")]));
}

/** Errors of fields that this form does not show are said above it. */
function strays(errors: Errors, fields: Field[]): string[] {
  return Object.entries(errors)
    .filter(([name]) => name !== "" && !fields.some((f) => f.name === name))
    .map(([, words]) => words);
}

function focusFirst(errors: Errors): void {
  const [name] = Object.keys(errors);
  window.requestAnimationFrame(() => document.querySelector<HTMLElement>(`#f-${name ?? ""}, [name="${name ?? ""}"]`)?.focus());
}
