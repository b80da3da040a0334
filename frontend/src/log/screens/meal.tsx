// Logging a feed or meal: tick what was planned, say what was left, see the ratio of what went in.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { energy_kcal, ratio, total, type Macros } from "../../meal/macros";
import { app } from "../app";
import { eatenOf, nextMeal } from "../model/due";
import { kindOf, plain } from "../model/titles";
import type { View } from "../model/view";
import type { Entry, Field, PlannedMeal, Portion, Served, Values } from "../model/wire";
import { EntryForm } from "../parts/form";
import { Frame } from "../parts/frame";
import { readTyped, typedOf, type Errors, type Read } from "../parts/fields";
import { goHome, useApp, useNow } from "../parts/use";
import { WeighList } from "./home";
import { localNumber, say } from "../../words/words";

/** Today's feeds, the one to think of first; and what nobody planned. */
export function Feeds(): JSX.Element {
  const { view } = useApp();
  useNow(30);
  const now = app.now();
  if (view === null) return <Frame title={say("Feed")}><p>{say("One moment …")}</p></Frame>;
  const next = nextMeal(view, now);
  const others = view.today.meals.filter((m) => m.id !== next?.id && (m.date === app.date() || isOpenStill(m, view, now)));
  return (
    <Frame title={say("Feed")}>
      {next && <NextCard meal={next} />}
      {!next && others.length === 0 && <p>{say("No feed is planned for today.")}</p>}
      {others.map((meal) => <OtherCard key={meal.id} meal={meal} view={view} />)}
      <ul class="doors">
        <li><a href="#/new/breastfeed">{say("Breastfeed")}</a></li>
        <li><a href="#/new/meal">{say("Something else, in your own words")}</a></li>
        <li><a href={`/c/${view.today.child.id}/feeds/other/`}>{say("Something else, from foods (needs a network)")}</a></li>
      </ul>
    </Frame>
  );
}

/** A feed of last night that nobody logged yet. */
function isOpenStill(meal: PlannedMeal, view: View, now: number): boolean {
  const at = Date.parse(meal.at);
  return at <= now && at > now - 86_400_000 && eatenOf(view, meal) === undefined;
}

function NextCard({ meal }: { meal: PlannedMeal }): JSX.Element {
  return (
    <section class="card card--first">
      <p class="now__main"><time>{app.clock(meal.at)}</time> {meal.name}</p>
      <WeighList meal={meal} />
      <div class="halves">
        <button type="button" class="button button--main" onClick={() => void logAllEaten(meal)}>{say("All of it eaten")}</button>
        <a class="button" href={`#/meal/${meal.id}`}>{say("Some was left")}</a>
      </div>
    </section>
  );
}

function OtherCard({ meal, view }: { meal: PlannedMeal; view: View }): JSX.Element {
  const eaten = eatenOf(view, meal);
  return (
    <section class="card">
      <h2><time>{app.clock(meal.at)}</time> {meal.name}{meal.date !== app.date() && <small> {say("yesterday")}</small>}</h2>
      {eaten ? (
        <p>{say("Logged {time} by {name}.", { time: app.clock(eaten.at as string), name: eaten.by })} <a href={`#/entry/${eaten.id}`}>{say("Change")}</a></p>
      ) : (
        <div class="halves">
          <button type="button" class="button" onClick={() => void logAllEaten(meal)}>{say("All of it eaten")}</button>
          <a class="button" href={`#/meal/${meal.id}`}>{say("Some was left")}</a>
        </div>
      )}
    </section>
  );
}

function logAllEaten(meal: PlannedMeal): Promise<void> {
  return app.once(`meal ${meal.id}`, async () => {
    await app.create("meal", { ...asPlanned(meal), happened_at: new Date().toISOString() });
    goHome();
  });
}

function asPlanned(meal: PlannedMeal): Values {
  return {
    name: meal.name,
    planned: meal.id,
    served: meal.items.map((item) => ({ ...item, left: "0" })),
    is_mixed: meal.volume_ml !== null,
    offered_ml: meal.volume_ml,
    delivered_ml: meal.volume_ml,
    vomited: "no",
    reasons: [],
    off_plan: "",
  };
}

