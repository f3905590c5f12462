// How a receiver can tell whose a message is, and that it is new: Standard Webhooks, for which most languages have a library.
// Signed are the message's id, the second of this attempt, and every byte of the body. Alerts are signed so, and what private
// vantages send.
import { type Instant, SECOND_MS } from "../time.ts";

const SECRET_MARK = "whsec_";

/** `secret` null: the signature is left out. */
export async function signedHeaders(
  key: string,
  body: string,
  secret: string | null,
  at: Instant,
): Promise<Readonly<Record<string, string>>> {
  const seconds = String(Math.floor(at / SECOND_MS));
  const headers = { "webhook-id": key, "webhook-timestamp": seconds };
  if (secret === null) return headers;
  return { ...headers, "webhook-signature": `v1,${await hmacOf(`${key}.${seconds}.${body}`, secret)}` };
}

/** Of a request that says it is signed. */
export interface SignedRequest {
  readonly id: string;
  /** As it stands there: seconds since 1970. */
  readonly timestamp: string;
  /** "v1,<base64>", several of them apart by spaces. */
  readonly signature: string;
  readonly body: Uint8Array;
}

/** More are not looked at. */
const SIGNATURES_MAX = 4;

/** By one of the secrets; the runtime compares in constant time. */
export async function isSigned(request: SignedRequest, secrets: readonly string[]): Promise<boolean> {
  const { id, timestamp, signature, body } = request;
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  const given = signature.split(" ", SIGNATURES_MAX).flatMap((one) => {
    const [, encoded] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(one) ?? [];
    return encoded === undefined ? [] : [Uint8Array.from(Buffer.from(encoded, "base64"))];
  });
  for (const secret of secrets) {
    const key = await keyOf(secret, "verify");
    for (const bytes of given) if (await crypto.subtle.verify("HMAC", key, bytes, signed)) return true;
  }
  return false;
}

/** HMAC-SHA256 in base64. */
async function hmacOf(text: string, secret: string): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await keyOf(secret, "sign"), new TextEncoder().encode(text));
  return Buffer.from(signature).toString("base64");
}

async function keyOf(secret: string, use: "sign" | "verify"): Promise<CryptoKey> {
  const bytes = Buffer.from(secret.slice(SECRET_MARK.length), "base64");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}
