// One after the other: work on a thing that must not be done twice at once, such as opening and closing a port.

/** Runs each work when the ones before it have ended, however they ended; gives the outcome to whoever asked. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function takeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
