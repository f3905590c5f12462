// What the failover timeline is drawn from, as the state hands it on from round to round. How it is kept is in
// `verify/trail.ts`.
import type { Instant } from "../time.ts";

/** Since when a lane has had a value. */
export type Turn = readonly [at: Instant, value: string];

export interface Trail {
  /** Before it nothing is remembered. */
  readonly from: Instant;
  /**
   * By lane, the oldest turn first: "region:<id>" has the health that users get, "policy" the regions that Route 53 should lead
   * to, "dns" the worst verdict on answers and the regions they lead to, "monitor" whether rounds came.
   */
  readonly lanes: Readonly<Record<string, readonly Turn[]>>;
}
