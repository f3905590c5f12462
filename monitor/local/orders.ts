// What parent and children say to each other over IPC: numbered orders down, one reply to each up. Both ends are here, so
// that they cannot drift apart; what an order holds is parsed by the child that obeys it.
import type { ChildProcess } from "node:child_process";
import * as z from "zod";
import { errorText } from "./listening.ts";

const ORDER = z.strictObject({ number: z.int(), name: z.string(), argument: z.unknown() });
const REPLY = z.strictObject({ number: z.int(), problem: z.nullable(z.string()), value: z.unknown() });

/** What a child can do, by name. A rejection becomes the order's problem. */
export type Duties = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;

/** In the child: obeys until the channel closes. */
export function obey(duties: Duties): void {
  process.on("message", (message) => {
    const order = ORDER.safeParse(message);
    if (order.success) void answer(order.data, duties);
  });
}

async function answer({ number, name, argument }: z.infer<typeof ORDER>, duties: Duties): Promise<void> {
  const reply = (problem: string | null, value: unknown): void => {
    // The parent may be gone by now; then nobody waits for it.
    if (process.connected) process.send?.({ number, problem, value: value ?? null }, () => {});
  };
  try {
    const duty = duties[name];
    if (duty === undefined) throw new Error(`no such order: ${name}`);
    reply(null, await duty(argument));
  } catch (error) {
    reply(errorText(error), null);
  }
}

let lastNumber = 0;

export interface Order {
  readonly name: string;
  readonly argument?: unknown;
  readonly timeoutMs: number;
}

/** In the parent: gives the order's value. Rejects with the child's problem, when the child ends, and after `timeoutMs`. */
export function giveOrder(child: ChildProcess, order: Order): Promise<unknown> {
  const number = (lastNumber += 1);
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      child.off("message", hear).off("disconnect", lose);
      done();
    };
    const hear = (message: unknown): void => {
      const reply = REPLY.safeParse(message);
      if (!reply.success || reply.data.number !== number) return;
      const { problem, value } = reply.data;
      settle(() => (problem === null ? resolve(value) : reject(new Error(problem))));
    };
    const lose = (): void => settle(() => reject(new Error("it ended")));
    const late = (): void => settle(() => reject(new Error(`no reply to "${order.name}" in ${order.timeoutMs} ms`)));
    const timer = setTimeout(late, order.timeoutMs);
    child.on("message", hear).on("disconnect", lose);
    if (!child.connected) return lose();
    child.send({ number, name: order.name, argument: order.argument ?? null }, (error) => {
      if (error !== null) lose();
    });
  });
}
