// The addresses of one region in the text of a topology file: only their own characters change, so comments, spacing and all
// other lines stay as their owner wrote them.
import { isSeq, LineCounter, parseDocument } from "yaml";
import type { Parsed } from "../problem.ts";

export interface AddressesEdit {
  readonly text: string;
  /** Of the first line that changes, from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** `index`: of the region in the list. */
export function setAddresses(text: string, index: number, addresses: readonly string[]): Parsed<AddressesEdit> {
  const counter = new LineCounter();
  const node = parseDocument(text, { lineCounter: counter }).getIn(["regions", index, "endpoint", "addresses"], true);
  const path = `regions[${index}].endpoint.addresses`;
  const refuse = (message: string): Parsed<AddressesEdit> => ({ ok: false, problems: [{ path, message }] });
  if (!isSeq(node) || !node.range) return refuse("expected a list that is written here");
  const [start, valueEnd] = node.range;
  const written = text.slice(start, valueEnd).trimEnd();
  if (written.includes("${"))
    return refuse("expected addresses, found variables: give them their values where they are set");
  if (written.includes("#"))
    return refuse("expected a list without comments inside, which would be lost: it is yours to edit");
  const end = start + written.length;
  const [first, last] = [counter.linePos(start).line, counter.linePos(end).line];
  const indent = " ".repeat(counter.linePos(start).col - 1);
  const next = `${text.slice(0, start)}${listText(addresses, node.flow === true ? null : indent)}${text.slice(end)}`;
  const grown = next.split("\n").length - text.split("\n").length;
  return {
    ok: true,
    value: {
      text: next,
      line: first,
      before: text.split("\n").slice(first - 1, last),
      after: next.split("\n").slice(first - 1, last + grown),
    },
  };
}

/** `indent`: of a list with hyphens; null: one in brackets. */
function listText(addresses: readonly string[], indent: string | null): string {
  const items = addresses.map((address) => (address.includes(":") ? JSON.stringify(address) : address));
  return indent === null ? `[${items.join(", ")}]` : items.map((item) => `- ${item}`).join(`\n${indent}`);
}
