// The words that the faces of a maintenance window and of what it caused share.

/** "drill d1" or "maintenance m1", of an incident's `causedBy`. */
export function causeName(causedBy: string): string {
  return causedBy.startsWith("maintenance:")
    ? `maintenance ${causedBy.slice("maintenance:".length)}`
    : `drill ${causedBy}`;
}

/** "2026-11-29 02:00 UTC", of an instant as `/status` writes it. */
export function minuteWords(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
