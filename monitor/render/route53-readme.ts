// The page beside the files for Route 53: which scenario they are for, what is not there and why, and the order in which they
// are applied. JSON has no comments, so it is told here.
import type { DnsPolicy, Topology } from "../topology/topology.ts";
import { PENDING_IDS } from "../zone/to-aws.ts";
import type { RenderedFile } from "./manifest.ts";
import { headerWords } from "./yaml-text.ts";

export interface RenderedScenario {
  readonly routing: DnsPolicy["routing"];
  /** Null: the regions cannot have it. */
  readonly policy: DnsPolicy | null;
  readonly files: readonly RenderedFile[];
  /** Which file or folder is missing, and why. */
  readonly missing: readonly string[];
}

export function route53Readme(topology: Topology, scenarios: readonly RenderedScenario[]): string {
  return `${[
    `<!-- ${headerWords("route53")} -->`,
    "",
    `# ${topology.service.host} in Route 53`,
    "",
    ...scenarioTable(topology, scenarios),
    "",
    ...missingLines(scenarios),
    ...FILES,
    "",
    ...applyLines(topology, scenarios),
  ].join("\n")}\n`;
}

function scenarioTable(topology: Topology, scenarios: readonly RenderedScenario[]): readonly string[] {
  const rows = scenarios.flatMap(({ routing, policy }) => {
    const own = routing === topology.dns.policy.routing ? "the topology's own" : "for comparison";
    return policy === null ? [] : [`| \`${routing}/\` | ${policyWords(topology, policy)} | ${own} |`];
  });
  return ["| folder | who gets which region | |", "|---|---|---|", ...rows];
}

function policyWords({ regions }: Topology, policy: DnsPolicy): string {
  switch (policy.routing) {
    case "failover":
      return `everyone ${policy.primary} while it is healthy, then ${policy.secondary}`;
    case "latency": {
      const lent = regions.map(({ id, awsRegion }) => `${id} as ${awsRegion ?? ""}`);
      return `everyone the healthy one with the lowest latency by AWS's estimate: ${lent.join(", ")}`;
    }
    case "simple":
      return "everyone all addresses, whatever their health";
    case "weighted":
      return `by chance, in these shares: ${entries(policy.weights)}`;
    case "geolocation":
      return `by the place of who asks: ${entries(policy.locations)}`;
    case "geoproximity":
      return `everyone the nearest healthy one, with biases: ${entries(policy.biases)}`;
    case "multivalue":
      return "everyone up to eight healthy addresses";
    case "ip-based":
      return `by the network of who asks: ${entries(policy.blocks)}; everybody else ${policy.default}`;
  }
}

function entries(byRegion: Readonly<Record<string, number | readonly string[]>>): string {
  const texts = Object.entries(byRegion).map(
    ([id, value]) => `${id} ${typeof value === "number" ? value : value.join(" ")}`,
  );
  return texts.length === 0 ? "none" : texts.join(", ").replaceAll("*", "everybody else");
}

function missingLines(scenarios: readonly RenderedScenario[]): readonly string[] {
  const lines = scenarios.flatMap(({ missing }) => missing).map((line) => `- ${line}`);
  return lines.length === 0 ? [] : ["Not rendered:", "", ...lines, ""];
}

const FILES = [
  "- `health-checks.json`: a list, in the order of the regions; each is what `aws route53 create-health-check",
  "  --cli-input-json` takes. A check looks at the region's address and sends the region's own name as Host and SNI, never",
  "  the service's name: that one would lead to whichever region is answered at the moment.",
  "- `change-batch.json`: addresses at the service's name, health checks beside them.",
  "- `change-batch-tree.json`: the regional names carry addresses and health checks, the service's name is an alias of",
  "  them and evaluates their health. It answers the same. Take it when records of other names shall follow the same health,",
  "  or when a latency record needs more than one address.",
];

function applyLines(topology: Topology, scenarios: readonly RenderedScenario[]): readonly string[] {
  const withChecks = scenarios.find(({ files }) => files.some(({ path }) => path.endsWith("health-checks.json")));
  const folder = (withChecks ?? scenarios[0])?.routing ?? topology.dns.policy.routing;
  const checked = withChecks === undefined ? [] : topology.regions.filter(({ dnsHealthCheck }) => dnsHealthCheck);
  const pending = checked.map(({ id }) => PENDING_IDS.checkId(id));
  return [
    "```bash",
    `aws route53 list-hosted-zones-by-name --dns-name ${topology.dns.zone}`,
    ...(topology.dns.policy.routing === "ip-based" ? collectionLines(topology) : []),
    ...(checked.length === 0 ? [] : createLines(`manifests/route53/${folder}/health-checks.json`)),
    ["npm run -s monitor -- render route53 --out /tmp/applied --zone-id Z0123456789EXAMPLE"]
      .concat(checked.map(({ id }) => `--check-id ${id}=ID`))
      .join(" \\\n  "),
    `aws route53 change-resource-record-sets --hosted-zone-id Z0123456789EXAMPLE \\`,
    `  --change-batch file:///tmp/applied/route53/${folder}/change-batch.json`,
    "```",
    "",
    `The files here hold placeholders for what Route 53 gives out: ${[PENDING_IDS.zoneId, ...pending].map((id) => `\`${id}\``).join(", ")}.`,
    "The batches UPSERT, which creates and changes, but cannot turn one routing policy into another and removes nothing:",
    "for a zone that holds such records already, `npm run -s monitor -- zone diff --batch` makes the batch. A caller",
    "reference belongs to one health check for ever: after that one is deleted, give the next another `--caller-reference`.",
  ];
}

function collectionLines({ service }: Topology): readonly string[] {
  return [
    `aws route53 create-cidr-collection --name ${service.name} --caller-reference ${service.name} --query Collection.Id`,
    "aws route53 change-cidr-collection --id ID --changes file://manifests/route53/ip-based/cidr-blocks.json",
    "# and give its id to the next but one command: --collection-id ID",
  ];
}

function createLines(file: string): readonly string[] {
  return [
    `for i in $(jq 'keys[]' ${file}); do`,
    "  aws route53 create-health-check --query HealthCheck.Id --output text \\",
    `    --cli-input-json "$(jq ".[$i]" ${file})"`,
    "done",
  ];
}
