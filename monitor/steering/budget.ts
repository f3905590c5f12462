// A budget of retries that did not help. One that helped only moved its load to a region which had room for it, and costs
// nothing; where they do not help, they would double the load of an outage, and end soon.

/** Retries that may fail at a time, before requests have paid for them. */
export const BALANCE_MAX = 20;

/** `balance` from 0 to BALANCE_MAX. */
export function mayRetry(balance: number): boolean {
  return balance >= 1;
}

/** Each request pays in its share (0 to 1). */
export function afterRequest(balance: number, share: number): number {
  return Math.min(BALANCE_MAX, balance + share);
}

export function afterVainRetry(balance: number): number {
  return Math.max(0, balance - 1);
}
