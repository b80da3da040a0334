import { describe, expect, it } from "vitest";
import { addDays, ago, instantOf, localDate, localText, partAt, zoneAt } from "../../src/log/model/zones";

const BERLIN = "Europe/Berlin";

describe("the child's day", () => {
  it("is the local one around midnight", () => {
    expect(localDate(new Date("2026-03-10T22:59:00Z"), BERLIN)).toBe("2026-03-10");
    expect(localDate(new Date("2026-03-10T23:00:00Z"), BERLIN)).toBe("2026-03-11");
    expect(localText(new Date("2026-03-10T23:00:00Z"), BERLIN)).toBe("2026-03-11T00:00");
  });

  it("keeps its hours when the clocks change", () => {
    // 29 March 2026: 02:00 becomes 03:00 in Berlin; 25 October: 03:00 becomes 02:00.
    expect(localText(new Date("2026-03-29T00:59:00Z"), BERLIN)).toBe("2026-03-29T01:59");
    expect(localText(new Date("2026-03-29T01:00:00Z"), BERLIN)).toBe("2026-03-29T03:00");
    expect(partAt(new Date("2026-10-25T00:30:00Z"), BERLIN)).toBe("night");
    expect(localDate(new Date("2026-10-25T23:30:00Z"), BERLIN)).toBe("2026-10-26");
  });

  it("is that of the zone in which the child was", () => {
    const stays = [
      { since: "2026-03-10T20:00:00Z", time_zone: "America/New_York" },
      { since: "2000-01-01T00:00:00Z", time_zone: BERLIN },
    ];
    expect(zoneAt(stays, new Date("2026-03-10T19:59:59Z"))).toBe(BERLIN);
    expect(zoneAt(stays, new Date("2026-03-10T20:00:00Z"))).toBe("America/New_York");
    expect(zoneAt(stays, new Date("1999-03-10T20:00:00Z"))).toBe(BERLIN);
  });
});

describe("a typed local time", () => {
  const late = new Date("2027-01-01T00:00:00Z");

  it("comes back as it was typed, in any zone", () => {
    for (const zone of [BERLIN, "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati", "Australia/Lord_Howe"]) {
      for (let hour = 0; hour < 24 * 400; hour += 7) {
        const at = new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000);
        const text = localText(at, zone);
        expect(localText(instantOf(text, zone, late), zone), `${zone} ${text}`).toBe(text);
      }
    }
  });

  it("that the clocks jump over is moved on by the jump", () => {
    expect(instantOf("2026-03-29T02:30", BERLIN, late).toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  it("that comes twice is the later one that has come", () => {
    expect(instantOf("2026-10-25T02:30", BERLIN, late).toISOString()).toBe("2026-10-25T01:30:00.000Z");
    expect(instantOf("2026-10-25T02:30", BERLIN, new Date("2026-10-25T00:45:00Z")).toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });
});

describe("words for time", () => {
  it("counts calendar days across a clock change", () => {
    expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });

  it("says how long ago", () => {
    const now = new Date("2026-03-10T12:00:00Z");
    expect(ago(new Date("2026-03-10T11:59:30Z"), now)).toBe("just now");
    expect(ago(new Date("2026-03-10T11:59:00Z"), now)).toBe("1 minute ago");
    expect(ago(new Date("2026-03-10T09:50:00Z"), now)).toBe("2 h 10 min ago");
    expect(ago(new Date("2026-03-07T11:00:00Z"), now)).toBe("3 days ago");
  });
});
