// A file's schema as JSON Schema for editors, with a description at each field. Apart from the schemas themselves, because
// it has no place in the Worker's bundle.
import * as z from "zod/mini";

export type Json = Readonly<Record<string, unknown>>;

export interface EditorTexts {
  readonly title: string;
  /** By the field's path; lists and unions add no step to it. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** A text that is a variable has the form that its pattern asks for only once it is filled. */
  readonly texts: "may hold variables" | "are plain";
}

/** Draft 2020-12, of what a file may say before defaults are put in; the same in every run. */
export function editorSchema(schema: z.core.$ZodType, texts: EditorTexts): Json {
  const generated = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
  return { title: texts.title, ...fieldForEditors({ ...generated }, [], texts) };
}

/** By our own walk: fields that share a zod schema share its metadata as well, and host and zone are not the same thing. */
function fieldForEditors(schema: Json, path: readonly string[], texts: EditorTexts): Json {
  const description = texts.descriptions[path.join(".")];
  return { ...(description === undefined ? {} : { description }), ...partsForEditors(schema, path, texts) };
}

/** Items of lists and members of unions have their field's path, but not its description. */
function partsForEditors(schema: Json, path: readonly string[], texts: EditorTexts): Json {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, partForEditors(key, value, path, texts)]),
  );
}

function partForEditors(key: string, value: unknown, path: readonly string[], texts: EditorTexts): unknown {
  if (key === "pattern" && typeof value === "string")
    return texts.texts === "may hold variables" ? `${value}|[$][{]` : value;
  if (key === "properties" && isJson(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        isJson(field) ? fieldForEditors(field, [...path, name], texts) : field,
      ]),
    );
  if (key === "items" && isJson(value)) return partsForEditors(value, path, texts);
  if ((key === "oneOf" || key === "anyOf") && Array.isArray(value))
    return value.map((member: unknown) => (isJson(member) ? partsForEditors(member, path, texts) : member));
  return value;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
