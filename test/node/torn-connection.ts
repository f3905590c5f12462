// A database connection that breaks at its n-th statement: before it has done it, after it has done it, or so that what was
// begun cannot be undone at once either.
import { DatabaseSync } from "node:sqlite";
import type { Connection } from "../../monitor/node/store.ts";

export const TEARS = ["before it is done", "after it was done", "before it is done, and so does the rollback"] as const;
export type Tear = (typeof TEARS)[number];

export interface TornConnection extends Connection {
  /** Since the latest `arm`. */
  readonly statements: readonly string[];
  /** The n-th statement from now on breaks; null: none does. */
  readonly arm: (at: number | null, tear: Tear) => void;
  readonly close: () => void;
}

export function openTorn(file: string): TornConnection {
  const database = new DatabaseSync(file);
  let statements: string[] = [];
  let plan: { readonly at: number | null; readonly tear: Tear } = { at: null, tear: TEARS[0] };
  const step = <T>(statement: string, work: () => T): T => {
    statements.push(statement);
    const { at, tear } = plan;
    const breaksNow = statements.length === at;
    const rollback = tear === TEARS[2] && at !== null && statements.length === at + 1 && statement === "ROLLBACK";
    if (!breaksNow && !rollback) return work();
    if (tear === "after it was done") work();
    throw new Error("torn");
  };
  return {
    get statements() {
      return statements;
    },
    get isTransaction() {
      return database.isTransaction;
    },
    arm: (at, tear) => {
      statements = [];
      plan = { at, tear };
    },
    exec: (statement) => step(statement, () => database.exec(statement)),
    prepare: (statement) => {
      const prepared = database.prepare(statement);
      return { all: (...values) => step(statement, () => prepared.all(...values)) };
    },
    close: () => database.close(),
  };
}
