// SMART Health Links 1.0: reading a link, and opening the encrypted file behind it.
// Source: HL7 smart-health-cards-and-links 1.0.0.
import { say } from "../words/words";

export interface HealthLink {
  url: string;
  key: string; // 32 bytes, base64url
  flag: string;
  exp: number | null; // seconds since 1970
  label: string;
}

/** What a link says, with or without a viewer's address before it. Throws for one that breaks the rules. */
export function readLink(text: string): HealthLink {
  const payload = text.split("shlink:/")[1];
  if (payload === undefined) throw new Error(say("This is no SMART Health Link."));
  const said: unknown = JSON.parse(new TextDecoder().decode(bytesOf(payload)));
  if (typeof said !== "object" || said === null) throw new Error(say("This link says nothing."));
  const { url, key, flag = "", exp = null, label = "", v = 1 } = said as Record<string, unknown>;
  if (typeof url !== "string" || typeof key !== "string" || bytesOf(key).length !== 32) throw new Error(say("This link is not whole."));
  if (typeof flag !== "string" || typeof label !== "string" || v !== 1) throw new Error(say("This link is of a kind that is not known here."));
  if (exp !== null && typeof exp !== "number") throw new Error(say("This link does not say when it ends."));
  return { url, key, flag, exp, label };
}

/** The bytes of a compact JWE with `dir` and A256GCM. Throws when the key is another one, or a byte was changed. */
export async function openFile(jwe: string, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const [header = "", wrapped = "", nonce = "", body = "", tag = ""] = jwe.trim().split(".");
  const said = JSON.parse(new TextDecoder().decode(bytesOf(header))) as Record<string, unknown>;
  if (said["alg"] !== "dir" || said["enc"] !== "A256GCM" || wrapped !== "") throw new Error(say("The file is encrypted in another way."));
  const secret = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: bytesOf(nonce), additionalData: new TextEncoder().encode(header), tagLength: 128 };
  const sealed = new Uint8Array([...bytesOf(body), ...bytesOf(tag)]);
  const plain = new Uint8Array(await crypto.subtle.decrypt(how, secret, sealed));
  return said["zip"] === "DEF" ? inflated(plain) : plain;
}

async function inflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Base64url, without its padding. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

export interface Paper {
  title: string;
  type: string;
  data: Uint8Array<ArrayBuffer>;
}

/** What a person reads of a document Bundle: its title, its sections as plain text, and papers. */
export interface Reading {
  title: string;
  sections: { title: string; html: string }[];
  papers: Paper[];
}

interface Resource {
  resourceType?: string;
  title?: string;
  section?: { title?: string; text?: { div?: string } }[];
  content?: { attachment?: { contentType?: string; title?: string; data?: string } }[];
}

export function reading(bundle: unknown): Reading {
  const entries = (bundle as { entry?: { resource?: Resource }[] }).entry ?? [];
  const resources = entries.map((entry) => entry.resource ?? {});
  const frame = resources.find((r) => r.resourceType === "Composition");
  const attachments = resources.filter((r) => r.resourceType === "DocumentReference").flatMap((r) => r.content ?? []);
  return {
    title: frame?.title ?? say("A patient’s data"),
    sections: (frame?.section ?? []).map((s) => ({ title: s.title ?? "", html: s.text?.div ?? "" })),
    papers: attachments.flatMap(({ attachment: a }) =>
      a?.data && a.contentType === "application/pdf" ? [{ title: a.title ?? say("Report"), type: a.contentType, data: bytesOf(a.data) }] : [],
    ),
  };
}
