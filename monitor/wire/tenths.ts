// Times are measured to a tenth of a millisecond: finer is noise, and whole milliseconds are too coarse for a neighbour.

export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
