// Every manifest that `monitor render` writes, applied to a real API server by a server-side dry run with strict validation:
// by the schemas of the built-in kinds, and by the published ones of those who define the others.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/source-files.ts";
import { type ApiClient, type ApiObject, applyPath, nameOf } from "./api.ts";
import { objectsIn } from "./crds.ts";

const MANIFESTS = join(ROOT, "manifests");
/** What is read by others than an API server: kustomize, Route 53, our own commands. */
const OTHERS = /^topology\.|^route53\/|kustomization\.yaml$/;

/** Paths under manifests/, in order. */
export function manifestFiles(): readonly string[] {
  return readdirSync(MANIFESTS, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml") && !OTHERS.test(path))
    .toSorted();
}

export function objectsOfFile(path: string): readonly ApiObject[] {
  return objectsIn(readFileSync(join(MANIFESTS, path), "utf8"));
}

/** Empty: taken. */
export async function dryRun(api: ApiClient, object: ApiObject): Promise<string> {
  const { code, body } = await api.ask(
    "PATCH",
    applyPath(object, "&dryRun=All"),
    object,
    "application/apply-patch+yaml",
  );
  return code < 300 ? "" : `${nameOf(object)}: HTTP ${code}: ${String(body["message"])}`;
}

/** The same object with a field that nobody knows, where most of its fields are. */
export function withUnknownField(object: ApiObject): ApiObject {
  const { spec } = object;
  const isMap = typeof spec === "object" && spec !== null;
  return isMap ? { ...object, spec: { ...spec, noSuchField: "x" } } : { ...object, noSuchField: "x" };
}
