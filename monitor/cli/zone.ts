// `monitor zone`: the hosted zone as Route 53 has it, read into a snapshot that everything else can work from.
import { refuse } from "./refusal.ts";
import type { ExitCode } from "./envelope.ts";

export const ZONE_USAGE = `monitor zone pull [ARGUMENTS]

  pull   reads a hosted zone and its health checks by the Route 53 API into a snapshot

\`monitor zone pull --help\` says more.
`;

export async function runZone(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === "pull") return (await import("./zone-pull.ts")).runZonePull(rest);
  if (name === "--help" || name === "-h") return refuse({ refusal: "help" }, ZONE_USAGE);
  return refuse({ refusal: `expected "zone pull", found "zone ${argv.join(" ")}"`.trimEnd() }, ZONE_USAGE);
}
