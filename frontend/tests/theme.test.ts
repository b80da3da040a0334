import { describe, expect, it } from "vitest";
import { isDark, type Night } from "../src/night/theme";

describe("day or night", () => {
  const at = (text: string) => new Date(text);
  const night: Night[] = [[Date.parse("2026-06-20T19:30:00Z"), Date.parse("2026-06-21T02:45:00Z")]];

  it("is the person's choice first", () => {
    expect(isDark("light", at("2026-06-20T23:00:00Z"), night, true)).toBe(false);
    expect(isDark("dark", at("2026-06-20T12:00:00Z"), night, false)).toBe(true);
  });

  it("follows the child's sunset and sunrise", () => {
    expect(isDark("auto", at("2026-06-20T19:29:00Z"), night, false)).toBe(false);
    expect(isDark("auto", at("2026-06-20T19:31:00Z"), night, false)).toBe(true);
    expect(isDark("auto", at("2026-06-21T02:46:00Z"), night, false)).toBe(false);
  });

  it("goes by the clock where no sunset is known, or the known ones are old", () => {
    expect(isDark("auto", new Date(2026, 5, 20, 20, 0), [], false)).toBe(true);
    expect(isDark("auto", new Date(2026, 7, 20, 12, 0), night, false)).toBe(false);
    expect(isDark("auto", new Date(2026, 7, 20, 23, 0), night, false)).toBe(true);
  });
});
