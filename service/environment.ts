// The border to the environment: what is set there is text that somebody typed, so each reading ends in a value or in
// every sentence about what is wrong, and the process does not start on a guess.

export type Environment = Readonly<Record<string, string | undefined>>;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A variable set to nothing counts as not set: that is how templates leave out a value. */
export function readText(env: Environment, name: string): string | null {
  const text = env[name]?.trim();
  return text === undefined || text === "" ? null : text;
}
