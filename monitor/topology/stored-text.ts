// How much room a text of the world takes in what is stored, as JSON in UTF-8: others choose its letters, so its length says
// little. Limits on what is kept are counted this way, or the bound on the whole state would not hold.

/** An upper bound, which plain letters reach exactly. Quotes not counted. */
export function storedBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) bytes += unitBytes(text.charCodeAt(at));
  return bytes;
}

/** Its beginning, as far as `bytesMax` reach, without half a character at the end. */
export function cutStored(text: string, bytesMax: number): string {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    bytes += unitBytes(text.charCodeAt(at));
    if (bytes > bytesMax) return text.slice(0, isHighSurrogate(text.charCodeAt(at - 1)) ? at - 1 : at);
  }
  return text;
}

/** The same, and that something is missing is shown; the mark is beyond `bytesMax`. */
export function shortenStored(text: string, bytesMax: number): string {
  const cut = cutStored(text, bytesMax);
  return cut === text ? text : `${cut}…`;
}

/** Of one UTF-16 unit. Half a pair alone is written as an escape. */
function unitBytes(unit: number): number {
  if (unit < 0x20 || (unit >= 0xd800 && unit <= 0xdfff)) return 6;
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
