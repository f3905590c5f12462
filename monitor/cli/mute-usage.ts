// What `monitor mute --help` says.
import { MUTE_MS_MAX, MUTE_SUBJECTS_MAX, REASON_CHARACTERS_MAX } from "../incident/mute-order.ts";
import { formatDuration } from "../time.ts";
import { TOKEN_VARIABLE } from "./running-monitor.ts";

export const MUTE_USAGE = `monitor mute list
monitor mute start SUBJECT… --for TIME --reason TEXT [--by NAME] [--id ID] [--yes]
monitor mute end ID [--yes]
     each with [--port N | --url URL] [--json]

While a subject is muted nobody is told of it: no opening, no reminder. It is judged, counted and shown as always, and shown as
muted. What still lasts when the mute ends is told then; what people were told before is told to be over at once. For work
that is announced there is \`monitor maintenance\`. start and end only show what they would do, unless told --yes.

  SUBJECT        of a verdict, as /status has it: failover, region:aws-us-east-1, vantages; or how it begins: dns:*, region:*,
                   burn-*, or * for all. A region's covers what it claims and what the router sees of it; ${MUTE_SUBJECTS_MAX} at most
  ID             as \`list\` has it
  --for TIME     90s, 30m, 2h: at most ${formatDuration(MUTE_MS_MAX)}
  --reason TEXT  why, at most ${REASON_CHARACTERS_MAX} characters: shown to everybody
  --by NAME      who: shown to everybody as well
  --id ID        its id; default: when it begins, and its first subject
  --port N       the local world on this port; needed when several run
  --url URL      a running monitor; ${TOKEN_VARIABLE} in the environment opens it, a local world is open to whoever runs it
  --yes          do it
  --json         one JSON envelope on stdout

Exit code: 0 shown or done, 2 wrong usage or refused by the monitor, 4 the monitor cannot be asked.
`;
