import { describe, expect, it } from "vitest";
import { changesARecord } from "../src/forms/help";

describe("quick times", () => {
  it("stand on pages that add, not where “now” would be the time that is stored", () => {
    const child = "/c/0190a000";
    for (const path of ["/entry/cluster/1/", "/build/", "/build/1/", "/doses/1/", "/meals/1/"]) {
      expect(changesARecord(child + path), path).toBe(true);
    }
    for (const path of ["/log/cluster/", "/feeds/1/eat/", "/feeds/other/", "/medicines/1/give/"]) {
      expect(changesARecord(child + path), path).toBe(false);
    }
  });
});
