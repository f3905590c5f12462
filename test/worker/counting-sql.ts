// A Durable Object's SQLite that counts the rows it writes, as Cloudflare bills them.
import type { Sql } from "../../monitor/wire/sql-store.ts";

export function countingSql(storage: DurableObjectStorage): { readonly sql: Sql; readonly written: () => number } {
  let written = 0;
  const all: Sql["all"] = (statement, ...values) => {
    const cursor = storage.sql.exec(statement, ...values);
    const rows = cursor.toArray();
    written += cursor.rowsWritten;
    return rows;
  };
  return { sql: { all, transaction: (work) => storage.transactionSync(work) }, written: () => written };
}
