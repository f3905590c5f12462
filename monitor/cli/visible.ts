// Words that others wrote, on their way to a terminal.

/** They must not steer it. Lines stay. */
export function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, "?");
}
