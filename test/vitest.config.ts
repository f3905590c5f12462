// Three projects: everything in Node; the pure core again in workerd, beside the Worker's own tests. The probing tests run
// a second time under WORKERD_ALL_AUTOGATES=1 (test/run.ts), which turns on what Cloudflare's edge refuses.
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const CORE = ["policy", "topology", "health", "verify", "incident", "report", "run"].map(
  (folder) => `monitor/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    root: import.meta.dirname,
    reporters: ["default", "./support/count-reporter.ts"],
    projects: [
      {
        test: {
          name: "node",
          root: import.meta.dirname,
          include: ["**/*.test.ts"],
          exclude: ["worker/**", "scenarios/**"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "scenarios",
          root: import.meta.dirname,
          include: ["scenarios/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "../wrangler.toml" } })],
        test: {
          name: "workerd",
          root: import.meta.dirname,
          include: ["worker/**/*.test.ts", ...CORE],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
