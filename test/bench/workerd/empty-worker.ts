// The least that a Worker with this framework can be: what the size of ours is compared with.
import { Hono } from "hono";

export { Coordinator, Vantage } from "./empty-objects.ts";

const app = new Hono();
app.get("/status", (c) => c.json({}));

export default app;
