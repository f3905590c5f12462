// What a call of a Kubernetes API came to when it failed: in our causes, with the server's own words and no credentials. And
// the one way from a context's name to a configuration.
import { ApiException, KubeConfig } from "@kubernetes/client-node";
import * as z from "zod";

export type KubeFailureCause =
  /** No such object; `what` tells a kind that the server does not know from an object that is not there. */
  | "no-object"
  | "no-kind"
  | "denied"
  /** A condition of the patch does not hold, or somebody else wrote at the same time. */
  | "conflict"
  /** Validation or an admission webhook. */
  | "refused"
  | "unavailable"
  | "not-understood";

export interface KubeFailure {
  readonly cause: KubeFailureCause;
  /** The call and what came back; no credentials. */
  readonly detail: string;
}

export function configFor(context: string): { readonly config: KubeConfig; readonly server: string } {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Error(`the kubeconfig has no context ${context}, only ${known.join(", ") || "none"}`);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`the kubeconfig's context ${context} names a cluster that is not there`);
  return { config, server };
}

const STATUS = z.object({ message: z.optional(z.string()), reason: z.optional(z.string()) });

export function failureOf(thrown: unknown): KubeFailure {
  if (thrown instanceof ApiException) {
    const body = textOfBody(thrown.body);
    const status = statusOf(body);
    const said = status?.message ?? body.replace(/\s+/g, " ");
    return { cause: causeOf(thrown.code, status !== null, said), detail: `HTTP ${thrown.code}: ${said}` };
  }
  const detail = textOf(thrown);
  return { cause: /JSON|Unexpected token/.test(detail) ? "not-understood" : "unavailable", detail };
}

/** What a patch with a condition that does not hold comes to; the condition itself is not in it. */
const PATCH_REJECTED = "the server rejected our request due to an error in our request";

function causeOf(code: number, isStatus: boolean, said: string): KubeFailureCause {
  if (code === 404) return isStatus ? "no-object" : "no-kind";
  if (code === 409 || (code === 422 && said.startsWith(PATCH_REJECTED))) return "conflict";
  // An admission webhook may choose 403 for what it does not like, permission or not.
  if (said.includes("admission webhook")) return "refused";
  if (code === 401 || code === 403) return "denied";
  return code === 429 || code >= 500 ? "unavailable" : "refused";
}

function textOfBody(body: unknown): string {
  if (typeof body === "string") return body;
  return Buffer.isBuffer(body) ? body.toString() : "no body";
}

function statusOf(body: string): z.infer<typeof STATUS> | null {
  try {
    const parsed = STATUS.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** fetch says "fetch failed", and only its cause says why. */
export function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}
