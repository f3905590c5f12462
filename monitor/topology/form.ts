// The kinds of field that the schema is built of. Each carries one phrase that says what is expected there; zod's own
// sentences never reach a reader.
import * as z from "zod/mini";

/** A mapping with exactly these keys. For unknown keys the issue's message is the list of the known ones (see `wording.ts`). */
export function mapping<const T extends z.core.$ZodLooseShape>(shape: T) {
  const keys = Object.keys(shape).join(KEY_SEPARATOR);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? keys : `a mapping with the keys ${keys}`),
  });
}

export const KEY_SEPARATOR = ", ";

export function list<T extends z.core.SomeType>(item: T, counts: readonly [min: number, max: number], items: string) {
  const [min, max] = counts;
  const expected = min === 0 ? `a list of at most ${max} ${items}` : `a list of ${min} to ${max} ${items}`;
  return z.array(item, expected).check(z.minLength(min, expected), z.maxLength(max, expected));
}

/** A text of a form; a pattern reaches the JSON Schema, a function does not. */
export function text(form: RegExp | ((value: string) => boolean), expected: string) {
  const check = form instanceof RegExp ? z.regex(form, expected) : z.refine<string>(form, expected);
  return z.string(expected).check(check);
}

export function wholeNumber(range: readonly [min: number, max: number], unit: string) {
  const [min, max] = range;
  const expected = `a whole number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
  return z.int(expected).check(z.minimum(min, expected), z.maximum(max, expected));
}

export function oneOf<const T extends readonly string[]>(words: T, expected: string) {
  return z.enum(words, `${expected} (${words.join(", ")})`);
}

export function flag() {
  return z.boolean("true or false");
}

/** One entry at least; the keys are looked at by the rules, which know the regions. */
export function byRegion<T extends z.core.SomeType>(value: T, values: string) {
  const words = `${values} of one region at least, by region id`;
  return z.record(z.string(), value, words).check(z.refine((entries) => Object.keys(entries).length > 0, words));
}
