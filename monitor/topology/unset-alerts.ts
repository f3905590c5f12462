// Who only reads a topology tells nobody anything, and need not have the addresses and keys of those who are told: for them the
// variables of `alerts` may stay unset.
import { isMap } from "./loose-value.ts";
import type { ReadSource } from "./source.ts";
import { isUnset } from "./variables.ts";

/** Of the right form, and nobody's. */
const STAND_INS: Readonly<Record<string, string>> = {
  url: "https://unset.invalid/",
  secret: `whsec_${"0".repeat(32)}`,
  routingKey: "0".repeat(32),
};

const SECRET_PATH = /^alerts\[(\d+)\]\.(url|secret|routingKey)$/;

/** The same without the problems of variables that are unset there, and with stand-ins in their place. */
export function standInForUnset({ tree, problems }: ReadSource): ReadSource {
  const unset = problems.flatMap(({ path = "", message }) => {
    const [, index, field = ""] = SECRET_PATH.exec(path) ?? [];
    return index !== undefined && isUnset(message) ? [{ path, index: Number(index), field }] : [];
  });
  if (tree === null || unset.length === 0 || !isMap(tree.value)) return { tree, problems };
  const { alerts } = tree.value;
  const filled = !Array.isArray(alerts)
    ? alerts
    : alerts.map((channel: unknown, at) => {
        const fields = unset.filter(({ index }) => index === at).map(({ field }) => [field, STAND_INS[field]] as const);
        return isMap(channel) ? { ...channel, ...Object.fromEntries(fields) } : channel;
      });
  const paths = new Set(unset.map(({ path }) => path));
  const left = problems.filter(({ path = "", message }) => !(paths.has(path) && isUnset(message)));
  return { tree: { ...tree, value: { ...tree.value, alerts: filled } }, problems: left };
}
