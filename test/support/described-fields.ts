// Every description in a JSON Schema with the field that it stands at: "dns.zone: Name of the hosted zone, …".

export function describedFields(schema: unknown): ReadonlySet<string> {
  const found: string[] = [];
  collect(schema, [], found);
  return new Set(found);
}

function collect(schema: unknown, path: readonly string[], found: string[]): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, value] of Object.entries<unknown>({ ...schema })) {
    if (key === "description" && typeof value === "string") found.push(`${path.join(".")}: ${value}`);
    else if (key === "properties" && typeof value === "object" && value !== null)
      for (const [name, field] of Object.entries<unknown>({ ...value })) collect(field, [...path, name], found);
    else if (typeof value === "object") collect(value, path, found);
  }
}
