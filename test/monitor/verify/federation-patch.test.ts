import { describe, expect, test } from "vitest";
import { applyOverrides, type Override, pathTokens } from "../../../monitor/verify/federation-patch.ts";

const OBJECT = {
  kind: "Deployment",
  metadata: { name: "a", labels: { "app/x": "1", "tilde~y": "2" } },
  spec: { replicas: 2, env: ["a", "b", "c"], none: null },
};

function override(path: string, rest: Partial<Override> = {}): Override {
  return { op: "replace", path, value: "new", ...rest };
}

describe("what an override does", () => {
  test.each([
    { name: "replace sets a key", is: override("/spec/replicas", { value: 5 }), effect: "set", spec: { replicas: 5 } },
    {
      name: "replace of a missing key succeeds and makes it",
      is: override("/spec/replicass", { value: 5 }),
      effect: "created",
      spec: { replicass: 5 },
    },
    {
      name: "replace of a key that is null is no miss",
      is: override("/spec/none", { value: 1 }),
      effect: "set",
      spec: { none: 1 },
    },
    { name: "add makes a key", is: override("/spec/x", { op: "add" }), effect: "created", spec: { x: "new" } },
    {
      name: "add over a key replaces it",
      is: override("/spec/replicas", { op: "add" }),
      effect: "set",
      spec: { replicas: "new" },
    },
    {
      name: "an index replaces the item",
      is: override("/spec/env/1"),
      effect: "set",
      spec: { env: ["a", "new", "c"] },
    },
    {
      name: "a negative index counts from the end",
      is: override("/spec/env/-1"),
      effect: "set",
      spec: { env: ["a", "b", "new"] },
    },
    {
      name: "add at an index moves the rest",
      is: override("/spec/env/0", { op: "add" }),
      effect: "inserted",
      spec: { env: ["new", "a", "b", "c"] },
    },
    {
      name: "add at the length appends",
      is: override("/spec/env/3", { op: "add" }),
      effect: "inserted",
      spec: { env: ["a", "b", "c", "new"] },
    },
    {
      name: "add at - appends",
      is: override("/spec/env/-", { op: "add" }),
      effect: "inserted",
      spec: { env: ["a", "b", "c", "new"] },
    },
    {
      name: "add at -1 appends too",
      is: override("/spec/env/-1", { op: "add" }),
      effect: "inserted",
      spec: { env: ["a", "b", "c", "new"] },
    },
    {
      name: "remove takes an item out",
      is: override("/spec/env/0", { op: "remove" }),
      effect: "removed",
      spec: { env: ["b", "c"] },
    },
    { name: "null arrives as null", is: override("/spec/x", { value: null }), effect: "created", spec: { x: null } },
    {
      name: "a value that is left out arrives as null",
      is: override("/spec/x", { value: undefined }),
      effect: "created",
      spec: { x: null },
    },
    { name: "0 survives", is: override("/spec/replicas", { value: 0 }), effect: "set", spec: { replicas: 0 } },
    { name: "false survives", is: override("/spec/x", { value: false }), effect: "created", spec: { x: false } },
    { name: "an empty text survives", is: override("/spec/x", { value: "" }), effect: "created", spec: { x: "" } },
  ])("$name", ({ is, effect, spec }) => {
    const patched = applyOverrides(OBJECT, [is]);
    expect(patched).toEqual({ ok: true, value: { ...OBJECT, spec: { ...OBJECT.spec, ...spec } }, effects: [effect] });
  });

  test("~1 stands for a slash and ~0 for a tilde", () => {
    const patched = applyOverrides(OBJECT, [
      override("/metadata/labels/app~1x"),
      override("/metadata/labels/tilde~0y", { op: "remove" }),
    ]);
    expect(patched).toMatchObject({ ok: true, value: { metadata: { name: "a", labels: { "app/x": "new" } } } });
  });

  test("~01 is a tilde and a one, not a slash", () => {
    expect(pathTokens("/a~01b")).toEqual(["a~1b"]);
  });

  test("what stands before the first slash is dropped, so the override lands at the root", () => {
    const patched = applyOverrides(OBJECT, [override("spec/replicas", { value: 5 })]);
    expect(patched).toEqual({ ok: true, value: { ...OBJECT, replicas: 5 }, effects: ["created"] });
  });

  test("a later override sees what an earlier one did", () => {
    const patched = applyOverrides(OBJECT, [
      override("/spec/env/0", { op: "remove" }),
      override("/spec/env/0", { value: "B" }),
    ]);
    expect(patched).toMatchObject({ ok: true, value: { spec: { env: ["B", "c"] } } });
  });

  test("a replaced root must still say its kind", () => {
    expect(applyOverrides(OBJECT, [override("", { value: { kind: "Deployment" } })]).ok).toBe(true);
    expect(applyOverrides(OBJECT, [override("", { value: {} })]).ok).toBe(false);
  });
});

describe("what fails", () => {
  test.each([
    { name: "a missing parent", is: override("/spec/x/y"), says: "doc is missing path: /spec/x/y" },
    { name: "a parent that is null", is: override("/spec/none/y"), says: "doc is missing path" },
    { name: "a parent that is a number", is: override("/spec/replicas/y"), says: "doc is missing path" },
    { name: "an index after the end", is: override("/spec/env/3"), says: "doc is missing key: /spec/env/3" },
    { name: "replace at -", is: override("/spec/env/-"), says: "doc is missing key" },
    { name: "an index before the start", is: override("/spec/env/-4"), says: "doc is missing key" },
    {
      name: "add behind the length",
      is: override("/spec/env/4", { op: "add" }),
      says: "Unable to access invalid index: 4",
    },
    {
      name: "a word as index",
      is: override("/spec/env/first", { op: "add" }),
      says: 'strconv.Atoi: parsing "first": invalid syntax',
    },
    {
      name: "remove of a missing key",
      is: override("/spec/x", { op: "remove" }),
      says: "Unable to remove nonexistent key: x",
    },
    {
      name: "add of one annotation while there is no map of them",
      is: override("/metadata/annotations/x", { op: "add" }),
      says: 'doc is missing path: "/metadata/annotations/x"',
    },
    { name: "a path without any slash", is: override("spec"), says: "doc is missing path: spec" },
    { name: "an op that is none", is: override("/spec", { op: "test" }), says: "Unexpected kind: test" },
  ])("$name", ({ is, says }) => {
    const patched = applyOverrides(OBJECT, [override("/spec/replicas"), is]);
    expect(patched).toMatchObject({ ok: false, index: 1 });
    expect(patched.ok ? "" : patched.message).toContain(says);
  });
});