export function LogMeal({ id }: { id: string }): JSX.Element {
  const { view } = useApp();
  const meal = view?.today.meals.find((m) => m.id === id);
  if (view === null || meal === undefined) return <Frame title={say("Feed")}><p>{say("This plan is not on this phone.")} <a href="#/feed">{say("All feeds")}</a></p></Frame>;
  return (
    <Frame title={meal.name}>
      <MealForm values={{ ...asPlanned(meal), happened_at: null }} view={view} save={async (values, typed) => {
        await app.create("meal", { ...asPlanned(meal), ...values }, typed);
        goHome();
      }} />
    </Frame>
  );
}

export function ChangeMeal({ entry, view }: { entry: Entry; view: View }): JSX.Element {
  return (
    <MealForm values={entry.values} view={view} save={async ({ served, ...values }, typed) => {
      const lefts = served === undefined ? {} : { lefts: (served as Served[]).map((s) => s.left) };
      await app.edit(entry, { ...different(values, entry.values), ...lefts }, typed);
      goHome();
    }} />
  );
}

/** Only what changed is sent: what this phone does not know it must not erase. */
export function different(values: Values, before: Values): Values {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null) || (typeof a === "string" && typeof b === "string" && plain(a) === plain(b));
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, before[name])));
}

interface Left {
  isMixed: boolean;
  each: string[];
  share: string; // % left of the mixture
  delivered: string; // mL of it that went in
}

function MealForm({ values, view, save }: { values: Values; view: View; save: (values: Values, typed: string[]) => Promise<void> }): JSX.Element {
  const items = ((values["served"] as Served[] | undefined) ?? []).map((s) => s);
  const volume = values["offered_ml"] === null || values["offered_ml"] === undefined ? null : Number(values["offered_ml"]);
  const [left, setLeft] = useState<Left>(() => leftOf(values, items, volume));
  const found = lefts(items, left, volume);
  const [opened] = useState(left);
  const fields = (kindOf(view.today, "meal")?.fields ?? []).filter((f) => ["happened_at", "vomited", "reasons", "off_plan"].includes(f.name));
  const check = (): Errors => ("error" in found ? { "": found.error } : {});
  const submit = async (read: Read): Promise<void> => {
    if ("error" in found) return;
    const served = items.map((item, i) => ({ ...item, left: found.lefts[i] ?? "0" }));
    const amounts = { served, is_mixed: left.isMixed, offered_ml: left.isMixed && volume !== null ? values["offered_ml"] : null, delivered_ml: left.isMixed && volume !== null ? found.delivered : null };
    const isNew = values["happened_at"] === null;
    // What nobody touched is not sent: neither a time shown to the minute nor left-overs shown to two decimals.
    const { happened_at, ...rest } = read.values;
    const isMoved = isNew || happened_at !== readTyped(fields, typedOf(fields, values), new Date()).values["happened_at"];
    const isOther = isNew || JSON.stringify(left) !== JSON.stringify(opened);
    await save({ ...rest, ...(isMoved ? { happened_at } : {}), ...(items.length > 0 && isOther ? amounts : {}) }, isMoved ? read.typed : []);
  };
  return (
    <>
      {items.length > 0 && <LeftOvers items={items} volume={volume} left={left} set={setLeft} />}
      {items.length > 0 && <WentIn items={items} found={found} view={view} />}
      <EntryForm fields={fields} values={values} check={check} save={submit} />
    </>
  );
}

function leftOf(values: Values, items: Served[], volume: number | null): Left {
  const isMixed = values["is_mixed"] === true;
  const first = items[0];
  const share = first && Number(first.amount) > 0 ? (100 * Number(first.left)) / Number(first.amount) : 0;
  return {
    isMixed,
    each: items.map((s) => (Number(s.left) > 0 ? plain(s.left) : "")),
    share: isMixed && volume === null && share > 0 ? plain(share.toFixed(2)) : "",
    delivered: isMixed && volume !== null ? plain(values["delivered_ml"] ?? volume) : "",
  };
}

type Found = { lefts: string[]; delivered: string | null } | { error: string };

const NUMBER = /^(\d+([.,]\d*)?|[.,]\d+)$/;

