// Three projects: everything in Node; the pure core again in workerd, beside the Worker's own tests. The probing tests run
// a second time under WORKERD_ALL_AUTOGATES=1 (test/run.ts), which turns on what Cloudflare's edge refuses.
import { defineConfig } from "vitest/config";
import { CORE } from "./support/tidy-rules.ts";
import { trustOwnAuthority } from "./support/fault-server-trust.ts";

trustOwnAuthority();
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");

const CORE_TESTS = CORE.filter((one) => !one.endsWith(".ts")).map((folder) => `monitor/${folder}/**/*.test.ts`);

/** It reads the files of a package, which workerd does not have. */
const NOT_IN_WORKERD = ["monitor/lint/kubernetes-types.test.ts"];

/** Regions and name servers that refuse at once: what the coordinator does does not depend on what it sees. */
const LONELY_TOPOLOGY = `
local: true
service: { name: multicloud-demo, host: demo.multicloud.example.com, image: "ghcr.io/your-org/multicloud-demo:1.0.0" }
regions:
  - { id: aws-us-east-1, region: us-east-1, cluster: { context: aws-us-east-1 }, endpoint: { url: "http://127.0.10.1:1", addresses: [127.0.10.1] } }
  - { id: gcp-europe-west1, region: europe-west1, cluster: { context: gcp-europe-west1 }, endpoint: { url: "http://127.0.10.2:1", addresses: [127.0.10.2] } }
dns:
  zone: multicloud.example.com
  policy: { routing: failover, primary: aws-us-east-1, secondary: gcp-europe-west1 }
  nameServers: ["127.0.0.1:1"]
  resolvers: ["http://127.0.0.1:1/dns-query"]
probe: { intervalSeconds: 30, vantages: [ { id: enam, hint: enam }, { id: weur, hint: weur }, { id: office, private: true } ] }
objectives: [ { name: primary, region: aws-us-east-1, target: 0.9, windowDays: 30 } ]
`;

/** Whole worlds of processes: these mostly wait, and run one after another. */
const SCENARIOS = ["scenarios/**/*.test.ts", "anomalies/**/*.test.ts", "router/**/*.test.ts", "local/world.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    root: import.meta.dirname,
    reporters: ["default", "./support/count-reporter.ts"],
    projects: [
      {
        test: {
          name: "node",
          root: import.meta.dirname,
          include: ["**/*.test.ts"],
          exclude: ["worker/**", ...SCENARIOS],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "scenarios",
          root: import.meta.dirname,
          globalSetup: ["scenarios/bundle-setup.ts"],
          include: SCENARIOS,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "../wrangler.toml" },
            miniflare: { bindings: { TOPOLOGY: LONELY_TOPOLOGY, TRACE_URL: "" } },
          }),
        ],
        test: {
          name: "workerd",
          root: import.meta.dirname,
          globalSetup: ["support/fault-server-setup.ts"],
          include: ["worker/**/*.test.ts", "wire/**/*.test.ts", ...CORE_TESTS],
          exclude: NOT_IN_WORKERD,
          testTimeout: 20_000,
        },
      },
    ],
  },
});
