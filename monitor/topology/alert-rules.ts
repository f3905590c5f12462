// What the channels of `alerts` ask of one another and of the rest of the file: names of their own, addresses that the edge
// can call, and no setting that would do nothing.
import { callableUrl } from "./alert-schema.ts";
import { repeated, takenIds } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { knownRegions } from "./region-map-rules.ts";
import { unreachableUrl } from "./region-rules.ts";
import type { AlertChannel, Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

type Channel = Draft<AlertChannel>;

export function alertBreaches(draft: Draft<Topology>): readonly Breach[] {
  const channels = (draft.alerts ?? []).map((channel, index) => ({ channel, path: ["alerts", index] as const }));
  const beats = channels.filter(({ channel }) => channel?.kind === "heartbeat");
  const names = channels.map(({ channel, path }) => ({ path: [...path, "name"], value: channel?.name }));
  return [
    ...repeated(names, "a name that no other channel has"),
    ...takenIds(names),
    ...beats.slice(1).map(({ path }): Breach => ({
      path: [...path, "kind"],
      expected: "one heartbeat at most: it is called after every round",
    })),
    ...channels.flatMap(({ channel, path }) =>
      channel === undefined
        ? []
        : [
            ...(draft.local === false ? urlBreaches(channel, path) : []),
            ...reminderBreaches(channel, path),
            ...subjectBreaches(draft, channel, path),
          ],
    ),
  ];
}

function urlBreaches({ url }: Channel, path: Breach["path"]): readonly Breach[] {
  const parts = url === undefined ? null : callableUrl(url);
  return parts === null ? [] : unreachableUrl(parts).map((expected) => ({ path: [...path, "url"], expected }));
}

function reminderBreaches(channel: Channel, path: Breach["path"]): readonly Breach[] {
  if (!("on" in channel) || channel.on === undefined || channel.remindMinutes === undefined) return [];
  const wished = channel.on.includes("reminder");
  if (wished && channel.remindMinutes === null)
    return [{ path: [...path, "remindMinutes"], expected: "minutes between two reminders, because `on` has reminder" }];
  if (!wished && channel.remindMinutes !== null)
    return [{ path: [...path, "remindMinutes"], expected: "nothing, because `on` has no reminder" }];
  return [];
}

/** A region that is misspelt would page nobody. */
function subjectBreaches(draft: Draft<Topology>, channel: Channel, path: Breach["path"]): readonly Breach[] {
  const known = knownRegions(draft);
  if (!("subjects" in channel) || known === null) return [];
  return (channel.subjects ?? []).flatMap((subject, index): Breach[] => {
    const [, kind, region] = /^(region|claim|router):([^*]*)$/.exec(subject ?? "") ?? [];
    if (kind === undefined || region === undefined || known.includes(region)) return [];
    const among = known.map((id) => `${kind}:${id}`);
    return [{ path: [...path, "subjects", index], expected: `a subject of a region (${among.join(", ")})`, among }];
  });
}
