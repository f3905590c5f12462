// We say the same version everywhere.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { USER_AGENT, VERSION } from "../../monitor/wire/user-agent.ts";

test("the version that requests carry is the package's", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(manifest).toMatchObject({ version: VERSION });
  expect(USER_AGENT).toContain(VERSION);
});
