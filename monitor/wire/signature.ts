// How a webhook's receiver can tell that a message is ours, and new: Standard Webhooks, for which most languages have a
// library. Signed are the message's id, the second of this attempt, and every byte of the body.
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

/** HMAC-SHA256 in base64. */
async function hmacOf(text: string, secret: string): Promise<string> {
  const bytes = Buffer.from(secret.slice(SECRET_MARK.length), "base64");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return Buffer.from(signature).toString("base64");
}
