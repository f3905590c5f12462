// An account of Route 53 as far as drills see it: zones with records, health checks that count their versions and refuse a
// write for another one. It simulates the API's documented behaviour, and on request what emulators make of it.
import type { Route53Server, WrittenAnswer } from "./route53-server.ts";
import { errorXml, startRoute53Server, xml } from "./route53-server.ts";

export interface AccountCheck {
  version: number;
  disabled: boolean;
  inverted: boolean;
  regions: readonly string[];
  children: readonly string[];
  failureThreshold: number;
  linked: string | null;
}

export interface AccountRecord {
  readonly name: string;
  readonly setIdentifier?: string;
  readonly checkId?: string;
}

export interface AccountZone {
  readonly name: string;
  records: readonly AccountRecord[];
  readonly isPrivate?: boolean;
}

export interface Route53Account {
  readonly server: Route53Server;
  readonly zones: Map<string, AccountZone>;
  readonly checks: Map<string, AccountCheck>;
  /** "wipes": lists that a write leaves out are emptied, and versions are neither counted nor compared, as moto does. */
  manner: "aws" | "wipes";
  /** What answers instead, for a request that it wants to answer. */
  instead: (request: string) => WrittenAnswer | null;
  /** Between the arrival of a write and its doing: somebody else's. */
  beforeWrite: () => void;
}

export function makeCheck(part: Partial<AccountCheck> = {}): AccountCheck {
  return {
    version: 7,
    disabled: false,
    inverted: false,
    regions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
    children: [],
    failureThreshold: 3,
    linked: null,
    ...part,
  };
}

export async function startRoute53Account(): Promise<Route53Account> {
  const account: Omit<Route53Account, "server"> = {
    zones: new Map(),
    checks: new Map(),
    manner: "aws",
    instead: () => null,
    beforeWrite: () => {},
  };
  const whole = account as Route53Account;
  const server = await startRoute53Server((line, _before, _authorization, body) => {
    const [method = "", url = ""] = line.split(" ");
    return whole.instead(line) ?? answer(whole, method, url.replace("/2013-04-01", ""), body);
  });
  return Object.assign(whole, { server });
}

function answer(account: Route53Account, method: string, url: string, body: string): WrittenAnswer {
  const [path = ""] = url.split("?");
  const [, kind = "", id = "", rest = ""] = path.split("/");
  const zones = [...account.zones];
  if (kind === "hostedzonesbyname") return listOfZones("ListHostedZonesByNameResponse", zones);
  if (kind === "hostedzone" && id === "") return listOfZones("ListHostedZonesResponse", zones);
  if (kind === "hostedzone" && rest === "rrset") return listOfRecords(account.zones.get(id)?.records ?? []);
  if (kind === "hostedzone") return wholeZone(id, account.zones.get(id) ?? { name: "", records: [] });
  if (url.includes("protection"))
    return xml(
      "ListResourceRecordSetProtectionsResponse",
      "<ResourceRecordSetProtections></ResourceRecordSetProtections>",
    );
  if (id === "") {
    const inside = [...account.checks].map(([one, check]) => checkXml(one, check)).join("");
    return xml("ListHealthChecksResponse", `<HealthChecks>${inside}</HealthChecks><IsTruncated>false</IsTruncated>`);
  }
  if (method === "POST") account.beforeWrite();
  const check = account.checks.get(id);
  if (check === undefined) return errorXml("NoSuchHealthCheck", "No health check exists with the specified ID.", 404);
  return method === "GET" ? xml("GetHealthCheckResponse", checkXml(id, check)) : update(account, id, check, body);
}

function update(account: Route53Account, id: string, check: AccountCheck, body: string): WrittenAnswer {
  const text = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  const list = (name: string): readonly string[] =>
    [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, one = ""]) => one);
  const version = text("HealthCheckVersion");
  const isAws = account.manner === "aws";
  if (isAws && version !== undefined && Number(version) !== check.version)
    return errorXml("HealthCheckVersionMismatch", "The value of HealthCheckVersion does not match.", 409);
  const [regions, children] = [list("Region"), list("ChildHealthCheck")];
  const next: AccountCheck = {
    ...check,
    version: isAws ? check.version + 1 : check.version,
    disabled: (text("Disabled") ?? String(check.disabled)) === "true",
    inverted: (text("Inverted") ?? String(check.inverted)) === "true",
    regions: regions.length > 0 || !isAws ? regions : check.regions,
    children: children.length > 0 || !isAws ? children : check.children,
  };
  account.checks.set(id, next);
  return xml("UpdateHealthCheckResponse", checkXml(id, next));
}

function checkXml(id: string, check: AccountCheck): string {
  const { version, disabled, inverted, regions, children, failureThreshold, linked } = check;
  const type = children.length > 0 ? "CALCULATED" : "HTTPS";
  const listed = (name: string, item: string, values: readonly string[]): string =>
    values.length === 0 ? "" : `<${name}>${values.map((one) => `<${item}>${one}</${item}>`).join("")}</${name}>`;
  const config = [
    `<Type>${type}</Type><FailureThreshold>${failureThreshold}</FailureThreshold>`,
    `<Inverted>${inverted}</Inverted><Disabled>${disabled}</Disabled>`,
    listed("Regions", "Region", regions),
    listed("ChildHealthChecks", "ChildHealthCheck", children),
  ].join("");
  const owner = linked === null ? "" : `<LinkedService><ServicePrincipal>${linked}</ServicePrincipal></LinkedService>`;
  return `<HealthCheck><Id>${id}</Id><CallerReference>c</CallerReference>${owner}<HealthCheckConfig>${config}</HealthCheckConfig><HealthCheckVersion>${version}</HealthCheckVersion></HealthCheck>`;
}

function listOfZones(root: string, zones: readonly (readonly [string, AccountZone])[]): WrittenAnswer {
  const inside = zones.map(([id, zone]) => zoneXml(id, zone)).join("");
  return xml(root, `<HostedZones>${inside}</HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>`);
}

function zoneXml(id: string, { name, records, isPrivate = false }: AccountZone): string {
  return `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}</Name><CallerReference>r</CallerReference><Config><PrivateZone>${isPrivate}</PrivateZone></Config><ResourceRecordSetCount>${records.length}</ResourceRecordSetCount></HostedZone>`;
}

function wholeZone(id: string, zone: AccountZone): WrittenAnswer {
  const servers =
    "<DelegationSet><NameServers><NameServer>ns-1.awsdns-01.org</NameServer></NameServers></DelegationSet>";
  return xml("GetHostedZoneResponse", `${zoneXml(id, zone)}${servers}`);
}

function listOfRecords(records: readonly AccountRecord[]): WrittenAnswer {
  const inside = records.map(({ name, setIdentifier, checkId }) => {
    const set = setIdentifier === undefined ? "" : `<SetIdentifier>${setIdentifier}</SetIdentifier><Weight>1</Weight>`;
    const check = checkId === undefined ? "" : `<HealthCheckId>${checkId}</HealthCheckId>`;
    return `<ResourceRecordSet><Name>${name}</Name><Type>A</Type>${set}<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.10</Value></ResourceRecord></ResourceRecords>${check}</ResourceRecordSet>`;
  });
  return xml(
    "ListResourceRecordSetsResponse",
    `<ResourceRecordSets>${inside.join("")}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>`,
  );
}
