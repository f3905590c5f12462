// DNS over HTTPS (RFC 8484) as an app: GET with `dns=` in base64url, or POST with the message as body.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

export const DOH_PATH = "/dns-query";
const DOH_TYPE = "application/dns-message";
/** A query is one question and a few options; base64url makes four characters of three bytes. */
const QUERY_BYTES_MAX = 4096;
const QUERY_TEXT_MAX = Math.ceil((QUERY_BYTES_MAX * 4) / 3);

/** `respond` gives null for what is not a DNS query at all: then the reply is 400. */
export function createDohApp(respond: (query: Uint8Array) => Uint8Array | null): Hono {
  const reply = (query: Uint8Array): Response => {
    const message = respond(query);
    if (message === null) return refusal(400, "The message is not a DNS query.");
    // no-store: a fault that was mended must not live on in a cache of HTTP.
    return new Response(Uint8Array.from(message), {
      headers: { "content-type": DOH_TYPE, "cache-control": "no-store" },
    });
  };
  const app = new Hono();
  app.get(DOH_PATH, (context) => {
    const text = context.req.query("dns") ?? "";
    if (text === "" || text.length > QUERY_TEXT_MAX || !/^[A-Za-z0-9_-]+$/.test(text)) {
      return refusal(400, "Expected ?dns= with a DNS message in base64url, without padding.");
    }
    return reply(Buffer.from(text, "base64url"));
  });
  app.post(
    DOH_PATH,
    bodyLimit({ maxSize: QUERY_BYTES_MAX, onError: () => refusal(413, "The message is too long.") }),
    async (context) => {
      if (context.req.header("content-type") !== DOH_TYPE) return refusal(415, `Expected a body of type ${DOH_TYPE}.`);
      return reply(new Uint8Array(await context.req.arrayBuffer()));
    },
  );
  app.all(DOH_PATH, () => refusal(405, "Expected GET or POST."));
  app.notFound(() => refusal(404, `Only ${DOH_PATH} is here.`));
  return app;
}

function refusal(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