/** What was left of each food, in its unit with two decimals; a mixture leaves the same share of all. */
function lefts(items: Served[], left: Left, volume: number | null): Found {
  const read = (text: string): number | null => (text.trim() === "" ? 0 : NUMBER.test(text.trim()) ? Number(text.trim().replace(",", ".")) : null);
  if (!left.isMixed) {
    const each = items.map((item, i) => ({ item, value: read(left.each[i] ?? "") }));
    for (const { item, value } of each) {
      if (value === null) return { error: say("{food}: enter one number, such as 3.2 or 3,2.", { food: item.food_name }) };
      if (value > Number(item.amount)) return { error: say("{food}: there were only {amount}.", { food: item.food_name, amount: `${localNumber(plain(item.amount))} ${item.unit}` }) };
    }
    return { lefts: each.map(({ value }) => (value ?? 0).toFixed(2)), delivered: null };
  }
  const number = read(volume === null ? left.share : left.delivered);
  const most = volume ?? 100;
  if (number === null) return { error: say("What was left: enter one number, such as 30 or 2,5.") };
  if (volume !== null && left.delivered.trim() === "") return { error: say("Say how many mL went in; 0 when nothing did.") };
  if (number > most) return { error: volume === null ? say("No more than 100 % can be left.") : say("There were only {amount}.", { amount: `${localNumber(plain(volume))} mL` }) };
  const share = volume === null ? number / 100 : 1 - number / volume;
  return { lefts: items.map((item) => (Math.round(Number(item.amount) * share * 100) / 100).toFixed(2)), delivered: volume === null ? null : String(number) };
}

function LeftOvers({ items, volume, left, set }: { items: Served[]; volume: number | null; left: Left; set: (left: Left) => void }): JSX.Element {
  const line = (label: string, unit: string, value: string, change: (text: string) => void): JSX.Element => (
    <div class="field" key={label}>
      <label>
        {label}
        <span class="field__line field__line--unit">
          <input type="text" inputMode="decimal" autocomplete="off" value={value} onInput={(e) => change(e.currentTarget.value)} />
          <span class="unit">{unit}</span>
        </span>
      </label>
    </div>
  );
  return (
    <fieldset class="group">
      <legend>{say("What was left")}</legend>
      <label class="tick">
        <input type="checkbox" checked={left.isMixed} onChange={(e) => set({ ...left, isMixed: e.currentTarget.checked, delivered: plain(volume ?? "") })} />
        <span>{say("All mixed in one bottle or bowl")}</span>
      </label>
      {left.isMixed && volume !== null && line(say("Of {amount} went in", { amount: `${localNumber(plain(volume))} mL` }), "mL", left.delivered, (delivered) => set({ ...left, delivered }))}
      {left.isMixed && volume === null && line(say("Left over of the mixture"), "%", left.share, (share) => set({ ...left, share }))}
      {!left.isMixed && items.map((item, i) => line(say("{food}: left of {amount}", { food: item.food_name, amount: `${localNumber(plain(item.amount))} ${item.unit}` }), item.unit, left.each[i] ?? "", (text) => set({ ...left, each: left.each.map((old, n) => (n === i ? text : old)) })))}
    </fieldset>
  );
}

/** The true ratio of what went in, beside what was offered; said without blame. */
function WentIn({ items, found, view }: { items: Served[]; found: Found; view: View }): JSX.Element {
  const { basis } = view.today;
  const words = (m: Macros): string => {
    const r = ratio(m, basis);
    return `${r === null ? say("no ratio") : `${localNumber(r.toFixed(2))}:1`}, ${energy_kcal(m, basis).toFixed(0)} kcal`;
  };
  const sum = (left: (item: Served, i: number) => number): Macros => total(items.map((item, i) => ({ per100: per100(item), amount: Number(item.amount) - left(item, i) })));
  return (
    <div class="live" role="status">
      <p class="live__main">{"error" in found ? "–" : words(sum((_, i) => Number(found.lefts[i])))} <small>{say("went in")}</small></p>
      <p>{say("Offered: {amounts}", { amounts: words(sum(() => 0)) })}</p>
    </div>
  );
}

function per100(item: Portion): Macros {
  return { fat_g: Number(item.fat_g_per_100), protein_g: Number(item.protein_g_per_100), carbohydrate_g: Number(item.carbohydrate_g_per_100), fibre_g: Number(item.fibre_g_per_100) };
}

/** Food that nobody planned, in free words: logged at once, and sorted into foods later. */
export function offPlanFields(fields: Field[]): Field[] {
  return fields.filter((f) => ["happened_at", "off_plan", "vomited", "reasons"].includes(f.name)).map((f) => (f.name === "off_plan" ? { ...f, label: say("What was eaten, in your words"), required: true } : f));
}
