// The one coordinator of the tests in workerd, and what its storage says.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

export function coordinator() {
  return env.COORDINATOR.getByName("coordinator");
}

/** Null: none is set. */
export function alarmOf(stub = coordinator()): Promise<number | null> {
  return runInDurableObject(stub, (_instance, state) => state.storage.getAlarm());
}
