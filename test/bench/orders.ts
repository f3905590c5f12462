// The other end of `startHelpmate`: every message is an order, and is answered with one message. Whoever is left alone ends.

/** `end` is called when the bench is gone, or wants no more. */
export function answerOrders(answer: (order: unknown) => unknown, end: () => void = () => process.exit()): void {
  const obey = async (order: unknown): Promise<void> => {
    try {
      const said = (await answer(order)) as object;
      // The bench may have gone meanwhile, and then nobody wants to hear it.
      process.send?.(said, () => {});
    } catch (thrown) {
      console.error(thrown);
      process.exit(1);
    }
  };
  process.on("message", (order) => void obey(order));
  process.on("disconnect", end);
}
