// What one isolate of the router saw by itself since it last told: counts and open breakers, sent along with its question for
// the next snapshot, so that nothing is called for them alone.

export interface RouterHints {
  /** A name that the isolate gave itself. */
  readonly isolate: string;
  readonly requests: number;
  /** Requests that were tried at a second region. */
  readonly retries: number;
  /** Of them, those that did not help. */
  readonly vain: number;
  /** By region id: requests that it answered or was named to; absent in what an isolate of an older version tells. */
  readonly served?: Readonly<Record<string, number>>;
  /** Requests that were sent to a region which was down, because all were. */
  readonly failedOpen: number;
  /** Region ids with an open breaker, in the topology's order. */
  readonly suspects: readonly string[];
  /** By region id: what replies from there claimed to be, the latest one. */
  readonly mismatches: Readonly<Record<string, string>>;
}
