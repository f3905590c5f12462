// The recorded files once more, without a file system: what is rendered does not depend on the runtime that renders it.
import { describe, expect, test } from "vitest";
import { lintSources } from "../../../monitor/lint/lint.ts";
import { renderFiles, RENDERINGS } from "../../../monitor/render/render.ts";
import { CLUSTER_COUNTS, topologyOfClusters } from "../../render/topologies.ts";

const GOLDEN = import.meta.glob<string>("../../render/golden/*-clusters/**/*", {
  query: "?raw",
  import: "default",
  eager: true,
});

function filesOf(clusters: number): Readonly<Record<string, string>> {
  const rendered = renderFiles(topologyOfClusters(clusters), Object.keys(RENDERINGS), "configmap");
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return Object.fromEntries(rendered.value.map(({ path, text }) => [path, text]));
}

describe.each(CLUSTER_COUNTS)("%d clusters", (clusters) => {
  const files = filesOf(clusters);

  test("are rendered byte for byte as recorded", () => {
    const folder = `../../render/golden/${clusters}-clusters/`;
    const recorded = Object.entries(GOLDEN).filter(([path]) => path.startsWith(folder));
    expect(files).toEqual(Object.fromEntries(recorded.map(([path, text]) => [path.slice(folder.length), text])));
  });

  test("pass lint, all of it but the load balancers that the Istio add-on replaces", () => {
    const sources = Object.entries(files)
      .filter(([file]) => !file.endsWith(".md"))
      .map(([file, text]) => ({ file, text }));
    const findings = lintSources(sources, { variables: {} }, 0).filter(({ severity }) => severity !== "note");
    expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(["ISTIO-LB-STRICT"]));
  });
});
