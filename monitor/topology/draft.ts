// What can be kept of a file that has structural problems: every field that is right by itself, with defaults. So one
// slip in one section does not keep the rules from looking at the others.
import * as z from "zod/mini";

/** Any field may be missing because it was wrong; lists keep their indexes. */
export type Draft<T> = T extends readonly (infer E)[]
  ? readonly (Draft<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** The schema's output where `raw` fits, and undefined in the place of each smallest part that does not. */
export function draftOf<T extends z.core.$ZodType>(schema: T, raw: unknown): Draft<z.output<T>> | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a walk over a schema has no type that follows it
  return draftPart(schema, raw) as Draft<z.output<T>> | undefined;
}

/**
 * As deep as the schema, which nests five times and never itself. It asks for zod's mini classes: a value of `z.core` would
 * bring all of zod into the Worker's bundle.
 */
function draftPart(schema: z.core.$ZodType, raw: unknown): unknown {
  const whole = z.safeParse(schema, raw);
  if (whole.success) return whole.data;
  if (schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniPrefault || schema instanceof z.ZodMiniNullable)
    return draftPart(schema._zod.def.innerType, raw);
  if (schema instanceof z.ZodMiniArray && Array.isArray(raw))
    return raw.map((item: unknown) => draftPart(schema._zod.def.element, item));
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return undefined;
  if (schema instanceof z.ZodMiniDiscriminatedUnion) return draftUnion(schema, raw);
  if (schema instanceof z.ZodMiniObject) return draftObject(schema, raw);
  if (schema instanceof z.ZodMiniRecord)
    return Object.fromEntries(
      Object.entries(raw).map(([key, value]) => [key, draftPart(schema._zod.def.valueType, value)]),
    );
  return undefined;
}

function draftObject(schema: z.core.$ZodObject, raw: object): unknown {
  return Object.fromEntries(
    Object.entries(schema._zod.def.shape).map(([key, field]) => [
      key,
      draftPart(field, Object.hasOwn(raw, key) ? Reflect.get(raw, key) : undefined),
    ]),
  );
}

/** By the member whose discriminator fits; with an unknown one nothing can be said of the other fields. */
function draftUnion(schema: z.core.$ZodDiscriminatedUnion, raw: object): unknown {
  const { discriminator, options } = schema._zod.def;
  const word: unknown = Reflect.get(raw, discriminator);
  for (const option of options) {
    if (!(option instanceof z.ZodMiniObject)) continue;
    const field = option._zod.def.shape[discriminator];
    if (field !== undefined && z.safeParse(field, word).success) return draftObject(option, raw);
  }
  return undefined;
}
