// The router in one line, for the page and the terminal: what it does, and what is out of the ordinary.
import type { StatusReport } from "./status-schema.ts";

export type RouterRow = NonNullable<StatusReport["router"]>;

/** "proxy by failover, 12 requests, 3 tried twice". */
export function routerPhrase({ mode, steering, requests, retries }: RouterRow): string {
  const twice = retries === 0 ? "" : `, ${retries} tried twice`;
  return `${mode} by ${steering}, ${requests} requests${twice}`;
}

/** In the topology's order, the worst of all first; none: everything is ordinary. */
export function routerTroubles({ regions, failOpen, isolates }: RouterRow): readonly string[] {
  return [
    ...(failOpen ? ["all regions were down: it failed open"] : []),
    ...regions.flatMap(({ id, drain, suspectedBy, mismatch }) => [
      ...(mismatch === null ? [] : [`${id} claims ${mismatch.claimed}`]),
      ...(suspectedBy === 0 ? [] : [`${id} suspect to ${suspectedBy} of ${isolates} isolates`]),
      ...(drain === null ? [] : [`${id} in ${drain.kind} until ${drain.until}`]),
    ]),
  ];
}
