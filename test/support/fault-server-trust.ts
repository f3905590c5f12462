// Makes workerd trust an authority of ours. Miniflare reads NODE_EXTRA_CA_CERTS while it is imported, so this must have run
// before; what the servers need of it travels by the environment, too, for they are set up by another copy of this module.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, makeAuthority } from "./fault-server-certificate.ts";

const FOLDER = "FAULT_SERVER_AUTHORITY";

/** Until this process ends. What was trusted before stays trusted. */
export function trustOwnAuthority(): void {
  // Vitest may read its configuration more than once, and Miniflare the first authority only.
  if (process.env[FOLDER] !== undefined) return;
  const authority = makeAuthority("Test authority");
  const folder = mkdtempSync(join(tmpdir(), "test-authority-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const before = process.env["NODE_EXTRA_CA_CERTS"];
  const others = before === undefined ? "" : readFileSync(before, "utf8");
  writeFileSync(join(folder, "authority.json"), JSON.stringify(authority), { mode: 0o600 });
  writeFileSync(join(folder, "trusted.pem"), `${others}\n${authority.cert}`);
  process.env[FOLDER] = folder;
  process.env["NODE_EXTRA_CA_CERTS"] = join(folder, "trusted.pem");
}

/** The one that was trusted here or in the process that started this one; null: none was. */
export function ownAuthority(): Certificate | null {
  const folder = process.env[FOLDER];
  return folder === undefined
    ? null
    : (JSON.parse(readFileSync(join(folder, "authority.json"), "utf8")) as Certificate);
}
