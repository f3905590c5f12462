// docs/verify.md says what the command does: every rule as it stands, and the role that it prints.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { clusterRoleFor } from "../../monitor/clusters/cluster-role.ts";
import { CLUSTER_RULES } from "../../monitor/clusters/rules.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";

const TEXT = readFileSync(join(ROOT, "docs/verify.md"), "utf8");

test("the table of docs/verify.md has every rule, and no other", () => {
  const rows = TEXT.split("\n").filter((line) => /^\| (CL|FED)-/.test(line));
  expect(rows).toEqual(
    Object.entries(CLUSTER_RULES).map(
      ([id, { severity, verdict, wrong }]) => `| ${id} | ${severity} | ${verdict} | ${wrong} |`,
    ),
  );
});

test("the ClusterRole of docs/verify.md is the one that is printed", () => {
  const [, written = ""] = /```yaml\n([\s\S]*?)```/.exec(TEXT) ?? [];
  expect(parse(written)).toEqual(clusterRoleFor(EXAMPLE, "plain", "configmap"));
});
