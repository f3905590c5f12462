import type { Edit } from "./manifests.ts";
import type { RuleCase } from "./rule-case.ts";

const waiver = (id: string, until: string, mark = ""): Edit => [
  "dns:\n",
  `lint:\n  waivers:\n    - { id: ${id}, reason: known, until: ${until} } ${mark}\ndns:\n`,
];
const OTHER_IMAGE: readonly Edit[] = [["              image: demo:1", "              image: demo:2"]];

export const TOPOLOGY_CASES: readonly RuleCase[] = [
  {
    rule: "TOPO-INVALID",
    bad: [],
    badTopology: [["dns:\n", "prob: {} #!\ndns:\n"]],
    good: [],
    says: "did you mean `probe`?",
  },
  {
    rule: "TOPO-WAIVER-EXPIRED",
    bad: OTHER_IMAGE,
    badTopology: [waiver("TOPO-IMAGE-DIFFERS", "2026-11-21", "#!")],
    good: OTHER_IMAGE,
    goodTopology: [waiver("TOPO-IMAGE-DIFFERS", "2026-11-22")],
  },
  {
    rule: "TOPO-WAIVER-UNUSED",
    bad: [],
    badTopology: [waiver("TOPO-IMAGE-DIFFERS", "2027-01-01", "#!")],
    good: OTHER_IMAGE,
    goodTopology: [waiver("TOPO-IMAGE-DIFFERS", "2027-01-01")],
  },
  {
    rule: "TOPO-WAIVER-UNKNOWN-RULE",
    bad: [],
    badTopology: [waiver("TOPO-IMAGES", "2027-01-01", "#!")],
    good: OTHER_IMAGE,
    goodTopology: [waiver("TOPO-IMAGE-DIFFERS", "2027-01-01")],
  },
  {
    rule: "TOPO-FREE-PLAN",
    bad: [],
    badTopology: [["dns:\n", "probe: { intervalSeconds: 10, timeoutMs: 5000 } #!\ndns:\n"]],
    good: [],
    goodTopology: [["dns:\n", "probe: { intervalSeconds: 30, timeoutMs: 2500 }\ndns:\n"]],
    says: "33178 GB-seconds a day while every region hangs, the free plan has 13000",
  },
];
