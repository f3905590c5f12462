// Records by key, grouped and merged: keys ascend, so that the same counts are the same text.

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, readonly T[]>> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return Object.fromEntries([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

export function mergeRecords<T>(
  records: readonly Readonly<Partial<Record<string, T>>>[],
  merge: (values: readonly T[]) => T,
): Readonly<Record<string, T>> {
  const entries = records.flatMap((record) =>
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])),
  );
  return mapValues(
    groupBy(entries, (entry) => entry.key),
    (same) => merge(same.map((entry) => entry.value)),
  );
}

export function sumOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}
