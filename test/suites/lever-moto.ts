// The pin on a health check before a Route 53 API that we did not write. moto shows that our calls are understood and that the
// lists which it empties stay; it neither counts nor compares versions, so conflicts are left to our own stand-in. Run as
// `node test/suites/lever-moto.ts`; without moto everything is skipped.
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  GetHealthCheckCommand,
  type HealthCheckConfig,
} from "@aws-sdk/client-route-53";
import type { Lever } from "../../monitor/lever/lever.ts";
import { makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { expectSame, runChecks, type SuiteCheck } from "./checks.ts";
import { type Api, CREDENTIALS, motoPresence, startMoto } from "./moto-server.ts";
import { startOnce } from "./program.ts";

const moto = startOnce(startMoto);
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-1"] as const;
let count = 0;

const CHECKS: readonly SuiteCheck<"moto_server">[] = [
  onMoto("is planned, set and taken away, twice each, and leaves the check as it was", checkRoundTrip),
  onMoto("is refused where both records have one check", checkShared),
  onMoto("is refused where a calculated check counts it", checkParent),
  onMoto("is refused where the check is pinned already", checkPinned),
];

function onMoto(name: string, run: (api: Api) => Promise<void>): SuiteCheck<"moto_server"> {
  return { name, program: "moto_server", run: async () => await run((await moto.get()).api) };
}

async function checkRoundTrip(api: Api): Promise<void> {
  const own = await makeCheck(api);
  const lever = await leverOn(api, own, await makeCheck(api));
  const before = await configOf(api, own);
  const plan = await lever.plan();
  if (plan.kind === "refused") throw new Error(plan.why.join("; "));
  expectSame("the config after the plan", await configOf(api, own), before);
  for (const act of [lever.apply, lever.apply, lever.rollback, lever.rollback]) {
    const result = await act(plan.undo);
    if (result.kind === "failed") throw new Error(result.detail);
    const { Disabled, Inverted, Regions } = await configOf(api, own);
    const pinned = act === lever.apply;
    expectSame("the pins", [Disabled, Inverted], [pinned, pinned]);
    expectSame("the checker regions", Regions, REGIONS);
    expectSame("what the lever says of it", (await lever.verify(plan.undo)).kind, pinned ? "applied" : "restored");
  }
  expectSame("the config at the end", await configOf(api, own), before);
}

async function checkShared(api: Api): Promise<void> {
  const own = await makeCheck(api);
  await expectRefusal(
    await leverOn(api, own, own),
    /is also used by A demo\.multicloud\.example\.com\. \(gcp-europe-west1\)/,
  );
}

async function checkParent(api: Api): Promise<void> {
  const own = await makeCheck(api);
  const parent = await makeCheck(api, { Type: "CALCULATED", HealthThreshold: 1, ChildHealthChecks: [own] });
  await expectRefusal(await leverOn(api, own, await makeCheck(api)), new RegExp(`the calculated check ${parent}`));
}

async function checkPinned(api: Api): Promise<void> {
  const own = await makeCheck(api);
  const lever = await leverOn(api, own, await makeCheck(api));
  const plan = await lever.plan();
  if (plan.kind === "refused") throw new Error(plan.why.join("; "));
  await lever.apply(plan.undo);
  await expectRefusal(lever, /is disabled already: left by a drill\?/);
}

async function expectRefusal(lever: Lever, sentence: RegExp): Promise<void> {
  const plan = await lever.plan();
  const why = plan.kind === "refused" ? plan.why.join("; ") : "nothing";
  if (!sentence.test(why)) throw new Error(`expected a refusal like ${sentence.source}, found ${why}`);
}

/** A zone of its own, whose records have these checks. */
async function leverOn({ client, url }: Api, first: string, second: string): Promise<Lever> {
  const Name = EXAMPLE.dns.zone;
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({ Name, CallerReference: `zone-${(count += 1)}` }),
  );
  const zoneId = (HostedZone?.Id ?? "").replace("/hostedzone/", "");
  const Changes = [
    { id: AWS.id, check: first, Failover: "PRIMARY" as const },
    { id: GCP.id, check: second, Failover: "SECONDARY" as const },
  ].map(({ id, check, Failover }) => ({
    Action: "CREATE" as const,
    ResourceRecordSet: {
      Name: EXAMPLE.service.host,
      Type: "A" as const,
      SetIdentifier: id,
      Failover,
      TTL: 60,
      ResourceRecords: [{ Value: "192.0.2.10" }],
      HealthCheckId: check,
    },
  }));
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL: url });
  const wish = { lever: "route53-health-check", region: AWS.id } as const;
  return makeLever(wish, { topology: EXAMPLE, worldPort: null, zoneId }, makeReach(process.env));
}

async function makeCheck({ client }: Api, config?: HealthCheckConfig): Promise<string> {
  const { HealthCheck } = await client.send(
    new CreateHealthCheckCommand({
      CallerReference: `check-${(count += 1)}`,
      HealthCheckConfig: config ?? {
        Type: "HTTPS",
        IPAddress: "192.0.2.10",
        Port: 443,
        ResourcePath: "/healthz",
        FailureThreshold: 3,
        RequestInterval: 10,
        Regions: [...REGIONS],
        Disabled: false,
        Inverted: false,
      },
    }),
  );
  return HealthCheck?.Id ?? "";
}

async function configOf({ client }: Api, id: string): Promise<HealthCheckConfig> {
  const { HealthCheck } = await client.send(new GetHealthCheckCommand({ HealthCheckId: id }));
  if (HealthCheck?.HealthCheckConfig === undefined) throw new Error(`${id} is gone`);
  return HealthCheck.HealthCheckConfig;
}

await runChecks(CHECKS, { moto_server: motoPresence() });
await moto.end();
