// Ctrl-C and its relatives: the first one asks for a clean stop, a second one no longer waits for it.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface StopSignal {
  /** Aborts at the first signal. */
  readonly asked: AbortSignal;
  /** What a second signal does; until this is called it ends the process, and children follow their closed channel. */
  onImpatience(act: () => void): void;
  /** Signals do what they did before. */
  release(): void;
}

/** Exit code of a process that a second Ctrl-C ended. */
const EXIT_IMPATIENT = 130;

/** `signals`: for a process to which some of them mean something else. */
export function catchStopSignals(signals: readonly NodeJS.Signals[] = SIGNALS): StopSignal {
  const asked = new AbortController();
  let impatience = (): void => process.exit(EXIT_IMPATIENT);
  const hear = (): void => {
    if (asked.signal.aborted) impatience();
    else asked.abort();
  };
  for (const signal of signals) process.on(signal, hear);
  return {
    asked: asked.signal,
    onImpatience: (act) => {
      impatience = act;
    },
    release: () => {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
