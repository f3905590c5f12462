// What a lever leaves in the journal before it acts: where it acts, what stood there before and what it puts there. Plain
// JSON that a new process can undo from; secrets are never in it, only the names of the variables that hold them.
import * as z from "zod";
import { DNS_FAULT_NAMES, GATE_FAULT_NAMES } from "../drill/faults.ts";
import type { LeverKind } from "../drill/lever-wish.ts";

const GATE_UNDO = z.strictObject({
  lever: z.literal("gate"),
  /** The local world's public port; `statusUrl` and `startedBy` tell it from a later one on the same port. */
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

export const UNDO = z.discriminatedUnion("lever", [GATE_UNDO, DNS_GATE_UNDO]);

export type Undo = z.infer<typeof UNDO>;
export type UndoOf<K extends LeverKind> = Extract<Undo, { readonly lever: K }>;
