// Every rule that lint has. What is not listed here does not exist, and what is listed has its cases in the tests.
import { CONFIG_RULES } from "./config-rules.ts";
import { INJECTION_RULES } from "./injection-rules.ts";
import { ISTIO_RULES } from "./istio-rules.ts";
import { KIND_RULES } from "./kind-rules.ts";
import { KUBERNETES_RULES } from "./kubernetes-rules.ts";
import { NAMESPACE_RULES } from "./namespace-rules.ts";
import { OVERRIDE_RULES } from "./override-rules.ts";
import { PATCH_RULES } from "./patch-rules.ts";
import { PLACEMENT_RULES } from "./placement-rules.ts";
import { QUOTA_RULES } from "./quota-rules.ts";
import { REGION_RULES } from "./region-rules.ts";
import { REPLICA_RULES } from "./replica-rules.ts";
import { RETAINED_RULES } from "./retained-rules.ts";
import type { Rule } from "./rule.ts";
import { SOURCE_RULES } from "./source-rules.ts";
import { TEMPLATE_RULES } from "./template-rules.ts";
import { TOPOLOGY_RULES } from "./topology-rules.ts";
import { VALUE_RULES } from "./value-rules.ts";
import { WAIVER_RULES } from "./waiver-rules.ts";
import { WORKLOAD_RULES } from "./workload-rules.ts";
import { ZONE_CHECK_RULES } from "./zone-check-rules.ts";
import { ZONE_HEALTH_RULES } from "./zone-health-rules.ts";
import { ZONE_INVENTORY_RULES } from "./zone-inventory-rules.ts";
import { ZONE_ROUTING_RULES } from "./zone-routing-rules.ts";
import { ZONE_SEEN_RULES } from "./zone-seen-rules.ts";
import { ZONE_SOURCE_RULES } from "./zone-source-rules.ts";

export const RULES: readonly Rule[] = [
  SOURCE_RULES,
  PLACEMENT_RULES,
  NAMESPACE_RULES,
  OVERRIDE_RULES,
  PATCH_RULES,
  REGION_RULES,
  TEMPLATE_RULES,
  KIND_RULES,
  REPLICA_RULES,
  RETAINED_RULES,
  KUBERNETES_RULES,
  VALUE_RULES,
  CONFIG_RULES,
  QUOTA_RULES,
  WORKLOAD_RULES,
  INJECTION_RULES,
  ISTIO_RULES,
  TOPOLOGY_RULES,
  ZONE_HEALTH_RULES,
  ZONE_ROUTING_RULES,
  ZONE_CHECK_RULES,
  ZONE_SEEN_RULES,
  ZONE_INVENTORY_RULES,
  ZONE_SOURCE_RULES,
  WAIVER_RULES,
].flat();
