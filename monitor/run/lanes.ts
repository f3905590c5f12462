// Many tasks, a few at a time: the number of lanes is what bounds connections, to regions and to API servers alike.

/** Begun in their order; rejects as the first task that does. */
export async function runInLanes(tasks: readonly (() => Promise<void>)[], lanes: number): Promise<void> {
  const waiting = tasks.values();
  const lane = async (): Promise<void> => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
