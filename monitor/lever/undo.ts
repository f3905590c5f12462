// What a lever leaves in the journal before it acts: where it acts, what stood there before and what it puts there. Plain
// JSON that a new process can undo from; secrets are never in it, only the names of the variables that hold them.
import * as z from "zod";
import { DNS_FAULT_NAMES, GATE_FAULT_NAMES } from "../drill/faults.ts";
import type { LeverKind } from "../drill/lever-wish.ts";

const GATE_UNDO = z.strictObject({
  lever: z.literal("gate"),
  /** The local world's public port; its process tells it from a later one on the same port. */
  port: z.int(),
  worldPid: z.int(),
  region: z.string(),
  onlyFrom: z.array(z.string()),
  flap: z.nullable(z.strictObject({ downMs: z.number(), upMs: z.number() })),
  during: z.enum(GATE_FAULT_NAMES),
});

const DNS_GATE_UNDO = z.strictObject({
  lever: z.literal("dns-gate"),
  port: z.int(),
  worldPid: z.int(),
  during: z.enum(DNS_FAULT_NAMES),
});

const KUBE = { context: z.string(), server: z.string(), namespace: z.string() };

const KUBEFED_UNDO = z.strictObject({
  lever: z.literal("kubefed-replicas"),
  ...KUBE,
  name: z.string(),
  cluster: z.string(),
  /** The outermost part that was missing and that the lever adds. */
  added: z.enum(["nothing", "path", "entry", "list"]),
  /** The override's number; null where there was none. */
  before: z.nullable(z.number()),
});

const KARMADA_UNDO = z.strictObject({
  lever: z.literal("karmada-replicas"),
  ...KUBE,
  policy: z.string(),
  deployment: z.string(),
  cluster: z.string(),
  before: z.number(),
});

const ISTIO_UNDO = z.strictObject({
  lever: z.literal("istio-abort"),
  ...KUBE,
  version: z.string(),
  name: z.string(),
  path: z.string(),
  httpStatus: z.int(),
  percent: z.number(),
});

const ROUTE53_UNDO = z.strictObject({
  lever: z.literal("route53-health-check"),
  region: z.string(),
  healthCheckId: z.string(),
  /** Its HealthCheckVersion before; what the lever leaves is one more. */
  version: z.int(),
  /** Its HealthCheckConfig before. */
  config: z.looseObject({
    Regions: z.optional(z.array(z.string())),
    ChildHealthChecks: z.optional(z.array(z.string())),
  }),
});

const SERVICE_DRAIN_UNDO = z.strictObject({
  lever: z.literal("service-drain"),
  region: z.string(),
  /** The region's endpoint. */
  url: z.string(),
  /** How many must have heard. */
  pods: z.int(),
  /** Then it ends by itself. */
  until: z.int(),
  /** The local world whose service it is, by public port and process: its file has the token. Left out: the environment has. */
  world: z.optional(z.strictObject({ port: z.int(), pid: z.int() })),
});

const ROUTER_DRAIN_UNDO = z.strictObject({
  lever: z.literal("router-drain"),
  region: z.string(),
  /** The monitor that the router belongs to. */
  url: z.string(),
  /** Of a local world, whose file has the token; null: it is in the environment. */
  worldPort: z.nullable(z.int()),
  until: z.int(),
});

export const UNDO = z.discriminatedUnion("lever", [
  GATE_UNDO,
  DNS_GATE_UNDO,
  KUBEFED_UNDO,
  KARMADA_UNDO,
  ISTIO_UNDO,
  ROUTE53_UNDO,
  SERVICE_DRAIN_UNDO,
  ROUTER_DRAIN_UNDO,
]);

export type Undo = z.infer<typeof UNDO>;
export type UndoOf<K extends LeverKind> = Extract<Undo, { readonly lever: K }>;
