// The official vectors open, and links that break the rules do not.
import { describe, expect, it } from "vitest";
import { bytesOf, openFile, readLink, reading } from "../src/health/links";
import vectors from "../../tests/vectors/health_links.json";

const coded = (said: unknown): string => btoa(JSON.stringify(said)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

describe("SMART Health Links of HL7's vectors", () => {
  const link = readLink(vectors.link);

  it("says where the file lies, with which key", () => {
    expect(link.flag).toBe("LU");
    expect(link.label).toBe("Demo SHL for IPS_IG-bundle-01");
    expect(bytesOf(link.key)).toHaveLength(32);
    expect(link.exp).toBeNull();
  });

  it("opens to exactly the published bytes", async () => {
    const plain = await openFile(vectors.jwe, link.key);
    expect(hex(await crypto.subtle.digest("SHA-256", plain))).toBe(vectors.plain_sha256);
    const found = reading(JSON.parse(new TextDecoder().decode(plain)));
    expect(found.sections.length).toBeGreaterThan(2);
    expect(found.papers).toEqual([]);
  });

  it("does not open when a byte or the key is another", async () => {
    const jwe = vectors.jwe;
    const other = jwe.slice(0, -30) + (jwe.at(-30) === "A" ? "B" : "A") + jwe.slice(-29);
    await expect(openFile(other, link.key)).rejects.toThrow();
    await expect(openFile(jwe, coded("another key of 32 bytes here").slice(0, 43))).rejects.toThrow();
  });

  it("refuses what breaks the rules", () => {
    const odd = vectors.nonconformant;
    expect(() => readLink(`shlink:/${coded(odd)}`)).toThrow("when it ends");
    expect(readLink(`https://x.example/view/#shlink:/${coded({ ...odd, exp: 1767225600 })}`).exp).toBe(1767225600);
    for (const broken of [{}, null, [], { url: "https://x.example" }, { ...odd, exp: 1, key: "AAAA" }, { ...odd, exp: 1, v: 2 }]) {
      expect(() => readLink(`shlink:/${coded(broken)}`)).toThrow();
    }
    expect(() => readLink("#nothing")).toThrow("no SMART Health Link");
    expect(() => readLink("shlink:/%%%")).toThrow();
  });
});
