// What the policy commands are told in one place, because they share nearly all flags.
import { PROPERTIES } from "../policy/prove.ts";
import { REPLAY_USAGE } from "./policy-replay-usage.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

export const POLICY_USAGE = `monitor policy answer|explain|what-if|prove|replay [FLAGS]

  answer    what Route 53 would answer, and why
  explain   the same as a tree: every record, its health, and what was decided about it
  what-if   before and after --down, and the time users need to follow
  prove     whether the zone keeps its promises in every state of health, for every class of asker
  replay    a recorded history under another policy; it has flags of its own, told below

Which zone
  --topology FILE   the zone that a topology asks for; default ${TOPOLOGY_FILE}
  --zone FILE       a hosted zone instead: a snapshot of \`monitor zone pull\`, a change batch, or what
                    \`aws route53 list-resource-record-sets\`, \`list-health-checks\` or \`terraform show -json\` print;
                    several are put together
  --zone-id ID      its id, where no file has it: an alias to that zone stays inside; chooses among Terraform's zones
  --name NAME       default: the service's host; of a zone, the one name that it routes
  --type A|AAAA     default: every type that the name has

Who asks (not prove); what is not given is not known, and counts every way
  --from VANTAGE    a vantage of the topology; default: every one
  --ip ADDRESS      an address or a network, as sent by EDNS client subnet
  --country CC --continent CC --subdivision CC
                    the place, for geolocation: BE, EU, CA; a country knows its continent
  --latitude DEGREES --longitude DEGREES
                    for geoproximity
  --aws-region-order us-east-1,eu-west-3
                    the lowest latency first

Health (not prove); all healthy unless said
  --down ID         unhealthy: a region, health check, set identifier or load balancer; may be given several times
  --unknown ID      not known: every outcome counts
  --health snapshot as the snapshot has it: CloudWatch's word, else the checkers' latest looks
  --health new      as Route 53 holds checks that were made just now: healthy until there is data, inverted ones unhealthy,
                    alarms by what they are set to without data

  --propagation SECONDS --slack SECONDS
                    (what-if) of health to the name servers, and of caches beyond the TTL; default: the topology's, else 60 and 10
  --property NAME   (prove) which promises fail the command: ${PROPERTIES.slice(0, 2).join(", ")},
                    ${PROPERTIES.slice(2).join(", ")};
                    default: all but the last, which only warns
  --json            one JSON envelope on stdout

Exit code of answer and explain: 0 answered, 1 fail-open or no such record, 4 several answers are legal; of what-if: 0 users
follow, 1 somebody is left on something dead, without an answer, or by fail-open, 4 that depends on what is not known; of prove: 0
proven, 1 a promise is broken, 4 none is in the states that could be looked at; 2 wrong usage, topology or zone.

${REPLAY_USAGE}`;
