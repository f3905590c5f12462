// Wiring only.
import { DurableObject } from "cloudflare:workers";

export class Coordinator extends DurableObject {}
export class Vantage extends DurableObject {}

export default {
  fetch(): Response {
    return new Response("not yet", { status: 503 });
  },
};
