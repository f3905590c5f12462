// What `alerts` may hold: channels that are told of incidents, and a dead man's switch that is called after every round.
// Addresses and keys belong into variables, because the file is committed and travels in the Worker's bundle.
import * as z from "zod/mini";
import { list, mapping, oneOf, text, wholeNumber } from "./form.ts";
import { DNS_LABEL } from "./name.ts";
import { ALERT_EVENTS } from "./topology.ts";
import { splitUrl, type UrlParts } from "./url.ts";

export const CHANNELS_MAX = 8;
const SUBJECTS_MAX = 50;
const URL_CHARACTERS_MAX = 2048;
const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

/** Of a report PagerDuty would make an incident. */
const PAGING_EVENTS = [
  "opened",
  "closed",
  "reminder",
  "blind",
] as const satisfies readonly (typeof ALERT_EVENTS)[number][];
const USUAL_EVENTS = ["opened", "closed", "blind"] as const satisfies readonly (typeof ALERT_EVENTS)[number][];

/** "region:aws-us-east-1", "dns:*", "failover": a verdict's subject, or how it begins. */
const SUBJECT = /^(\*|failover\*?|(region|claim|dns|router|drill|burn-page|burn-ticket):[A-Za-z0-9._:-]*\*?|burn-\*)$/;

const url = text(
  (value) => callableUrl(value) !== null,
  "an http or https URL without user, password and fragment, best from a variable",
);
/** As `openssl rand -base64 32` makes it (Standard Webhooks: 24 to 64 bytes). */
export const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;
export const WEBHOOK_SECRET_FORM = "whsec_ and 24 to 64 random bytes in base64";
const secret = text(WEBHOOK_SECRET, `${WEBHOOK_SECRET_FORM}, from a variable`);
const routingKey = text(/^[A-Za-z0-9]{20,64}$/, "the integration key of a PagerDuty service, from a variable");

function told<const T extends readonly string[]>(events: T) {
  return {
    name: text(DNS_LABEL, "a channel's name of at most 63 lower case letters, digits and hyphens"),
    on: z._default(list(oneOf(events, "what the channel is told of"), [1, events.length], "events"), [...USUAL_EVENTS]),
    subjects: z._default(
      list(
        text(SUBJECT, "a subject such as failover or region:aws-us-east-1, or how it begins, such as dns:*"),
        [1, SUBJECTS_MAX],
        "subjects",
      ),
      ["*"],
    ),
    remindMinutes: z._default(z.nullable(wholeNumber([1, 10_080], "minutes")), null),
    minOpenSeconds: z._default(wholeNumber([0, 86_400], "seconds"), 0),
  };
}

const CHANNEL = z.discriminatedUnion(
  "kind",
  [
    mapping({ kind: z.literal("webhook"), ...told(ALERT_EVENTS), url, secret: z._default(z.nullable(secret), null) }),
    mapping({ kind: z.literal("slack"), ...told(ALERT_EVENTS), url }),
    mapping({
      kind: z.literal("pagerduty"),
      ...told(PAGING_EVENTS),
      routingKey,
      url: z._default(url, PAGERDUTY_URL),
    }),
    mapping({
      kind: z.literal("heartbeat"),
      name: text(DNS_LABEL, "a channel's name of at most 63 lower case letters, digits and hyphens"),
      url,
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union" ? "webhook, slack, pagerduty or heartbeat" : "a mapping with the key kind",
  },
);

export const ALERTS = list(CHANNEL, [0, CHANNELS_MAX], "channels");

/** Scheme, host and port of a URL that may have a path and a query; null for anything that is not called. */
export function callableUrl(value: string): UrlParts | null {
  if (value.length > URL_CHARACTERS_MAX) return null;
  const [, origin = "", rest = ""] = /^(https?:\/\/[^/?#]+)(.*)$/.exec(value) ?? [];
  return /^([/?][!-~]*)?$/.test(rest) && !rest.includes("#") ? splitUrl(origin) : null;
}
