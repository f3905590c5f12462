// Whatever an API server answers, the judge says something: never a crash, and never that all is well.
import fc from "fast-check";
import { expect, test } from "vitest";
import { discover } from "../../../monitor/clusters/entrance.ts";
import { judgeHost } from "../../../monitor/clusters/judge-host.ts";
import { judgeMember } from "../../../monitor/clusters/judge-member.ts";
import { clusterFindings, clusterVerdict } from "../../../monitor/clusters/judged.ts";
import type { Look } from "../../../monitor/clusters/sight.ts";
import { entranceWishes, hostWishes, memberWishes } from "../../../monitor/clusters/wish.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { AT, SEEN } from "./judged-clusters.ts";

const FED = { ...EXAMPLE, federation: { context: "host" } };

/** Named as what is looked for, with anything at all in the places where the judge looks. */
const OBJECT = fc
  .record({
    spec: fc.jsonValue(),
    status: fc.jsonValue(),
    data: fc.jsonValue(),
    endpoints: fc.jsonValue(),
    labels: fc.jsonValue(),
  })
  .map(({ labels, ...body }) => ({ ...body, metadata: { name: EXAMPLE.service.name, labels } }));
const LOOK: fc.Arbitrary<Look> = fc.oneof(
  fc.array(OBJECT, { maxLength: 3 }).map((objects) => ({ kind: "seen", objects }) as const),
  fc.constant({ kind: "no-kind" } as const),
  fc.string().map((detail) => ({ kind: "forbidden", detail }) as const),
  fc.string().map((detail) => ({ kind: "failed", detail }) as const),
);

function looksOf(wishes: readonly { readonly key: string }[]): fc.Arbitrary<Readonly<Record<string, Look>>> {
  return fc.record(Object.fromEntries(wishes.map(({ key }) => [key, LOOK])));
}

test("a member of anything is judged, and does not conform", () => {
  fc.assert(
    fc.property(looksOf(memberWishes(EXAMPLE, "configmap")), (looks) => {
      const cluster = judgeMember(
        EXAMPLE,
        { region: AWS, reading: { kind: "read", looks }, look: SEEN },
        "configmap",
        AT,
      );
      expect(clusterVerdict(cluster)).not.toBe("conforms");
      expect(clusterFindings([cluster]).every(({ message }) => typeof message === "string")).toBe(true);
    }),
  );
});

test.each(["kubefed", "karmada"] as const)("so is a host of %s", (via) => {
  fc.assert(
    fc.property(looksOf(hostWishes(FED, via, "configmap")), (looks) => {
      const cluster = judgeHost(FED, { context: "host", reading: { kind: "read", looks } }, via, "configmap");
      expect(clusterVerdict(cluster)).not.toBe("conforms");
    }),
  );
});

test("an entrance of anything is told", () => {
  fc.assert(
    fc.property(looksOf(entranceWishes(EXAMPLE)), (looks) => {
      expect(discover(AWS, { kind: "read", looks }, EXAMPLE, null).discovery.kind).not.toBe("same");
    }),
  );
});
