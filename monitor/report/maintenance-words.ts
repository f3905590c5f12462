// The words that the faces of a maintenance window, of what it caused and of a mute share.

/** "drill d1" or "maintenance m1", of an incident's `causedBy`. */
export function causeName(causedBy: string): string {
  return causedBy.startsWith("maintenance:")
    ? `maintenance ${causedBy.slice("maintenance:".length)}`
    : `drill ${causedBy}`;
}

/** "muted until 2026-11-29 02:00 UTC by anna: a known fault", of a mute in `mutes`; null: there is none of this id. */
export function muteWords(
  id: string | undefined,
  mutes: readonly {
    readonly id: string;
    readonly until: string;
    readonly reason: string;
    readonly by: string | null;
  }[],
): string | null {
  const mute = mutes.find((one) => one.id === id);
  if (mute === undefined) return null;
  return `muted until ${minuteWords(mute.until)}${mute.by === null ? "" : ` by ${mute.by}`}: ${mute.reason}`;
}

/** "2026-11-29 02:00 UTC", of an instant as `/status` writes it. */
export function minuteWords(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
