// What `monitor maintenance --help` says.
import { TITLE_CHARACTERS_MAX, WINDOW_MS_MAX } from "../maintenance/order.ts";
import { formatDuration } from "../time.ts";
import { TOKEN_VARIABLE } from "./running-monitor.ts";

export const MAINTENANCE_USAGE = `monitor maintenance list
monitor maintenance start TITLE --for TIME [--region ID]… [--by NAME] [--id ID] [--yes]
monitor maintenance schedule TITLE --from WHEN (--for TIME | --until WHEN) [--region ID]… [--by NAME] [--id ID] [--yes]
monitor maintenance end ID [--yes]
     each with [--port N | --url URL] [--json]

While a region is under maintenance it is looked at as always; what it does is planned and pages nobody, its looks count in
no availability, and the router sends nobody there. DNS is not changed by it, and not excused. What still fails when the
window ends turns real. start, schedule and end only show what they would do, unless told --yes.

  TITLE        a line of at most ${TITLE_CHARACTERS_MAX} characters, for everybody to read
  ID           as \`list\` has it; a window that recurs by the topology can be ended, or skipped, once
  --for TIME   90m, 2h, 3d: at most ${formatDuration(WINDOW_MS_MAX)}
  --from WHEN  an ISO 8601 time with zone, such as 2026-11-29T02:00:00+01:00; not in the past
  --until WHEN the same
  --region ID  may be given several times; default: all
  --by NAME    who orders it: in the audit and in \`list\`, never on the public faces
  --id ID      its id; default: when it begins, and its title
  --port N     the local world on this port; needed when several run
  --url URL    a running monitor; ${TOKEN_VARIABLE} in the environment opens it, a local world is open to whoever runs it
  --yes        do it
  --json       one JSON envelope on stdout

Exit code: 0 shown or done, 2 wrong usage or refused by the monitor, 4 the monitor cannot be asked.
`;
