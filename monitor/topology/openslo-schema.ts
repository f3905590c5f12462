// OpenSLO v1's SLO and SLI as its specification has them (github.com/OpenSLO/OpenSLO, README, "SLO", "SLI"); what a query says is
// its data source's business and taken as it is.
import * as z from "zod/mini";
import { flag, list, mapping, oneOf, text } from "./form.ts";
import { DNS_LABEL } from "./name.ts";

const OBJECTIVES_MAX = 20;

const words = (what: string) => text((value) => value.trim().length > 0, what);
const anything = z.optional(z.unknown());
const share = (expected: string, holds: (value: number) => boolean) =>
  z.optional(z.number(expected).check(z.refine(holds, expected)));

const metadata = mapping({
  name: text(DNS_LABEL, "a name of at most 63 lower case letters, digits and hyphens, with no hyphen at either end"),
  displayName: z.optional(z.string("a text")),
  labels: anything,
  annotations: anything,
});

const indicatorSpec = mapping({
  description: z.optional(z.string("a text")),
  thresholdMetric: anything,
  ratioMetric: anything,
});

const objective = mapping({
  displayName: z.optional(z.string("a text")),
  op: z.optional(oneOf(["lte", "gte", "lt", "gt"], "how the indicator is compared")),
  value: z.optional(z.number("a number")),
  target: share("a share over 0 and under 1, such as 0.999", (value) => value > 0 && value < 1),
  targetPercent: share("a percentage over 0 and under 100, such as 99.9", (value) => value > 0 && value < 100),
  timeSliceTarget: share("a share over 0 and at most 1, such as 0.9", (value) => value > 0 && value <= 1),
  timeSliceWindow: z.optional(z.union([z.number(), z.string()], "a length such as 5 (minutes) or 5m")),
  indicator: anything,
  indicatorRef: anything,
  compositeWeight: anything,
});

const version = z.literal("openslo/v1", "openslo/v1");

export const SLO = mapping({
  apiVersion: version,
  kind: z.literal("SLO", "SLO"),
  metadata,
  spec: mapping({
    description: z.optional(z.string("a text")),
    service: words("the name of a service"),
    indicator: z.optional(mapping({ metadata: anything, spec: indicatorSpec })),
    indicatorRef: z.optional(words("the name of an SLI")),
    timeWindow: list(
      mapping({ duration: words("a length such as 28d or 4w"), isRolling: z.optional(flag()), calendar: anything }),
      [1, 1],
      "window",
    ),
    budgetingMethod: oneOf(["Occurrences", "Timeslices", "RatioTimeslices"], "how the budget is counted"),
    objectives: list(objective, [1, OBJECTIVES_MAX], "objectives"),
    alertPolicies: anything,
  }),
});

export const SLI = mapping({ apiVersion: version, kind: z.literal("SLI", "SLI"), metadata, spec: indicatorSpec });

/** They say nothing of what is promised. */
export const OTHER_KINDS = [
  "AlertCondition",
  "AlertNotificationTarget",
  "AlertPolicy",
  "DataSource",
  "Service",
] as const;

export type Slo = z.output<typeof SLO>;
export type Sli = z.output<typeof SLI>;
