// Lints texts: which are topologies, hosted zones or manifests, what all rules find in them together, and what of that is waived.
// Everything comes in as an argument; reading files is the caller's business.
import { parseDocument } from "yaml";
import type { Finding, Place } from "../model/finding.ts";
import type { Instant } from "../time.ts";
import type { Problem } from "../problem.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Path } from "../topology/path.ts";
import { selfReferringRegions } from "../topology/region-rules.ts";
import { readSource } from "../topology/source.ts";
import { placeAround } from "../topology/wording.ts";
import { isMap } from "../verify/federation-value.ts";
import { readManifest, type SourceText } from "./manifest.ts";
import { RULES } from "./registry.ts";
import type { Rule, Sighting } from "./rule.ts";
import { type Contents, makeScene, type TopologyProblem, type TopologySource } from "./scene.ts";
import {
  isOfCluster,
  type PlacedWaiver,
  placedWaivers,
  type Waivable,
  waiverFindings,
  waiverOf,
} from "./waiver-rules.ts";
import { topologyZoneView } from "./zone-view.ts";
import { holdsZone, parseZoneDocuments } from "../zone/zone-documents.ts";

/** Values that aliases may stand for while it is only found out what a text is. */
const ALIASES_MAX = 1000;

/** More than anyone reads. */
export const FINDINGS_MAX = 10_000;

export interface LintSettings {
  /** For `${NAME}` in a topology. */
  readonly variables: Readonly<Record<string, string>>;
}

/** By the order of the sources, then line, column and rule. */
export function lintSources(sources: readonly SourceText[], settings: LintSettings, at: Instant): readonly Finding[] {
  const read = sources.map((source) => readSourceText(source, settings));
  const scene = makeScene({
    objects: read.flatMap(({ objects }) => objects),
    unread: read.flatMap(({ unread }) => unread),
    topology: read.map(({ topology }) => topology).find((topology) => topology !== null) ?? null,
    topologyProblems: read.flatMap(({ topologyProblems }) => topologyProblems),
    topologySelfReferences: read.flatMap(({ topologySelfReferences }) => topologySelfReferences),
    zoneViews: read.flatMap(({ zoneViews }) => zoneViews),
    zoneDocuments: read.flatMap(({ zoneDocuments }) => zoneDocuments),
    zoneProblems: read.flatMap(({ zoneProblems }) => zoneProblems),
  });
  const findings = RULES.flatMap((rule) => findingsOf(rule, rule.sightings(scene)));
  const waivers = read.flatMap((source) => source.waivers).filter(({ id }) => !isOfCluster(id));
  const ids = RULES.map(({ id }) => id);
  return inOrder(
    [
      ...findings.map((finding) => ({ ...finding, waiver: waiverOf(waivable(finding), waivers, at) })),
      ...waiverFindings(findings.map(waivable), waivers, ids, at),
    ],
    sources.map(({ file }) => file),
  ).slice(0, FINDINGS_MAX);
}

function waivable({ id, subject }: Finding): Waivable {
  return { id, subjects: [subject] };
}

/** Two of these at the top, and no apiVersion: others' files have a `service` too, and ours may lack one by mistake. */
const TOPOLOGY_KEYS = ["service", "regions", "dns", "probe"];

export function isTopology(text: string): boolean {
  if (/^apiVersion\s*:/m.test(text)) return false;
  const keys = topKeys(text);
  return !keys.includes("apiVersion") && TOPOLOGY_KEYS.filter((key) => keys.includes(key)).length >= 2;
}

/** Of a text that is no YAML, by the look of its lines. */
function topKeys(text: string): readonly string[] {
  try {
    const value: unknown = parseDocument(text, { logLevel: "silent" }).toJS({ maxAliasCount: ALIASES_MAX });
    if (isMap(value)) return Object.keys(value);
  } catch {
    // It is told where the text is read for good.
  }
  return [...text.matchAll(/^([a-zA-Z]+)\s*:/gm)].map(([, key = ""]) => key);
}

