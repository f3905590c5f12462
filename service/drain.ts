// The switch of drills: for a while this process calls itself unhealthy on `/healthz`, and serves everybody who still comes.
// It is in memory and ends by itself, so that a drill whose maker is gone hurts no longer than it said.

export const DRAIN_SECONDS_MAX = 3600;

export interface Drain {
  /** Milliseconds since 1970; null: not drained at `at`. */
  until(at: number): number | null;
  begin(seconds: number, at: number): void;
  end(): void;
}

export function makeDrain(): Drain {
  let until = 0;
  return {
    until: (at) => (at < until ? until : null),
    begin: (seconds, at) => {
      until = at + Math.min(seconds, DRAIN_SECONDS_MAX) * 1000;
    },
    end: () => {
      until = 0;
    },
  };
}
