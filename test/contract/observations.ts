// What `POST /v1/observations` answers: the same in Node and in workerd. Every refusal is a status, a word for machines and a
// sentence with what was expected and what was found.
import { expect, test } from "vitest";
import { batchId, BATCH_BYTES_MAX } from "../../monitor/run/observation-batch.ts";
import { toIso } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { dnsLook } from "../support/looks.ts";
import {
  answerOf,
  batchAt,
  OFFICE,
  OTHER_SECRET,
  type SignedBatch,
  signedBatch,
  signedText,
} from "../support/private-vantage.ts";

export interface ObservationWorld {
  readonly topology: Topology;
  /** The monitor's clock stands there, a little after a slot. */
  readonly now: number;
  readonly slot: number;
  readonly send: (request: SignedBatch) => Promise<Response>;
}

interface Row {
  readonly name: string;
  readonly request: (world: ObservationWorld) => Promise<SignedBatch>;
  readonly status: number;
  readonly word: string;
  readonly says: string;
}

const ROWS: readonly Row[] = [
  {
    name: "another secret",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot), now, OTHER_SECRET),
    status: 401,
    word: "wrong-signature",
    says: "expected that of VANTAGE_SECRET_OFFICE over this body",
  },
  {
    name: "one byte that is another",
    request: async ({ topology, slot, now }) => {
      const { headers, body } = await signedBatch(batchAt(topology, slot), now);
      return { headers, body: body.replace("200", "201") };
    },
    status: 401,
    word: "wrong-signature",
    says: "over this body",
  },
  {
    name: "no signature",
    request: async ({ slot, now }) => signedText(batchId(OFFICE, slot), "{}", now, null),
    status: 401,
    word: "wrong-signature",
    says: "webhook-signature",
  },
  {
    name: "a clock that is ahead",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot), now + 95_000),
    status: 401,
    word: "clock-skew",
    says: "1 m 3", // 95 s less the part of a second that was cut off
  },
  {
    name: "a clock that is behind, or a request that was recorded",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot), now - 3_600_000),
    status: 401,
    word: "clock-skew",
    says: "behind ours: set the clock",
  },
  {
    name: "a vantage that is not in the topology",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot, { vantage: "attic" }), now),
    status: 404,
    word: "unknown-vantage",
    says: 'no private vantage "attic" is in the topology',
  },
  {
    name: "a vantage that the monitor places itself",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot, { vantage: "enam" }), now),
    status: 404,
    word: "unknown-vantage",
    says: 'no private vantage "enam"',
  },
  {
    name: "an id that is none",
    request: ({ now }) => signedText("office", "{}", now),
    status: 400,
    word: "malformed",
    says: "webhook-id",
  },
  {
    name: "an id of another slot",
    request: async ({ topology, slot, now }) => {
      const { body } = await signedBatch(batchAt(topology, slot), now);
      return signedText(batchId(OFFICE, slot - 30_000), body, now);
    },
    status: 422,
    word: "other-id",
    says: "webhook-id: expected office_",
  },
  {
    name: "no JSON",
    request: ({ slot, now }) => signedText(batchId(OFFICE, slot), "{", now),
    status: 400,
    word: "malformed",
    says: "expected JSON in UTF-8",
  },
  {
    name: "a key that nobody knows, with its place",
    request: async ({ topology, slot, now }) => {
      const body = JSON.stringify({ ...JSON.parse((await signedBatch(batchAt(topology, slot), now)).body), force: 1 });
      return signedText(batchId(OFFICE, slot), body, now);
    },
    status: 400,
    word: "malformed",
    says: "unknown key `force`",
  },
  {
    name: "a body without end",
    request: ({ slot, now }) => signedText(batchId(OFFICE, slot), " ".repeat(BATCH_BYTES_MAX + 1), now),
    status: 413,
    word: "too-large",
    says: `at most ${BATCH_BYTES_MAX} bytes`,
  },
  {
    name: "another topology",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot, { looks: "0123456789abcdef" }), now),
    status: 409,
    word: "other-topology",
    says: "found 0123456789abcdef",
  },
  {
    name: "a region that is not watched",
    request: ({ topology, slot, now }) => {
      const batch = batchAt(topology, slot);
      return signedBatch(
        { ...batch, observations: batch.observations.map((one) => ({ ...one, region: "mars" })) },
        now,
      );
    },
    status: 422,
    word: "unknown-region",
    says: 'found "mars"',
  },
  {
    name: "a region twice",
    request: ({ topology, slot, now }) => {
      const batch = batchAt(topology, slot);
      return signedBatch({ ...batch, observations: [...batch.observations, ...batch.observations] }, now);
    },
    status: 422,
    word: "twice",
    says: "aws-us-east-1 twice",
  },
  {
    name: "a name that is not the service's",
    request: ({ topology, slot, now }) => {
      const answer = { ...answerOf(dnsLook(OFFICE, "authoritative", slot, [])), name: "other.example.org" };
      return signedBatch(batchAt(topology, slot, { dns: [answer] }), now);
    },
    status: 422,
    word: "foreign-question",
    says: `expected the name demo.multicloud.example.com, found "other.example.org"`,
  },
  {
    name: "a server that nobody named",
    request: ({ topology, slot, now }) => {
      const answer = { ...answerOf(dnsLook(OFFICE, "authoritative", slot, [])), server: "evil.example.org" };
      return signedBatch(batchAt(topology, slot, { dns: [answer] }), now);
    },
    status: 422,
    word: "foreign-question",
    says: `found "evil.example.org"`,
  },
  {
    name: "a slot between two of the grid",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot - 1000), now),
    status: 422,
    word: "off-grid",
    says: "a multiple of 30 s",
  },
  {
    name: "a slot that has not begun",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot + 30_000), now),
    status: 422,
    word: "future",
    says: "expected one that has begun",
  },
  {
    name: "looks of another time",
    request: ({ topology, slot, now }) => {
      const batch = batchAt(topology, slot);
      return signedBatch({ ...batch, observations: batch.observations.map((one) => ({ ...one, at: slot - 1 })) }, now);
    },
    status: 422,
    word: "outside-slot",
    says: "was the clock set?",
  },
  {
    name: "a slot of which nobody makes an opinion any more",
    request: ({ topology, slot, now }) => signedBatch(batchAt(topology, slot - 90_000), now),
    status: 409,
    word: "stale",
    says: "ago",
  },
];

