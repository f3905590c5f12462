// One entry more or less in the text of a topology file. By text and not by printing a parsed document: everything else in
// the file, comments and spacing included, stays byte for byte as its owner wrote it.
import { Document, isMap, isSeq, LineCounter, parseDocument, visit, type YAMLMap, type YAMLSeq } from "yaml";

export interface NewRegion {
  readonly id: string;
  readonly region: string;
  readonly cloud: string | null;
  readonly awsRegion: string | null;
  readonly context: string;
  readonly replicas: number | null;
  readonly url: string;
  readonly addresses: readonly string[];
}

/** A text with some lines more or fewer, in one place. */
export interface TopologyEdit {
  readonly text: string;
  readonly change: "added" | "removed";
  /** Of the first line that was added or removed, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** Null: the file has no list of regions in block style ("- id: …"), the only one that can be edited line by line. */
export function addRegion(text: string, region: NewRegion): TopologyEdit | null {
  const entries = entriesOf(text);
  const last = entries?.at(-1);
  if (entries === null || last === undefined) return null;
  const lines = text.split("\n");
  const spaced = (entries.length > 1 ? entries.slice(1) : []).some(({ start }) => isBlank(lines[start - 1]));
  const added = [...(spaced ? [""] : []), ...entryLines(region, last.indent)];
  const end = lines.some((line) => line.endsWith("\r")) ? "\r" : "";
  return edit(lines, last.end, { change: "added", lines: added.map((line) => `${line}${end}`) });
}

/** Null as above, or when no region has this id. Its own comments go with it: those right above, and those inside. */
export function removeRegion(text: string, id: string): TopologyEdit | null {
  const entries = entriesOf(text) ?? [];
  const at = entries.findIndex((entry) => entry.id === id);
  const entry = entries[at];
  if (entry === undefined) return null;
  const lines = text.split("\n");
  let { start, end } = entry;
  // With the entry goes the empty space before it, or after the first one.
  if (at > 0) while (isBlank(lines[start - 1])) start -= 1;
  else while (isBlank(lines[end])) end += 1;
  return edit(lines, start, { change: "removed", lines: lines.slice(start, end) });
}

/** One region in the file, by its lines from 0: `start` with the comments right above it, `end` after its last one. */
interface Entry {
  readonly id: unknown;
  readonly start: number;
  readonly end: number;
  /** What stands before its hyphen. */
  readonly indent: string;
}

function entriesOf(text: string): readonly Entry[] | null {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const regions = document.get("regions", true);
  if (!isSeq(regions) || regions.flow === true || regions.items.length === 0) return null;
  const lines = text.split("\n");
  const lineOf = (offset: number): number => counter.linePos(offset).line - 1;
  const entries = regions.items.map((item) => (isMap(item) ? entryOf(item, lines, lineOf) : null));
  return entries.every((entry) => entry !== null) ? entries : null;
}

function entryOf(item: YAMLMap, lines: readonly string[], lineOf: (offset: number) => number): Entry | null {
  const first = lineOf(item.range?.[0] ?? 0);
  const indent = /^(\s*)-\s/.exec(lines[first] ?? "")?.[1];
  if (indent === undefined) return null;
  let start = first;
  while (/^\s*#/.test(lines[start - 1] ?? "") && indentOf(lines[start - 1]) === indent.length) start -= 1;
  let end = lineOf(lastOffset(item)) + 1;
  // Comments deeper than the hyphen belong to the entry above them.
  while (/^\s*#/.test(lines[end] ?? "") && indentOf(lines[end]) > indent.length) end += 1;
  return { id: item.get("id"), start, end, indent };
}

/** Of the last character of any value inside: a collection's own range runs on to what follows it. */
function lastOffset(item: YAMLMap | YAMLSeq): number {
  let last = item.range?.[0] ?? 0;
  visit(item, {
    Node: (_key, node) => {
      const block = (isMap(node) || isSeq(node)) && node.flow !== true;
      if (!block && node.range) last = Math.max(last, node.range[1] - 1);
    },
  });
  return last;
}

function entryLines(region: NewRegion, indent: string): readonly string[] {
  const { id, cloud, awsRegion, context, replicas, url, addresses } = region;
  const entry = {
    id,
    region: region.region,
    ...(cloud === null ? {} : { cloud }),
    ...(awsRegion === null ? {} : { awsRegion }),
    cluster: { context, ...(replicas === null ? {} : { replicas }) },
    endpoint: { url, addresses },
  };
  const document = new Document([entry]);
  const list = document.getIn([0, "endpoint", "addresses"]);
  if (isSeq(list)) list.flow = true;
  return document
    .toString({ lineWidth: 0, flowCollectionPadding: false })
    .trimEnd()
    .split("\n")
    .map((line) => `${indent}${line}`);
}

function edit(
  lines: readonly string[],
  at: number,
  { change, lines: moved }: Pick<TopologyEdit, "change" | "lines">,
): TopologyEdit {
  const kept = lines.slice(change === "added" ? at : at + moved.length);
  const text = [...lines.slice(0, at), ...(change === "added" ? moved : []), ...kept].join("\n");
  return { text, change, line: at + 1, lines: moved };
}

function indentOf(line = ""): number {
  return line.length - line.trimStart().length;
}

/** Not so past either end of the file. */
function isBlank(line: string | undefined): boolean {
  return line?.trim() === "";
}
