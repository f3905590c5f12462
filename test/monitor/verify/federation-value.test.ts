import { describe, expect, test } from "vitest";
import { objectVersion } from "../../../monitor/verify/federation-outcome.ts";
import { listAt, mapAt, sameValue, textAt, textsAt, withValue } from "../../../monitor/verify/federation-value.ts";

describe("sameValue", () => {
  test.each([
    { a: { x: 1, y: [1, "2"] }, b: { y: [1, "2"], x: 1 }, same: true },
    { a: [1, 2], b: [1, 2], same: true },
    { a: [1, 2], b: [2, 1], same: false },
    { a: [1, 2], b: [1, 2, 3], same: false },
    { a: [1, 2, 3], b: [1, 2], same: false },
    { a: { x: 1 }, b: { x: 1, y: 2 }, same: false },
    { a: { x: 1, y: 2 }, b: { x: 1 }, same: false },
    { a: { x: undefined }, b: { y: 1 }, same: false },
    { a: {}, b: [], same: false },
    { a: [], b: {}, same: false },
    { a: null, b: {}, same: false },
    { a: null, b: null, same: true },
    { a: "1", b: 1, same: false },
  ])("$a and $b: $same", ({ a, b, same }) => {
    expect(sameValue(a, b)).toBe(same);
  });
});

describe("withValue", () => {
  test.each([
    { name: "sets a key", root: { a: 1 }, path: ["b"], value: 2, want: { a: 1, b: 2 } },
    { name: "makes mappings on the way", root: {}, path: ["a", "b"], value: 1, want: { a: { b: 1 } } },
    {
      name: "takes a key away",
      root: { a: { b: 1, c: 2 } },
      path: ["a", "b"],
      value: undefined,
      want: { a: { c: 2 } },
    },
    {
      name: "reaches into a list",
      root: { a: [1, { b: 2 }] },
      path: ["a", 1, "b"],
      value: 3,
      want: { a: [1, { b: 3 }] },
    },
    {
      name: "puts a mapping in the place of a text",
      root: { a: "x" },
      path: ["a", "b"],
      value: 1,
      want: { a: { b: 1 } },
    },
    { name: "gives the value for the root itself", root: { a: 1 }, path: [], value: 2, want: 2 },
  ])("$name", ({ root, path, value, want }) => {
    const before = structuredClone(root);
    expect(withValue(root, path, value)).toEqual(want);
    expect(root).toEqual(before);
  });
});

test("what is not of the asked type is as if it were not there", () => {
  const root = { text: 1, list: {}, map: [], texts: { a: "x", b: 2 } };
  expect([textAt(root, ["text"]), listAt(root, ["list"]), mapAt(root, ["map"])]).toEqual(["", [], {}]);
  expect([textsAt(root, ["texts"]), textsAt(root, ["map"]), textsAt(root, ["none"])]).toEqual([null, null, null]);
});

test.each([
  { metadata: { generation: 3, resourceVersion: "7" }, version: "gen:3" },
  { metadata: { generation: 0, resourceVersion: "7" }, version: "rv:7" },
  { metadata: { generation: "3", resourceVersion: "7" }, version: "rv:7" },
  { metadata: {}, version: "rv:" },
])("the version of $metadata is $version", ({ metadata, version }) => {
  expect(objectVersion({ metadata })).toBe(version);
});