export function observationContract(open: () => Promise<ObservationWorld>): void {
  test.each(ROWS)("refuses $name: $status $word", async ({ request, status, word, says }) => {
    const world = await open();
    const reply = await world.send(await request(world));
    const text = await reply.text();
    expect([reply.status, JSON.parse(text)]).toMatchObject([status, { refused: word }]);
    expect(text.replaceAll('\\"', '"')).toContain(says);
  });

  test("a batch is taken once: again it is known, and another one for its slot is not taken", async () => {
    const world = await open();
    const { topology, slot, now } = world;
    const sent = await signedBatch(batchAt(topology, slot), now);
    const first = await world.send(sent);
    expect([first.status, await first.json()]).toEqual([
      202,
      { observations: "held", vantage: OFFICE, slot: toIso(slot), everySeconds: 30 },
    ]);
    const again = await world.send(sent);
    expect([again.status, await again.json()]).toMatchObject([200, { observations: "known" }]);
    const other = await world.send(await signedBatch(batchAt(topology, slot, { observations: [] }), now));
    expect([other.status, await other.json()]).toMatchObject([409, { refused: "conflict" }]);
  });

  test("whoever sends without end is asked to wait", async () => {
    const world = await open();
    const { topology, slot, now } = world;
    const sent = await signedBatch(batchAt(topology, slot), now);
    for (let count = 0; count < 8; count += 1) expect((await world.send(sent)).status).toBeLessThan(300);
    const reply = await world.send(sent);
    expect([reply.status, reply.headers.get("retry-after"), await reply.json()]).toMatchObject([
      429,
      "30",
      { refused: "too-many" },
    ]);
  });
}
