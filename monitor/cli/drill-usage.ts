// What `monitor drill` says of itself.

import { TRIALS } from "../drill/simulate.ts";

export const DRILL_USAGE = `monitor drill list|plan|simulate|run|restore|report|history [ARGUMENTS]

  list                what drills there are
  plan DRILL          what a drill would do here, what it expects, and what speaks against it; it only reads
  simulate DRILL      the same drill many times in virtual time: where each figure lies when all goes by the rules
  run DRILL           shows the plan; with --yes it breaks, measures, puts everything back, and reports
  restore [ID]        puts back what a drill left that broke off, and tells its monitor; it needs no --yes, and twice is the
                      same as once; with --url or --port, also a drill of which nothing is kept here is ended at that monitor
  report [ID]         the report of a drill that was run (default: the latest); of one that runs, what was seen so far
  history             all drills that were run from here, and how their figures change

DRILL is a name from \`drill list\` or the path of a YAML file. \`monitor drill DRILL --yes\` is short for \`run\`.

  --port N            the local world on this port; needed when several run
  --url URL           a monitor that is no local world here; its token is in ADMIN_TOKEN
  --topology FILE     what it watches (default manifests/topology.yaml); with plan and simulate also without a monitor
  --snapshot FILE     with --url or --topology: the zone that \`zone pull\` wrote, where the monitor judges by one (ZONE_SNAPSHOT)
  --zone-id ID        plan and run: the hosted zone of the Route 53 lever, where several have the topology's name
  --yes               run: do it
  --approve NAME      run: one for each name that the drill asks for
  --settle REASON     restore ID: you put it right by hand, or nothing can: the journal is closed with this reason, no lever acts
  --simulate-only     run: one simulated trial instead of the real thing, for CI; no lever acts
  --trials N          simulate: how many (default ${TRIALS})
  --seed N            simulate: another draw of chance
  --format NAME       text (the default), md, json, junit or html
  --out FILE          writes the report there instead of to stdout
  --json              one JSON envelope on stdout
  --help              this text

Ctrl-C during a drill puts everything back first; a second one leaves that to \`drill restore\`.
Journals and reports are kept in $MULTICLOUD_PROBE_STATE, or in ~/.local/state/multicloud-probe.

Exit codes: 0 passed, 1 failed, or not everything could be put back, or the monitor not told, 2 wrong usage, script or topology,
3 a bug of ours, 4 refused, aborted, inconclusive or still under way: nothing was proven.
`;
