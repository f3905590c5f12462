// What `monitor policy replay` is told, on its own and among the policy commands.
import { TOPOLOGY_FILE } from "./topology-file.ts";

export const REPLAY_USAGE = `monitor policy replay [--url URL | --store FILE | --history FILE…] [--from T] [--to T] [OTHER POLICY]

Evaluates a recorded history again: when users would have followed each fault under another policy, and which failovers that
policy would have made for nothing. The looks are the recorded ones; the checkers that look at them are simulated.

Which history
  --url URL           a running monitor, whose /rounds is read page by page; default http://127.0.0.1:8787
  --store FILE        the SQLite file of a store
  --history FILE      saved pages of /rounds: one, a list, or one a line; may be given several times
  --from T --to T     the first and the last slot: an instant such as 2026-11-22T12:00:00Z, or a time ago such as 24h;
                      default: 24h until now, at most 7 days; of saved pages all
  --save FILE         keeps what was read, one page a line, for --history
  --topology FILE     the policy that it was recorded under; default ${TOPOLOGY_FILE}

Which other policy; what is not said stays as recorded
  --under FILE        another topology
  --interval 10|30 --threshold N
                      of the health checks
  --ttl SECONDS       of the records
  --routing failover|latency|multivalue|simple
  --propagation SECONDS
                      of health to the name servers

  --false-within SECONDS
                      a failover is false when its region serves users within so long after the name servers moved; default 60
  --json              one JSON envelope on stdout

Exit code: 0 compared, 2 wrong usage, history or topology, 4 no history, or one too short to tell anything.
`;
