// "Did you mean …?": the known word that a typing slip, or stopping half way, could have turned into the given one.

/** Longer words are not compared: the table of distances grows with the square of the length. */
const LENGTH_MAX = 64;
/** One slip in a short word, one more for every so many letters. */
const LETTERS_PER_SLIP = 4;
/** A beginning shorter than this fits too many words. */
const BEGINNING_MIN = 4;
/** So that of two words as near, the whole one wins. */
const BEGINNING_EXTRA = 0.5;

/** Null when no candidate is near; among equally near ones, the first. */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  const given = word.toLowerCase();
  if (given.length > LENGTH_MAX) return null;
  const slipsMax = Math.max(1, Math.floor(given.length / LETTERS_PER_SLIP));
  const near = candidates
    .filter((candidate) => candidate.length <= LENGTH_MAX)
    .map((candidate) => ({ candidate, slips: slipsFrom(given, candidate.toLowerCase()) }))
    .filter(({ slips }) => slips < slipsMax + 1)
    .toSorted((a, b) => a.slips - b.slips);
  return near[0]?.candidate ?? null;
}

/** To the whole candidate, or at a little extra to its beginning: "intervall" for "intervalSeconds". */
function slipsFrom(given: string, candidate: string): number {
  const whole = slipsBetween(given, candidate);
  if (given.length < BEGINNING_MIN || given.length >= candidate.length) return whole;
  return Math.min(whole, slipsBetween(given, candidate.slice(0, given.length)) + BEGINNING_EXTRA);
}

/** Letters added, dropped, replaced or swapped with a neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
