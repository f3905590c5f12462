// How many checkers say healthy, from an answer that nobody else has read: what counts, and that hostile text ends with a value.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCheckerCount } from "../../monitor/wire/checker-count.ts";

function answer(...statuses: readonly string[]): string {
  const each = statuses.map(
    (status) =>
      `<HealthCheckObservation><StatusReport><Status>${status}</Status></StatusReport></HealthCheckObservation>`,
  );
  return `<?xml version="1.0"?>\n<GetHealthCheckStatusResponse xmlns="x">${each.join("")}</GetHealthCheckStatusResponse>`;
}

describe("the count", () => {
  test.each([
    [
      "by how each text begins",
      answer("Success: HTTP Status Code 200, OK", "Failure: timed out. Success: no"),
      { healthy: 1, total: 2 },
    ],
    ["with white space before it", answer("\n Success"), { healthy: 1, total: 1 }],
    ["of texts of another kind leaves them out", answer("Unknown: x", "Failure"), { healthy: 0, total: 1 }],
    ["of nobody is none", answer(), null],
    ["of another answer is none", answer("Success").replaceAll("GetHealthCheckStatus", "GetHealthCheck"), null],
    ["of more checkers than there can be is none", answer(...Array<string>(257).fill("Success")), null],
    ["of an empty body is none", "", null],
  ])("%s", (_, xml, want) => {
    expect(parseCheckerCount(xml)).toEqual(want);
  });
});

describe("hostile text", () => {
  test("ends with a value, whatever it is", () => {
    const piece = fc.constantFrom(
      "<Status>",
      "</Status>",
      "Success",
      "Failure",
      "<GetHealthCheckStatusResponse ",
      " ",
      "<",
      "&#x;",
      "\n",
      "\0",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece, { maxLength: 600 }).map((all) => all.join("")),
        ),
        (xml) => {
          const count = parseCheckerCount(xml);
          if (count !== null) {
            expect(count.healthy).toBeLessThanOrEqual(count.total);
            expect(count.total).toBeLessThanOrEqual(256);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("costs no more than its length: the same text ten times as long is read as well", () => {
    const open = "<Status>        ".repeat(40_000);
    expect(parseCheckerCount(`<GetHealthCheckStatusResponse>${open}`)).toBeNull();
  });
});
