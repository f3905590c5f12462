// `monitor zone`: the hosted zone as Route 53 has it, read into a snapshot, compared with the topology, or with
// what was seen. None of them writes to AWS.
import { refuse } from "./refusal.ts";
import type { ExitCode } from "./envelope.ts";

export const ZONE_USAGE = `monitor zone pull|diff|compare [ARGUMENTS]

  pull   reads a hosted zone and its health checks by the Route 53 API into a snapshot
           [--zone NAME | --zone-id ID] [--topology FILE] [--observations] [--cloudwatch]
           [--only NAME] [--endpoint URL] [--out FILE]
  diff   says what has to change in a hosted zone so that it is what the topology asks for, as a plan or as a change batch
           [--snapshot FILE | --zone NAME | --zone-id ID] [--topology FILE] [--form addresses|tree]
           [--check-id REGION=ID]… [--collection-id ID] [--batch | --json] [--endpoint URL]
  compare
         puts side by side what our vantages, Route 53's checkers and DNS say of each region, with the likely cause of what differs
           [--url URL | --status FILE] [--snapshot FILE | --zone NAME | --zone-id ID] [--topology FILE]
           [--check-id REGION=ID]… [--json] [--endpoint URL]

None of them writes to AWS. \`monitor zone pull --help\` says more, and so do the others.
`;

export async function runZone(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === "pull") return (await import("./zone-pull.ts")).runZonePull(rest);
  if (name === "diff") return (await import("./zone-diff.ts")).runZoneDiff(rest);
  if (name === "compare") return (await import("./zone-compare.ts")).runZoneCompare(rest);
  if (name === "--help" || name === "-h") return refuse({ refusal: "help" }, ZONE_USAGE);
  return refuse(
    { refusal: `expected "zone pull", "zone diff" or "zone compare", found "zone ${argv.join(" ")}"`.trimEnd() },
    ZONE_USAGE,
  );
}
