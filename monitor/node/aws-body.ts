// The SDK reads an answer to its end, however long it is, before it looks at it. Here one that is longer than any of the API's is
// cut off while it comes in: what a proxy or a wrong endpoint sends must not cost this machine its memory.
import { pipeline, Readable, Transform } from "node:stream";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Route53Client } from "@aws-sdk/client-route-53";

/** A page of 300 record sets whose values have the 32,000 characters that are allowed. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** From now on a longer answer fails the call, as one that is not the API's. */
export function boundAnswers(client: Route53Client | CloudWatchClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response: unknown = result.response;
      const body: unknown = response instanceof Object ? Reflect.get(response, "body") : null;
      // Closest to the wire: the SDK's own reader of answers comes after.
      if (response instanceof Object && body instanceof Readable) Reflect.set(response, "body", metered(body));
      return result;
    },
    { step: "deserialize", name: "answerBound", priority: "low" },
  );
}

function metered(body: Readable): Readable {
  let bytes = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) done(tooLong());
      else done(null, chunk);
    },
  });
  // Whoever reads the meter hears of an error on either side.
  return pipeline(body, meter, () => {});
}

function tooLong(): Error {
  return Object.assign(new Error(`it is longer than ${ANSWER_BYTES_MAX} bytes`), { name: "AnswerTooLong" });
}
