// `monitor policy`: what Route 53 would answer, why, what if something failed, whether it may ever go wrong, and
// what another policy would have made of the past.
import type { ExitCode } from "./envelope.ts";
import { POLICY_USAGE } from "./policy-usage.ts";
import { type PolicyAsk, readAsk } from "./policy-ask.ts";
import { refuse } from "./refusal.ts";

type PolicyCommand = (ask: PolicyAsk) => ExitCode;

/** Loaded only when called for. */
const COMMANDS: Readonly<Record<string, () => Promise<PolicyCommand>>> = {
  answer: async () => (await import("./policy-answer.ts")).runAnswer,
  explain: async () => (await import("./policy-explain.ts")).runExplain,
  "what-if": async () => (await import("./policy-what-if.ts")).runWhatIf,
  prove: async () => (await import("./policy-prove.ts")).runProve,
};

export async function runPolicy(argv: readonly string[]): Promise<ExitCode> {
  const [name = "", ...rest] = argv;
  // It has a history to read, and flags of its own.
  if (name === "replay") return (await import("./policy-replay.ts")).runReplay(rest);
  if (name === "--help" || name === "-h") return refuse({ refusal: "help" }, POLICY_USAGE);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const known = [...Object.keys(COMMANDS), "replay"].map((one) => `"policy ${one}"`);
    return refuse({ refusal: `expected ${known.join(", ")}, found "policy ${argv.join(" ")}"` }, POLICY_USAGE);
  }
  const ask = readAsk(name, rest);
  if ("refusal" in ask) return refuse(ask, POLICY_USAGE);
  for (const note of ask.source.notes) process.stderr.write(`note: ${note}\n`);
  if (ask.health.origin !== null) process.stderr.write(`note: ${ask.health.origin}\n`);
  return (await load())(ask);
}
