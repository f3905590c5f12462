// moto's Route 53 on loopback, which several suites ask. It keeps no promise that AWS makes about versions, see what the
// suites say of it.
import { spawn } from "node:child_process";
import { Route53Client } from "@aws-sdk/client-route-53";
import { until } from "../support/until.ts";
import { isInstalled, type Presence } from "./checks.ts";
import { freePort } from "./name-server.ts";
import { stopProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 60_000;

export const MOTO_INSTALL = "pip install 'moto[server]==5.2.1'";
/** Nobody's: moto looks at none, and the SDK looks nowhere else when these are there. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "not-a-secret",
  AWS_EC2_METADATA_DISABLED: "true",
};

export const KEYS = {
  accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
  secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
};

export interface Api {
  readonly url: string;
  readonly client: Route53Client;
}

export function motoPresence(): Presence {
  return { isHere: isInstalled("moto_server", ["--help"], "succeeded"), install: MOTO_INSTALL };
}

export async function startMoto(): Promise<{ readonly api: Api; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn("moto_server", ["-H", HOST, "-p", String(port)], { stdio: "ignore" });
  const url = `http://${HOST}:${port}`;
  await until(
    "moto answers",
    async () => {
      if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}`);
      return fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    START_MS_MAX,
  );
  const client = new Route53Client({ endpoint: url, region: "us-east-1", credentials: KEYS });
  const stop = async (): Promise<void> => {
    client.destroy();
    await stopProgram(child);
  };
  return { api: { url, client }, stop };
}
