// A PowerDNS of our own with LUA records: a folder of its own, loopback alone, a port that was free, in the foreground. Its
// backend is a few lines of Lua, so that no database is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/until.ts";
import { answersAt, freePort, NAME_SERVER_HOST } from "./name-server.ts";
import { stopProgram } from "./program.ts";

const START_MS_MAX = 30_000;

export interface PowerDns {
  readonly port: number;
  stop(): Promise<void>;
}

/** `records`: Lua that answers for A, by name under the zone. */
export async function startPowerDns(
  zone: string,
  checkSeconds: number,
  records: Readonly<Record<string, string>>,
): Promise<PowerDns> {
  const folder = mkdtempSync(join(tmpdir(), "mp-pdns-"));
  const port = await freePort();
  writeFileSync(join(folder, "zone.lua"), backendText(zone, records));
  writeFileSync(join(folder, "pdns.conf"), settingsText(folder, port, checkSeconds));
  const words: string[] = [];
  const child = spawn("pdns_server", [`--config-dir=${folder}`], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => words.push(piece.toString()));
  const stop = async (): Promise<void> => {
    await stopProgram(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(
      "PowerDNS answers",
      () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        return answersAt(port, `ns1.${zone}`);
      },
      START_MS_MAX,
    );
  } catch (thrown) {
    await stop();
    throw new Error(`PowerDNS does not start: ${words.join("").slice(-2000)}`, { cause: thrown });
  }
  return { port, stop };
}

/** No caches and no list of zones in memory: every question reaches the records. */
function settingsText(folder: string, port: number, checkSeconds: number): string {
  return `launch=lua2
lua2-filename=${folder}/zone.lua
local-address=${NAME_SERVER_HOST}:${port}
socket-dir=${folder}
enable-lua-records=yes
edns-subnet-processing=yes
lua-health-checks-interval=${checkSeconds}
zone-cache-refresh-interval=0
query-cache-ttl=0
cache-ttl=0
negquery-cache-ttl=0
distributor-threads=1
receiver-threads=1
daemon=no
guardian=no
`;
}

function backendText(zone: string, records: Readonly<Record<string, string>>): string {
  const rows = Object.entries(records).map(
    ([name, code]) => `["${name}.${zone}."] = { type = pdns.LUA, content = [[A "${code}"]] },`,
  );
  return `local records = {
  ["${zone}."] = { type = pdns.SOA, content = "ns1.${zone}. hostmaster.${zone}. 1 7200 900 1209600 900" },
  ["ns1.${zone}."] = { type = pdns.A, content = "${NAME_SERVER_HOST}" },
  ${rows.join("\n  ")}
}
function dns_lookup(qtype, qname, domain_id, ctx)
  local record = records[qname:toString()]
  if record == nil or (qtype:getCode() == pdns.SOA and record.type ~= pdns.SOA) then return {} end
  return { { name = qname, type = record.type, content = record.content, ttl = 1, domain_id = 1 } }
end
function dns_get_all_domains(include_disabled) return {} end
function dns_get_domaininfo(domain) return {} end
function dns_get_domain_metadata(name, kind) return {} end
function dns_get_all_domain_metadata(name) return {} end
`;
}
