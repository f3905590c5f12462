// Rules about the texts themselves: what cannot be read, and what stands there twice.
import type { Unread } from "./manifest.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";

export const SOURCE_RULES: readonly Rule[] = [
  {
    id: "YAML-BROKEN",
    severity: "error",
    wrong: "A document is no YAML, so nothing in it is applied.",
    fix: "Mend the YAML; the other documents of the file were looked at all the same.",
    source: "YAML 1.2.2",
    sightings: (scene) => unread(scene, "broken"),
  },
  {
    id: "YAML-KEY-TWICE",
    severity: "error",
    wrong: "A key stands twice in one mapping, and only the last one counts.",
    fix: "Keep one of the two.",
    source: "YAML 1.2.2, section 3.2.1.3; kubectl takes the last without a word",
    sightings: (scene) => unread(scene, "repeated-key"),
  },
  {
    id: "YAML-NOT-AN-OBJECT",
    severity: "note",
    wrong: "A document is no Kubernetes object, so lint says nothing about it.",
    fix: "Give it apiVersion and kind, or leave the file out.",
    source: "Kubernetes API conventions, Types",
    sightings: (scene) => unread(scene, "not-an-object"),
  },
  {
    id: "K8S-OBJECT-TWICE",
    severity: "error",
    wrong: "The same object stands twice in one file, and the one that is applied last wins.",
    fix: "Keep one of the two.",
    source: "Kubernetes: an object is its kind, namespace and name",
    sightings: repeatedObjects,
  },
  {
    id: "TOPO-INVALID",
    severity: "error",
    wrong: "The topology is not valid, so nothing could be compared with it.",
    fix: "Mend the topology; the sentence says what was expected.",
    source: "manifests/topology.schema.json",
    sightings: ({ topologyProblems }) => topologyProblems.map((problem) => ({ subject: "topology", ...problem })),
  },
];

function unread(scene: Scene, kind: Unread["kind"]): readonly Sighting[] {
  return scene.unread
    .filter((one) => one.kind === kind)
    .map(({ place, message }) => ({ place, message, subject: place.file }));
}

function repeatedObjects({ objects }: Scene): readonly Sighting[] {
  const first = new Map<string, string>();
  return objects.flatMap((object) => {
    const [group] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : [""];
    const { file, line } = object.placeOf([]);
    // Another file may be for another cluster.
    const key = `${file} ${group} ${object.subject}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, `line ${line}`);
    return object.name === "" || earlier === undefined
      ? []
      : [sightingAt(object, ["metadata", "name"], `${object.subject} is in ${earlier} already`)];
  });
}
