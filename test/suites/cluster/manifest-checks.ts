// A check for each file of manifests/: its broken copy is refused first, then every object is taken as it is.
import { until } from "../../support/until.ts";
import type { SuiteCheck } from "../checks.ts";
import { findGo } from "./go.ts";
import { installCrds, SOURCES, type SourceName, sourceTexts } from "./crds.ts";
import { dryRun, manifestFiles, objectsOfFile, withUnknownField } from "./manifests.ts";
import type { ApiClient } from "./api.ts";
import type { RealClusters } from "./servers.ts";
import { HOST, MEMBERS } from "./topology.ts";

const NAMESPACES = ["multicloud-demo", "kube-federation-system", "argocd", "flux-system", "istio-system"] as const;
const ACCOUNT_MS_MAX = 30_000;

/** All kinds at the host, those of Istio at the member of the Istio lever as well; and the namespaces of the objects. */
export async function prepareKinds(clusters: RealClusters): Promise<string> {
  const go = findGo();
  if (go === null) throw new Error("there is no Go here any more");
  const { api } = clusters.at(HOST);
  const names = Object.keys(SOURCES) as SourceName[];
  for (const name of names) await installCrds(api, await sourceTexts(go, name));
  await installCrds(clusters.at(MEMBERS[0]).api, await sourceTexts(go, "istio"));
  await installTypes(api);
  for (const name of NAMESPACES) await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const account = "/api/v1/namespaces/multicloud-demo/serviceaccounts/default";
  await until(
    "the namespace has its account",
    async () => (await api.ask("GET", account)).code === 200,
    ACCOUNT_MS_MAX,
  );
  return names.map((name) => SOURCES[name].module).join(", ");
}

/** Our own kinds for KubeFed. */
export async function installTypes(api: ApiClient): Promise<void> {
  for (const object of objectsOfFile("kubefed-types.yaml"))
    if (object.kind === "CustomResourceDefinition") await api.apply(object);
}

type MakeCheck = (
  name: string,
  run: (clusters: RealClusters) => Promise<unknown>,
) => SuiteCheck<"kubernetes" | "kubefed">;

export function manifestChecks(make: MakeCheck): readonly ReturnType<MakeCheck>[] {
  return manifestFiles().map((path) =>
    make(`manifests: ${path} is taken, and refused with a field that nobody knows`, (clusters) =>
      checkFile(clusters.at(HOST).api, path),
    ),
  );
}

async function checkFile(api: ApiClient, path: string): Promise<string> {
  const objects = objectsOfFile(path);
  const problems: string[] = [];
  for (const object of objects) {
    const refusal = await dryRun(api, withUnknownField(object));
    if (!/noSuchField/.test(refusal))
      problems.push(`with noSuchField expected a refusal, found ${refusal || "none"} (${object.kind})`);
    const words = await dryRun(api, object);
    if (words !== "") problems.push(words);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return `${objects.length} objects`;
}
