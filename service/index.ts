// The wiring: environment, socket, signals. It ends with 0 after a clean farewell, 1 where it cannot listen, 2 for a wrong
// environment or argument, and 143 (128 + SIGTERM) where a second SIGTERM cuts the farewell short.
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { makeApp, type Readiness } from "./app.ts";
import { type Identity, parseIdentity } from "./identity.ts";
import { logError, logInfo } from "./log.ts";
import { checkSelf } from "./self-check.ts";
import { makeServer } from "./server.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { makeFarewell } from "./shutdown.ts";

/** The argument with which a container asks whether the service in it is alive. */
const HEALTHCHECK = "healthcheck";
const EXIT_UNABLE = 1;
const EXIT_USAGE = 2;
const EXIT_CUT_SHORT = 143;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const settings = parseSettings(process.env);
  const identity = parseIdentity(process.env, hostname());
  const problems = [settings, identity].flatMap((parsed) => (parsed.ok ? [] : parsed.problems));
  const [command, ...rest] = args;
  if (rest.length > 0 || (command !== undefined && command !== HEALTHCHECK))
    problems.push(`arguments: expected none or "${HEALTHCHECK}", found ${JSON.stringify(args.join(" "))}`);
  if (!settings.ok || !identity.ok || problems.length > 0) {
    for (const problem of problems) logError(problem);
    // Docker knows 0 and 1 of a health check, and reserves 2.
    process.exit(command === HEALTHCHECK ? EXIT_UNABLE : EXIT_USAGE);
  }
  if (command === undefined) return serve(settings.value, identity.value);
  const problem = await checkSelf(settings.value);
  if (problem !== null) logError(problem);
  process.exit(problem === null ? 0 : EXIT_UNABLE);
}

function serve(settings: Settings, identity: Identity): void {
  let readiness: Readiness = "ready";
  const report = (fault: Error): void => logError(fault.message, { stack: fault.stack ?? "" });
  const { drainToken } = settings;
  const app = makeApp({ identity, readiness: () => readiness, now: Date.now, drainToken, tell: logInfo, report });
  const server = makeServer(app, identity.region);
  const farewell = makeFarewell(server);

  process.on("SIGTERM", () => {
    if (readiness === "draining") {
      logInfo("a second SIGTERM: leaving at once");
      process.exit(EXIT_CUT_SHORT);
    }
    readiness = "draining";
    void leave();
  });
  async function leave(): Promise<void> {
    const { drainDelayMs, drainTimeoutMs } = settings;
    logInfo("draining", { drainDelayMs, drainTimeoutMs });
    await delay(drainDelayMs);
    const closed = farewell.close(drainTimeoutMs);
    logInfo("closing");
    logInfo("stopped", { destroyedConnections: await closed });
    process.exit(0);
  }

  const { host, port } = settings;
  server.on("error", (error) => {
    logError(`cannot listen on ${host ?? "all interfaces"}, port ${port}: ${error.message}`);
    process.exit(EXIT_UNABLE);
  });
  server.listen(port, host, () => {
    const address = server.address();
    if (address !== null && typeof address === "object")
      logInfo("listening", { host: address.address, port: address.port });
  });
}
