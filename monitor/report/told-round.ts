// A stored round as it is told to others: checked before it is believed, because an older version of ourselves may have written
// it, and without the words of its failures.
import { parseIso, toIso } from "../time.ts";
import { TOLD_ROUND, type ToldRound } from "./rounds-page-schema.ts";

/** Null where the text is no row of a version that we know. */
export function parseToldRound(slot: number, text: string): ToldRound | null {
  const row = parseObject(text);
  if (row?.["version"] !== 1 || typeof row["at"] !== "number") return null;
  const { version: _version, ...kept } = row;
  const told = { ...kept, slot: toIso(slot), at: toIso(row["at"]), dns: asList(row["dns"]).map(wordless) };
  const parsed = TOLD_ROUND.safeParse(told);
  return parsed.success ? parsed.data : null;
}

/** The instants of a told round, as numbers. */
export function instantsOf({ slot, at }: ToldRound): { readonly slot: number; readonly at: number } {
  return { slot: parseIso(slot) ?? 0, at: parseIso(at) ?? 0 };
}

function wordless(answer: unknown): unknown {
  const fields = asObject(answer);
  const reply = asObject(fields?.["reply"]);
  if (reply?.["kind"] !== "failed") return answer;
  return { ...fields, reply: { kind: "failed", cause: asObject(reply["failure"])?.["cause"] } };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
