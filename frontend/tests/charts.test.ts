import { describe, expect, it } from "vitest";
import { moved, nearest, said, type Place } from "../src/pages/charts";

const column = (x: number, width = 10): Place => ({ x, y: 0, width, height: 100 });
const row = (y: number): Place => ({ x: 0, y, width: 300, height: 20 });

describe("the place that is pointed at", () => {
  const days = [column(40), column(50), column(60)];

  it("is the column under the pointer, whatever its height", () => {
    expect(nearest(days, 45, 3)).toBe(0);
    expect(nearest(days, 55, 99)).toBe(1);
    expect(nearest(days, 66, 50)).toBe(2);
  });

  it("is the nearest one beside, above and below the columns", () => {
    expect(nearest(days, 3, 50)).toBe(0);
    expect(nearest(days, 300, 50)).toBe(2);
    expect(nearest(days, 54, 400)).toBe(1);
    expect(nearest([column(0, 2), column(30, 2)], 20, 50)).toBe(1);
  });

  it("is a row or a cell where the chart has such", () => {
    expect(nearest([row(0), row(20), row(40)], 150, 25)).toBe(1);
    const cells = [0, 1, 2, 3].map((i) => ({ x: 50 * (i % 2), y: 50 * Math.floor(i / 2), width: 48, height: 48 }));
    expect(nearest(cells, 60, 90)).toBe(3);
  });

  it("is none where nothing is drawn", () => {
    expect(nearest([], 1, 1)).toBe(-1);
  });
});

describe("keys", () => {
  it("move by one, by a week, and to the ends", () => {
    expect(moved("ArrowRight", 3, 28)).toBe(4);
    expect(moved("ArrowLeft", 3, 28)).toBe(2);
    expect(moved("PageDown", 3, 28)).toBe(10);
    expect(moved("PageUp", 10, 28)).toBe(3);
    expect(moved("Home", 10, 28)).toBe(0);
    expect(moved("End", 10, 28)).toBe(27);
  });

  it("stop at the ends", () => {
    expect(moved("ArrowRight", 27, 28)).toBe(27);
    expect(moved("PageDown", 25, 28)).toBe(27);
    expect(moved("PageUp", 2, 28)).toBe(0);
  });

  it("begin at the end that they come from", () => {
    expect(moved("ArrowRight", -1, 28)).toBe(0);
    expect(moved("PageDown", -1, 28)).toBe(0);
    expect(moved("ArrowLeft", -1, 28)).toBe(27);
  });

  it("clear with Escape, once, and leave all others to the page", () => {
    expect(moved("Escape", 4, 28)).toBe(-1);
    expect(moved("Escape", -1, 28)).toBeNull();
    for (const key of ["Tab", "Enter", " ", "ArrowUp", "ArrowDown", "a"]) expect(moved(key, 4, 28)).toBeNull();
  });
});

describe("a row in words", () => {
  const timeline = ["Date", "Clusters seen", "Spasms seen", "Hours watched", "Diet ratio", "Illness", "Weight, kg"];
  const cases: [string, string[], string[], string][] = [
    ["names what does not name itself, with its unit", timeline,
      ["Tue 3 Nov 2026", "2 clusters seen", "at least 12 spasms", "13 of 24", "3 : 1", "ill", "7.4"],
      "Tue 3 Nov 2026: 2 clusters seen, at least 12 spasms, hours watched 13 of 24, diet ratio 3 : 1, ill, weight 7.4 kg"],
    ["says once that a day was not recorded", timeline,
      ["Wed 4 Nov 2026", "not recorded", "not recorded", "-", "3 : 1", "-", "-"],
      "Wed 4 Nov 2026: not recorded, diet ratio 3 : 1"],
    ["keeps what was watched", timeline,
      ["Thu 5 Nov 2026", "watched, none seen", "watched, none seen", "-", "-", "-", "-"],
      "Thu 5 Nov 2026: watched, none seen"],
    ["names the columns of a week", ["Week", "Watched days", "Clusters seen", "Per watched day", "Spasms seen"],
      ["Mon 2 Mar 2026 to Sun 8 Mar 2026", "5 of 7", "3", "0.6", "30 spasms"],
      "Mon 2 Mar 2026 to Sun 8 Mar 2026: watched days 5 of 7, clusters seen 3, per watched day 0.6, 30 spasms"],
    ["keeps apart two columns that say the same of different things", ["Date", "Clusters seen", "Meals on target", "Sleep", "Illness"],
      ["Mon 2 Mar 2026", "1 cluster seen", "not recorded", "not recorded", "none"],
      "Mon 2 Mar 2026: 1 cluster seen, meals on target not recorded, sleep not recorded, illness none"],
    ["says an effect", ["Period", "As many as before", "90 % interval", "95 % interval"],
      ["Weeks 1 to 4", "0.82 times as many", "0.61 to 1.10", "0.57 to 1.17"],
      "Weeks 1 to 4: 0.82 times as many, 90 % interval 0.61 to 1.10, 95 % interval 0.57 to 1.17"],
    ["says that there is none yet", ["Period", "As many as before", "90 % interval", "95 % interval"],
      ["Weeks 9 to 12", "not enough days yet", "-", "-"], "Weeks 9 to 12: not enough days yet"],
    ["says an hour with its denominator", ["Hours since waking", "Clusters seen", "Marked on waking", "Days with a waking time, of 25 watched"],
      ["0 to less than 1 hour", "8 clusters", "5 on waking", "14"],
      "0 to less than 1 hour: 8 clusters, 5 on waking, days with a waking time 14 of 25 watched"],
  ]; // prettier-ignore
  it.each(cases)("%s", (_, heads, cells, words) => expect(said(heads, cells)).toBe(words));
});
