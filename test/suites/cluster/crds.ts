// The custom resource definitions of what our manifests speak to, from the published Go modules of those who define them: the
// real schemas, none of their controllers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { until } from "../../support/until.ts";
import type { ApiClient, ApiObject } from "./api.ts";
import { moduleFolder } from "./go.ts";

const DOWNLOAD_MS_MAX = 180_000;
const ESTABLISH_MS_MAX = 30_000;

interface Source {
  readonly module: string;
  readonly files: readonly string[];
}

const KARMADA = "charts/karmada/_crds/bases";
export const SOURCES = {
  kubefed: {
    module: "sigs.k8s.io/kubefed@v0.10.0",
    files: ["charts/kubefed/charts/controllermanager/crds/crds.yaml", "charts/kubefed/crds/crds.yaml"],
  },
  istio: { module: "istio.io/api@v1.32.0", files: ["kubernetes/customresourcedefinitions.gen.yaml"] },
  karmada: {
    module: "github.com/karmada-io/karmada@v1.18.2",
    files: [
      `${KARMADA}/policy/policy.karmada.io_overridepolicies.yaml`,
      `${KARMADA}/policy/policy.karmada.io_propagationpolicies.yaml`,
      `${KARMADA}/work/work.karmada.io_resourcebindings.yaml`,
    ],
  },
  argocd: { module: "github.com/argoproj/argo-cd/v3@v3.5.1", files: ["manifests/crds/applicationset-crd.yaml"] },
  "flux source": {
    module: "github.com/fluxcd/source-controller@v1.7.0",
    files: ["config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml"],
  },
  "flux kustomize": {
    module: "github.com/fluxcd/kustomize-controller@v1.7.3",
    files: ["config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
  },
  "cert-manager": {
    module: "github.com/cert-manager/cert-manager@v1.19.1",
    files: ["deploy/crds/cert-manager.io_certificates.yaml"],
  },
} as const satisfies Readonly<Record<string, Source>>;
export type SourceName = keyof typeof SOURCES;

/** Files of the source as text, in its order. */
export async function sourceTexts(go: string, name: SourceName, files?: readonly string[]): Promise<readonly string[]> {
  const source: Source = SOURCES[name];
  const folder = await moduleFolder(go, source.module, DOWNLOAD_MS_MAX);
  return (files ?? source.files).map((file) => readFileSync(join(folder, file), "utf8"));
}

/** Resolves when the server knows every kind. */
export async function installCrds(api: ApiClient, texts: readonly string[]): Promise<void> {
  const crds = texts.flatMap(objectsIn);
  for (const crd of crds) await api.apply(crd);
  for (const { metadata } of crds)
    await until(`${metadata.name} is established`, () => isEstablished(api, metadata.name), ESTABLISH_MS_MAX);
}

async function isEstablished(api: ApiClient, name: string): Promise<boolean> {
  const { status } = await api.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
  const { conditions } = (status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
  };
  return (conditions ?? []).some(({ type, status: is }) => type === "Established" && is === "True");
}

export function objectsIn(text: string): readonly ApiObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as ApiObject | null)
    .filter((object) => object !== null);
}
