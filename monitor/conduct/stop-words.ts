// Why a drill ends before its time: a person wants it, or whoever aborts says a reason of its own.

/** Of a signal that has aborted. */
export function stopWords({ reason }: AbortSignal): string {
  return typeof reason === "string" ? reason : "it was stopped";
}
