import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Propagation } from "../../../monitor/verify/federation.ts";
import { type MemberOutcome, objectVersion, versionKey } from "../../../monitor/verify/federation-outcome.ts";
import { APP, deployment, federated, federation, MANAGED, member, propagate, statuses } from "./federation-objects.ts";

describe("laws", () => {
  const NAMES = ["a", "b", "c"];
  const clusterName = fc.constantFrom(...NAMES);
  const someOverride = fc.oneof(
    fc.record({ path: fc.constant("/spec/replicas"), value: fc.nat(9) }),
    fc.record({ op: fc.constant("add"), path: fc.constant("/spec/env/-"), value: fc.string() }),
    fc.record({ op: fc.constant("remove"), path: fc.constant("/spec/env/0") }),
    fc.record({ path: fc.constantFrom("/spec/env/1", "/spec/env/9", "/spec/x/y"), value: fc.string() }),
    fc.record({ op: fc.constant("add"), path: fc.constant("/metadata/annotations"), value: fc.constant({ k: "v" }) }),
  );
  const anOverrideList = fc.uniqueArray(someOverride, { selector: ({ path }) => path, maxLength: 4 });
  const anOverrides = fc.uniqueArray(fc.record({ clusterName, clusterOverrides: anOverrideList }), {
    selector: (item) => item.clusterName,
  });
  const aPlacement = fc.option(fc.uniqueArray(fc.constantFrom(...NAMES, "stranger")), { nil: undefined });
  const anObject = fc.record({ overrides: anOverrides, clusters: aPlacement }).map(({ overrides, clusters }) =>
    deployment({
      template: { spec: { replicas: 1, env: ["p", "q"] } },
      placement: { clusters: clusters?.map((name) => ({ name })) },
      overrides,
    }),
  );
  const WIDE = federated("Namespace", { placement: { clusters: NAMES.map((name) => ({ name })) } });
  const empty = federation({ members: NAMES.map((name) => member(name)) });

  test("applied twice is the same as once", () => {
    fc.assert(
      fc.property(anObject, (object) => {
        const once = propagate([WIDE, object], empty);
        const members = NAMES.map((name) =>
          member(name, {
            objects: once.members.filter((one) => one.cluster === name && one.object !== null).map((one) => one.object),
          }),
        );
        const recorded = Object.fromEntries(
          once.members.map((one) => [versionKey(one.cluster, "Deployment", APP, APP), objectVersion(one.object)]),
        );
        const twice = propagate([WIDE, object], federation({ members, recorded }));
        expect(twice.members.map((one) => one.object)).toEqual(once.members.map((one) => one.object));
        expect([statuses(twice), twice.condition]).toEqual([statuses(once), once.condition]);
        expect(twice.members.filter(({ status, action }) => status === "" && action !== "keep")).toEqual([]);
      }),
    );
  });

  test("a cluster outside of the placement gets nothing", () => {
    fc.assert(
      fc.property(anObject, (object) => {
        const placed = new Set(
          ((object as { spec: { placement: { clusters?: { name: string }[] } } }).spec.placement.clusters ?? []).map(
            ({ name }) => name,
          ),
        );
        const reached = propagate([WIDE, object], empty).members.map(({ cluster }) => cluster);
        expect(reached).toEqual(NAMES.filter((name) => placed.has(name)));
      }),
    );
  });

  test("the overrides of one cluster never change another", () => {
    fc.assert(
      fc.property(anObject, clusterName, anOverrideList, (object, name, clusterOverrides) => {
        const before = propagate([WIDE, object], empty);
        const { overrides, ...spec } = (object as { spec: { overrides: { clusterName: string }[] } }).spec;
        const others = overrides.filter((item) => item.clusterName !== name);
        const after = propagate(
          [WIDE, deployment({ ...spec, overrides: [...others, { clusterName: name, clusterOverrides }] })],
          empty,
        );
        const rest = (found: Propagation): readonly MemberOutcome[] =>
          found.members.filter(({ cluster }) => cluster !== name);
        expect(rest(after)).toEqual(rest(before));
      }),
    );
  });

  test("the order of the clusters' entries means nothing", () => {
    fc.assert(
      fc.property(anObject, (object) => {
        const { spec } = object as { spec: { overrides: object[] } };
        const turned = deployment({ ...spec, overrides: spec.overrides.toReversed() });
        expect(propagate([WIDE, turned], empty)).toEqual(propagate([WIDE, object], empty));
      }),
    );
  });

  test("every object that arrives is labelled as managed", () => {
    fc.assert(
      fc.property(anObject, (object) => {
        for (const one of propagate([WIDE, object], empty).members.filter(({ action }) => action === "create"))
          expect(one.object).toMatchObject({ metadata: { labels: MANAGED.labels } });
      }),
    );
  });
});
