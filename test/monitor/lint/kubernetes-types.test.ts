// The table against the declarations of kubernetes-models, read from its files: in Node alone.
import { expect, test } from "vitest";
import { KUBERNETES_TYPES } from "../../../monitor/lint/kubernetes-types.ts";
import { isKnownType } from "../../../monitor/lint/shape.ts";
import { declaredTypes } from "./declared-types.ts";

test("the table is what kubernetes-models declares", () => {
  const rows = KUBERNETES_TYPES.trim().replace(/\n +/g, " ").split("\n");
  const declared = [...declaredTypes()].map(
    ([name, fields]) =>
      `${name} = ${Object.entries(fields)
        .map(([field, type]) => `${field}:${type}`)
        .join(" ")}`,
  );
  expect(rows).toEqual(declared.toSorted());
  expect(rows.every((row) => isKnownType(row.split(" ")[0] ?? ""))).toBe(true);
});
