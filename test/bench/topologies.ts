// Topologies of any size, as text: so that the Worker under the bench parses what it would parse in production.

export interface TopologySize {
  readonly regions: number;
  readonly vantages: number;
}

const HINTS = ["enam", "wnam", "weur", "eeur", "apac-ne", "apac-se", "oc"];
/** Nothing is there, and nothing is asked: the vantages of the bench make up what they see. */
const PORT = 9;

/** Failover between the first two regions; the others are watched all the same. */
export function topologyText({ regions, vantages }: TopologySize): string {
  const ids = Array.from({ length: regions }, (_, at) => `region-${at}`);
  const lines = ids.map((id, at) => {
    const address = addressOf(at);
    const endpoint = `{ url: "http://${address}:${PORT}", addresses: [${address}] }`;
    return `  - { id: ${id}, region: ${id}, cluster: { context: ${id} }, endpoint: ${endpoint} }`;
  });
  const looking = Array.from(
    { length: vantages },
    (_, at) => `{ id: v${at}, hint: ${HINTS[at % HINTS.length] ?? ""} }`,
  );
  return `local: true
service: { name: multicloud-demo, host: demo.multicloud.example.com, image: "multicloud-demo:1.0.0" }
regions:
${lines.join("\n")}
dns:
  zone: multicloud.example.com
  policy: { routing: failover, primary: region-0, secondary: region-1 }
  nameServers: ["127.0.0.1:${PORT}"]
  resolvers: ["http://127.0.0.1:${PORT}/dns-query"]
probe: { intervalSeconds: 30, timeoutMs: 2500, vantages: [${looking.join(", ")}] }
`;
}

function addressOf(at: number): string {
  return `127.0.10.${at + 1}`;
}
