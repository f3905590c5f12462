// One region's service in the local world: the real one, as a stranger would start it, with nothing of our environment.
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { type Child, startChild } from "./child.ts";
import type { LocalRegion } from "./topology.ts";

const ENTRY = new URL("../../service/index.ts", import.meta.url);
const TETHER = new URL("./tether.ts", import.meta.url);
/** A start takes a fraction of a second. */
const START_MS = 15_000;
/** What is read of stdout while waiting for the port. */
const STDOUT_CHARACTERS_MAX = 64 * 1024;

const LISTENING = z.object({ msg: z.literal("listening"), port: z.int().positive() });

export interface RegionService {
  readonly child: Child;
  /** The port on 127.0.0.1. Rejects when the service ends, or says nothing, before it listens. */
  readonly port: Promise<number>;
}

/** `n` counts regions from 1. `drainToken` opens its `/drain`, for drills. */
export function startService({ id, region }: LocalRegion, n: number, drainToken: string): RegionService {
  const child = startChild({
    name: `the service of ${id}`,
    processGroup: "ours",
    nodeArguments: ["--no-warnings", "--import", TETHER.href, fileURLToPath(ENTRY)],
    env: {
      PATH: process.env["PATH"],
      HOST: "127.0.0.1",
      PORT: "0",
      REGION: region,
      CLUSTER: id,
      POD_IP: `10.42.${n}.10`,
      HOSTNAME: `multicloud-demo-${n}`,
      VERSION: "local",
      // There is no load balancer to wait for.
      DRAIN_DELAY_MS: "0",
      DRAIN_TOKEN: drainToken,
    },
  });
  return { child, port: readPort(child) };
}

function readPort(child: Child): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`${child.name} did not listen within ${START_MS} ms`)), START_MS);
    const read = (piece: Buffer): void => {
      text = (text + piece.toString("utf8")).slice(-STDOUT_CHARACTERS_MAX);
      const port = text
        .split("\n")
        .map(listeningPort)
        .find((one) => one !== null);
      if (port === undefined || port === null) return;
      child.process.stdout?.off("data", read);
      resolve(port);
    };
    child.process.stdout?.on("data", read);
    void child.ended.then(({ how, lastLines }) =>
      reject(new Error([`${child.name} ended (${how})`, ...lastLines].join("\n"))),
    );
    void child.ended.then(() => clearTimeout(timer));
  });
}

function listeningPort(line: string): number | null {
  try {
    const said = LISTENING.safeParse(JSON.parse(line));
    return said.success ? said.data.port : null;
  } catch {
    return null;
  }
}
