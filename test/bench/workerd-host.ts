// Holds a workerd on behalf of the bench: Miniflare ends its process on signals, and here that must not be the bench's own.
// Answers its first message, a plan, with the URL when the Worker is ready.
import { startWorkerd, WORKERD_PLAN } from "../../monitor/local/workerd.ts";
import { answerOrders } from "./orders.ts";

let running: ReturnType<typeof startWorkerd> | null = null;

answerOrders(start, () => void end());

async function start(plan: unknown): Promise<string> {
  const miniflare = startWorkerd(WORKERD_PLAN.parse(plan));
  running = miniflare;
  const { origin } = await miniflare.ready;
  // Whoever signals the group also signals the bench, which then closes the channel.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {});
  }
  return origin;
}

async function end(): Promise<void> {
  await running?.dispose().catch(() => {});
  process.exit();
}
