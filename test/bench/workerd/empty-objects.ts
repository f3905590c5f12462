// Objects that do nothing, because wrangler.toml names them.
import { DurableObject } from "cloudflare:workers";

export class Coordinator extends DurableObject {}
export class Vantage extends DurableObject {}
