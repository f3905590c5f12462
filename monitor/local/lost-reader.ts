// When nobody reads any more what a command says: a pipe into `head`, a terminal that was closed. Node's own answer is to end the
// process at once, which no command may do that has something to put back.

/** Both streams. Calls `act` each time that something could not be written. */
export function hearLostReader(act: () => void): { readonly release: () => void } {
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.on("error", act);
  return { release: () => streams.forEach((stream) => void stream.off("error", act)) };
}
