// A story is a text that an operator can read: what vantages and DNS show at each instant, and after "----" what the monitor
// makes of it. It drives the real fold of a round; only the looks are made up.
//
//   at 0s..60s aws=up gcp=up auth=aws rec=aws     one round every interval; "aws@enam=down" is for one vantage alone
import type { DnsPath, Observation, VantageOutcome } from "../../monitor/model/observation.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import type { Region, Topology } from "../../monitor/topology/topology.ts";
import { worstVerdict } from "../../monitor/verify/verdict.ts";
import { AWS, EXAMPLE, FAILOVER, GCP, LATENCY } from "./example-topology.ts";
import { badLook, dnsLook, goodLook } from "./looks.ts";

const SHORT: Readonly<Record<string, Region>> = { aws: AWS, gcp: GCP };
const SLOTS_MAX = 1000;

interface Story {
  readonly title: string;
  readonly topology: Topology;
  readonly lines: readonly string[];
  readonly expected: string;
}

/** The story as it should be: its own lines, and under "----" what the monitor really makes of them. */
export function retell(text: string): string {
  const story = parseStory(text);
  const head = text.slice(0, text.indexOf("----"));
  return `${head}----\n${tell(story)}`;
}

export function parseStory(text: string): Story {
  const [head = "", expected = ""] = text.split("----\n");
  const lines = head.split("\n").filter((line) => line !== "");
  const settings = lines.find((line) => line.startsWith("policy ")) ?? "";
  const title = (lines[0] ?? "").replace(/^# /, "");
  return { title, topology: topologyOf(settings), lines: lines.filter((line) => line.startsWith("at ")), expected };
}

function topologyOf(settings: string): Topology {
  const read = (key: string, fallback: number): number =>
    Number(new RegExp(`${key}=(\\d+)`).exec(settings)?.[1] ?? fallback);
  const intervalSeconds = read("interval", 30);
  return {
    ...EXAMPLE,
    dns: {
      ...EXAMPLE.dns,
      policy: { ...(settings.includes("latency") ? LATENCY : FAILOVER), ttlSeconds: read("ttl", 60) },
      healthCheck: { path: "/healthz", intervalSeconds: read("check", 30), failureThreshold: read("threshold", 3) },
      timing: {
        propagationSeconds: read("propagation", 60),
        apiPropagationSeconds: 60,
        slackSeconds: read("slack", 10),
      },
    },
    probe: { ...EXAMPLE.probe, intervalSeconds },
  };
}

/** One output line for every round whose picture differs from the one before. */
export function tell({ topology, lines }: Pick<Story, "topology" | "lines">): string {
  let state: MonitorState = EMPTY_STATE;
  let last = "";
  const told: string[] = [];
  for (const line of lines) {
    for (const at of instantsOf(line, topology.probe.intervalSeconds)) {
      state = foldRound(topology, state, outcomesOf(topology, line, at), at, at).state;
      const picture = pictureOf(topology, state, at);
      if (picture !== last) told.push(`${`${at / 1000}s`.padEnd(6)}${picture}`);
      last = picture;
    }
  }
  return `${told.join("\n")}\n`;
}

function instantsOf(line: string, intervalSeconds: number): readonly number[] {
  const match = /^at (\d+)s(?:\.\.(\d+)s)? /.exec(line);
  if (match === null) throw new Error(`expected "at 0s …" or "at 0s..60s …", found "${line}"`);
  const from = Number(match[1]);
  const to = Number(match[2] ?? from);
  const count = Math.min(Math.floor((to - from) / intervalSeconds) + 1, SLOTS_MAX);
  return Array.from({ length: count }, (_, index) => (from + index * intervalSeconds) * 1000);
}

function outcomesOf(topology: Topology, line: string, at: number): readonly VantageOutcome[] {
  return topology.probe.vantages.map(({ id }): VantageOutcome => {
    const says = (what: string): string | undefined =>
      new RegExp(`\\b${what}@${id}=(\\S+)`).exec(line)?.[1] ?? new RegExp(`\\b${what}=(\\S+)`).exec(line)?.[1];
    if (says("vantage") === "missed") return { kind: "missed", vantage: id, detail: "no report" };
    const observations = Object.entries(SHORT).flatMap(([short, region]) => lookOf(region, says(short), id, at));
    const dns = (["auth", "rec"] as const).flatMap((short) => {
      const view: DnsPath = short === "auth" ? "authoritative" : "recursive";
      return answerOf(says(short), id, view, at);
    });
    return { kind: "reported", report: { vantage: id, colo: `local-${id}`, observations, dns } };
  });
}

function lookOf(region: Region, word: string | undefined, vantage: string, at: number): readonly Observation[] {
  switch (word) {
    case undefined:
      return [];
    case "up":
      return [goodLook(region, vantage, at)];
    case "redirect":
      return [badLook(region, vantage, at, { cause: "redirected", detail: "status 302" }, { status: 302 })];
    case "down":
      return [badLook(region, vantage, at)];
    default:
      throw new Error(`expected up, down or redirect, found "${word}"`);
  }
}

function answerOf(word: string | undefined, vantage: string, view: DnsPath, at: number) {
  if (word === undefined) return [];
  const region = SHORT[word];
  if (region !== undefined) return [dnsLook(vantage, view, at, region.endpoint.addresses)];
  if (word === "foreign") return [dnsLook(vantage, view, at, ["203.0.113.99"])];
  if (word === "empty") return [dnsLook(vantage, view, at, [])];
  if (word === "silent")
    return [
      {
        ...dnsLook(vantage, view, at, []),
        reply: { kind: "failed" as const, failure: { cause: "timeout" as const, detail: "no reply" } },
      },
    ];
  return [dnsLook(vantage, view, at, [], word.toUpperCase())];
}

function pictureOf(topology: Topology, state: MonitorState, at: number): string {
  const status = makeStatus(topology, state, at);
  const regions = status.regions.map(
    ({ id, health, userHealth }) => `${id.slice(0, 3)} ${health === userHealth ? health : `${health}/${userHealth}`}`,
  );
  const active = status.failover.active?.slice(0, 3) ?? "-";
  const views = (["authoritative", "recursive"] as const).map((view) => {
    const kinds = status.dns.filter((one) => one.view === view).map((one) => one.verdict);
    return `${view.slice(0, 4)} ${kinds.length === 0 ? "-" : worstVerdict(kinds)}`;
  });
  const open = status.incidents
    .filter((incident) => incident.closedAt === undefined)
    .map((incident) => incident.subject);
  const failover = status.failover.failOpen ? "fail-open" : `expect ${active}`;
  return [...regions, failover, ...views, `incidents ${shorten(open)}`].join("  ");
}

/** Subjects of one kind together: "region:aws-us-east-1, dns×3". */
function shorten(subjects: readonly string[]): string {
  const dns = subjects.filter((subject) => subject.startsWith("dns:")).length;
  const others = subjects.filter((subject) => !subject.startsWith("dns:"));
  return [...others, ...(dns === 0 ? [] : [`dns×${dns}`])].join(", ") || "none";
}
