/* oxlint-disable -- not ours to type: it is what a bundler would have written */
// A Worker that only tells what it was given: enough to see that modules, bindings, storage and the network are there.
import { DurableObject } from "cloudflare:workers";
import note from "./note.yaml";

export class Coordinator extends DurableObject {
  count() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS looks (id INTEGER PRIMARY KEY)");
    this.ctx.storage.sql.exec("INSERT INTO looks DEFAULT VALUES");
    return this.ctx.storage.sql.exec("SELECT COUNT(*) AS looks FROM looks").one().looks;
  }
}

export class Vantage extends DurableObject {
  ownName() {
    return this.ctx.id.name ?? null;
  }
}

export default {
  async fetch(request, env) {
    const region = new URL(request.url).searchParams.get("region");
    return Response.json({
      note,
      topology: env.TOPOLOGY,
      traceUrl: env.TRACE_URL,
      looks: await env.COORDINATOR.getByName("coordinator").count(),
      vantage: await env.VANTAGE.getByName("vantage:enam:v1").ownName(),
      region: region === null ? null : await (await fetch(region, { signal: AbortSignal.timeout(2000) })).text(),
    });
  },
};
