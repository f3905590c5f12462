// Of every rule about a hosted zone its cases.
import type { ZoneCase } from "./zone-case.ts";
import { CHECK_CASES } from "./zone-check-cases.ts";
import { ATTACHED_CASES } from "./zone-health-cases.ts";
import { INVENTORY_CASES, WHOLE_CASES } from "./zone-other-cases.ts";
import { ROUTING_CASES } from "./zone-routing-cases.ts";
import { SEEN_CASES } from "./zone-seen-cases.ts";

export const ZONE_CASES: readonly ZoneCase[] = [
  ATTACHED_CASES,
  ROUTING_CASES,
  CHECK_CASES,
  SEEN_CASES,
  INVENTORY_CASES,
  WHOLE_CASES,
].flat();