interface ReadSource extends Contents {
  readonly waivers: readonly PlacedWaiver[];
}

const NOTHING: ReadSource = {
  objects: [],
  unread: [],
  topology: null,
  topologyProblems: [],
  topologySelfReferences: [],
  zoneViews: [],
  zoneDocuments: [],
  zoneProblems: [],
  waivers: [],
};

function readSourceText(source: SourceText, { variables }: LintSettings): ReadSource {
  const { file, text } = source;
  if (!holdsZone(text))
    return isTopology(text) ? readTopologyText(source, variables) : { ...NOTHING, ...readManifest(source) };
  const parsed = parseZoneDocuments(file, text);
  if (parsed.ok) return { ...NOTHING, zoneDocuments: parsed.value };
  return { ...NOTHING, zoneProblems: parsed.problems.map((problem) => placedProblem(problem, file)) };
}

/** What a text is; null: nothing that any rule is about. Kubernetes objects are `manifest`, whatever else is in the file. */
export function sourceKind({ file, text }: SourceText): "topology" | "zone" | "manifest" | null {
  if (text.trim() === "") return null;
  if (holdsZone(text)) return "zone";
  if (isTopology(text)) return "topology";
  const { objects, unread } = readManifest({ file, text });
  return objects.length === 0 && unread.some(({ kind }) => kind === "not-an-object") ? null : "manifest";
}

function readTopologyText({ file, text }: SourceText, variables: LintSettings["variables"]): ReadSource {
  const parsed = parseTopology(text, variables, "unread");
  const { tree } = readSource(text, variables);
  const placeOf = (path: Path): Place => ({ file, ...(tree === null ? START : placeAround(tree, path)) });
  const topology: TopologySource | null = parsed.ok
    ? { value: parsed.value, probePlace: probePlace({ file, text }) }
    : null;
  return {
    ...NOTHING,
    topology,
    topologyProblems: parsed.ok ? [] : parsed.problems.map((problem) => placedProblem(problem, file)),
    topologySelfReferences: selfReferringRegions(tree?.value).map(({ path, region, host }) => ({
      place: placeOf(path),
      subject: `health check ${region}`,
      message: `it resolves ${host}, the service's own name, which it decides`,
    })),
    zoneViews: parsed.ok ? [topologyZoneView(parsed.value, placeOf)] : [],
    waivers: placedWaivers({ file, text }, variables),
  };
}

const START = { line: 1, column: 1 };

function placedProblem({ message, path, line = 1, column = 1 }: Problem, file: string): TopologyProblem {
  return { place: { file, line, column }, message: path === undefined ? message : `${path}: ${message}` };
}

/** One finding for one message at one place, with the clusters that it was seen in where it was not seen in all. */
function findingsOf(rule: Rule, sightings: readonly Sighting[]): readonly Finding[] {
  const groups = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const key = JSON.stringify([sighting.place, sighting.subject, sighting.message]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sighting]);
    else group.push(sighting);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { id, severity, fix, source } = rule;
    const { place, subject } = first;
    return [
      {
        id,
        severity: first.severity ?? severity,
        place,
        subject,
        message: `${first.message}${clustersOf(group)}`,
        fix,
        source,
        waiver: null,
      },
    ];
  });
}

function clustersOf(group: readonly Sighting[]): string {
  const names = group.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster.name]));
  const among = group[0]?.cluster?.among ?? 0;
  return names.length === 0 || new Set(names).size >= among ? "" : ` (${[...new Set(names)].join(", ")})`;
}

function inOrder(findings: readonly Finding[], files: readonly string[]): readonly Finding[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  return findings.toSorted(
    (a, b) =>
      (rank.get(a.place.file) ?? 0) - (rank.get(b.place.file) ?? 0) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** Of the key `probe`, or of the file's beginning where it is left to its defaults. */
function probePlace({ file, text }: SourceText): Place {
  const line = text.split("\n").findIndex((one) => /^probe\s*:/.test(one));
  return { file, line: Math.max(line, 0) + 1, column: 1 };
}
