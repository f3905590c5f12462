// Whoever starts the programs may be killed: they end all the same.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/until.ts";
import { freePort } from "../name-server.ts";

const END_MS_MAX = 20_000;
const STARTER = `
const [program, ...words] = process.argv.slice(1);
const child = require("node:child_process").spawn(program, words, { stdio: ["pipe", "ignore", "ignore"] });
child.once("spawn", () => console.log(child.pid));
setInterval(() => {}, 1000);
`;

/** By kill -9, which nobody can catch. */
export async function checkOrphan(program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "orphan-"));
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const words = [
    "etcd",
    `--data-dir=${folder}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
  const starter = spawn(process.execPath, ["-e", STARTER, program, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(starter.stdout, "data")) as [Buffer];
  const pid = Number(said.toString().trim());
  const isThere = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  try {
    await until(
      "etcd answers",
      () =>
        fetch(`${client}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      END_MS_MAX,
    );
    starter.kill("SIGKILL");
    await until(`process ${pid} has ended after the one that started it`, () => !isThere(), END_MS_MAX);
  } finally {
    if (isThere()) process.kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}
