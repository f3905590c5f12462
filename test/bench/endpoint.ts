// Starts the endpoint of `probe-target.ts` under a name that resolves, with a certificate made on the spot.
import { lookup } from "node:dns/promises";
import { AWS } from "../support/example-topology.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";
import type { Belongings } from "./belongings.ts";
import { writeInto } from "./files.ts";
import { startHelpmate } from "./processes.ts";

export interface Endpoint {
  /** To be resolved like any other, so that there is a dns phase. */
  readonly name: string;
  readonly ports: { readonly http: number; readonly https: number };
  /** PEM. */
  readonly authorityFile: string;
  readonly family: 4 | 6;
  end(): Promise<void>;
}

const NAME = "localhost";

export async function startEndpoint(belongings: Belongings): Promise<Endpoint> {
  const folder = belongings.makeFolder();
  const authority = makeAuthority("bench");
  const certificate = makeCertificate(NAME, authority);
  const key = writeInto(folder, "key.pem", certificate.key);
  const cert = writeInto(folder, "cert.pem", certificate.cert);
  const { address, family } = await lookup(NAME);
  const target = startHelpmate("probe-target.ts", [key, cert, address, AWS.region], {}, belongings);
  return {
    name: NAME,
    ports: await target.ask<Endpoint["ports"]>("where"),
    authorityFile: writeInto(folder, "authority.pem", authority.cert),
    family: family === 6 ? 6 : 4,
    end: target.end,
  };
}
