// Every rendered file as it was last looked at by a person. `UPDATE=1` writes what is rendered now.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { ROOT } from "../support/source-files.ts";
import { filesOf, textOf } from "./effective.ts";
import { CLUSTER_COUNTS, EVERY_OPTION, topologyOfClusters } from "./topologies.ts";

const GOLDEN = join(import.meta.dirname, "golden");

const KUBEFED = "kubefed-manifests.yaml";
const BY_ENV = { path: KUBEFED, text: textOf(filesOf(topologyOfClusters(2), "env"), KUBEFED) };

const WITH_EVERY_OPTION = [KUBEFED, "plain/gcp-europe-west1.yaml"].map((path) => ({
  path,
  text: textOf(filesOf(EVERY_OPTION), path),
}));

test.each([
  ...CLUSTER_COUNTS.map((clusters) => ({
    folder: `${clusters}-clusters`,
    files: filesOf(topologyOfClusters(clusters)),
  })),
  { folder: "region-by-env", files: [BY_ENV] },
  { folder: "every-option", files: WITH_EVERY_OPTION },
])("$folder is rendered as recorded", ({ folder, files }) => {
  const root = join(GOLDEN, folder);
  const rendered = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  if (process.env["UPDATE"] === "1") {
    rmSync(root, { recursive: true, force: true });
    for (const { path, text } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  const recorded = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  expect(Object.fromEntries(recorded.map((path) => [path, readFileSync(join(root, path), "utf8")]))).toEqual(rendered);
});

test("the manifests in the repository are what its topology renders to", () => {
  const parsed = parseTopology(readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const files = filesOf(parsed.value);
  expect(files.length).toBeGreaterThan(10);
  const committed = files.map(({ path }) => ({ path, text: readFileSync(join(ROOT, "manifests", path), "utf8") }));
  expect(committed).toEqual(files);
});
