// The regression list, number 21: what is sent to a client, and what is uploaded to Cloudflare, is made of files alone. A
// secret in the environment of whoever deploys, or in the topology's variables, is in neither.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { buildBundle, BUILD_MS } from "../../monitor/local/bundle.ts";

const MARKER = "secret-marker-5d1f";
const NAMES = [
  "ADMIN_TOKEN",
  "ALERT_WEBHOOK_URL",
  "TOPOLOGY",
  "TRACE_URL",
  "CLOUDFLARE_API_TOKEN",
  "AWS_SECRET_ACCESS_KEY",
  "HOME",
];

it(
  "21: the Worker's bundle contains no secret marker of the environment, and no place of this machine",
  { timeout: BUILD_MS },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "multicloud-probe-marker-"));
    for (const name of NAMES)
      vi.stubEnv(name, name === "HOME" ? join(folder, MARKER) : `https://${MARKER}.example.com`);
    try {
      const outDir = join(folder, "out");
      await buildBundle({ outDir, scratchDir: join(folder, "scratch") }, AbortSignal.timeout(BUILD_MS));
      const files = readdirSync(outDir, { recursive: true, encoding: "utf8" })
        .map((name) => join(outDir, name))
        .filter((path) => statSync(path).isFile());
      const texts = files.map((path) => readFileSync(path, "utf8"));
      // The bundle is what we think it is: the faces and the topology are in it.
      expect(texts.some((text) => text.includes("nothing is at "))).toBe(true);
      expect(texts.some((text) => text.includes("demo.multicloud.example.com"))).toBe(true);
      for (const [index, text] of texts.entries())
        expect([files[index], text.includes(MARKER)]).toEqual([files[index], false]);
      // Source maps name files, and stay here; what is uploaded names none of this machine's.
      const uploaded = texts.filter((_text, index) => files[index]?.endsWith(".map") !== true);
      for (const text of uploaded) expect(text).not.toContain(process.cwd());
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
