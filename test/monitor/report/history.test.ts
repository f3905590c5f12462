import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { route53Vote, userVote } from "../../../monitor/health/votes.ts";
import { historyOf, historyRound, parseSavedHistory } from "../../../monitor/report/history.ts";
import { parseToldRound } from "../../../monitor/report/told-round.ts";
import { makeRow } from "../../../monitor/run/row.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { FAILURE_CAUSES } from "../../../monitor/model/observation.ts";
import { noRounds } from "../../contract/no-rounds.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";
import { kept, cell } from "./round-examples.ts";

const looks = fc.oneof(
  fc.constant(goodLook(AWS, "enam", 0)),
  fc
    .record({
      cause: fc.constantFrom(...FAILURE_CAUSES),
      status: fc.constantFrom(null, 200, 302, 503),
      connect: fc.boolean(),
    })
    .map(({ cause, status, connect }) =>
      badLook(AWS, "enam", 0, { cause }, { status, phases: connect ? { connect: 4 } : {} }),
    ),
);

test("a look that went through the store and over the wire votes as it did", () => {
  fc.assert(
    fc.property(looks, (seen) => {
      const report = {
        vantage: "enam",
        colo: "AMS",
        observations: [seen],
        dns: [dnsLook("enam", "recursive", 0, ["192.0.2.10"])],
      };
      const row = makeRow(EXAMPLE, EMPTY_STATE, [{ kind: "reported", report }], [], 0, 900);
      const told = parseToldRound(0, JSON.stringify(row));
      if (told === null) throw new Error("a row of ours is told");
      const { observations, answers } = historyRound(told);
      expect(observations.map(route53Vote)).toEqual([route53Vote(seen)]);
      expect(observations.map(userVote)).toEqual([userVote(seen)]);
      expect(answers).toEqual([
        {
          name: "demo.multicloud.example.com",
          vantage: "enam",
          view: "recursive",
          type: "A",
          addresses: ["192.0.2.10"],
        },
      ]);
    }),
  );
});

const page = {
  ...noRounds(EXAMPLE),
  rounds: [parseToldRound(0, JSON.stringify(kept(0, [cell(AWS.id, "enam", 9)]).row))],
};

describe("saved pages", () => {
  test.each([
    { name: "one page", text: JSON.stringify(page, null, 2), pages: 1 },
    { name: "a list of pages", text: JSON.stringify([page, page]), pages: 2 },
    { name: "one page a line", text: `${JSON.stringify(page)}\n${JSON.stringify(page)}\n\n`, pages: 2 },
  ])("are read from $name", ({ text, pages }) => {
    const parsed = parseSavedHistory(text);
    expect(parsed.ok && parsed.value).toHaveLength(pages);
    // The same slot on two pages is one round.
    expect(parsed.ok && historyOf(parsed.value).rounds).toHaveLength(1);
  });

  test.each(["", "no JSON", '{"schemaVersion":2}', `${JSON.stringify(page)}\n{"half":`, "[1]"])(
    "are refused in %s",
    (text) => {
      expect(parseSavedHistory(text)).toMatchObject({ ok: false });
    },
  );
});
