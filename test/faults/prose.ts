// The sentences of `docs/faults.md` around its tables.

interface Counts {
  readonly cells: number;
  readonly endpoints: number;
  readonly dns: number;
  readonly rounds: number;
}

export const INTRODUCTION = ({
  cells,
  endpoints,
  dns,
  rounds,
}: Counts): string => `# Faults: what breaks, and what the monitor says of it

${endpoints} ways in which an endpoint fails (or looks as if it did), under ${dns} ways in which DNS does: ${cells} cells. This page is written by the
test that runs them, [matrix.test.ts](../test/faults/matrix.test.ts), from what it saw; the test fails when the page says anything else. \`UPDATE=1\` writes it anew:

\`\`\`bash
UPDATE=1 npm test -- faults
\`\`\`

Most of these faults can be tried by hand. \`npm start\` starts a small world on this machine; while it runs:

\`\`\`bash
npm run -s monitor -- gate aws-us-east-1 stall
npm run -s monitor -- gate dns servfail
npm run -s monitor -- gate aws-us-east-1 open
npm run -s monitor -- gate dns open
\`\`\`

**How a cell is run.** Two regions with failover routing: the primary has the endpoint fault, the secondary is well. Two vantages look at both. One of them has
the DNS fault as well, with the zone's name server and with its resolver; for the other one DNS is well, as it is with anycast when one site fails. Node's
monitor runs ${rounds} rounds on real sockets and real DNS messages, and stores them in SQLite. Only the time of day between rounds is moved by hand, so that deadlines
pass without waiting; every timeout is a real one. A cell that went wrong while the test's own process stood still, on a machine with too much to do, is run once
more.

**The Worker's columns** come from the same faults inside workerd, each endpoint fault with DNS that is well, and each DNS fault with regions that are well
([faults.test.ts](../test/worker/faults.test.ts)): what follows from a look is the same code. Its runtime has fewer words for what went wrong.`;

export const READING = `## How to read the tables

| column | means |
| --- | --- |
| cause | why the look failed, as \`/status\` and the stored rows have it; the same from both vantages, in every round. "none": a user would have been served |
| Route 53 would say | the health of the region by Route 53's own rules: a status of 2xx or 3xx passes, the body is not read, the certificate not validated. DNS follows this one |
| users get | what somebody with a browser has of it |
| region | verdict of \`region:<id>\` in the last round: are users served? |
| claim | verdict of \`claim:<id>\`: does the endpoint lead where the topology says? \`undecided\` where no claim could be read |
| seen | what came back from the name server by TCP, and from the resolver by HTTPS; one word where they agree |
| verdicts | of both DNS subjects of the vantage that has the fault, from the first round to the last. The first round has no opinion on health yet |
| by which limit | when the last of these verdicts is due, see [Limits](#limits) |
| in time | whatever the other side did meanwhile, every vantage's looks ended within their limit |

Where "Route 53 would say" and "region" differ, that is the finding: healthy for Route 53 and dead for users means that DNS goes on sending users there. The
reason of the region's verdict says so.`;

export const NOTES = `**Note 1.** A status line did come, but no end of the headers, so our look has no status and counts as failed in both views. Route 53's documentation does not
say whether its checkers read the headers to their end; if they do not, the real health check stays healthy.

**Note 2.** Route 53 can also search the body for a string, and reads the first 5,120 bytes of it only. Such a health check would fail here, although users are
served. The health checks of our topology search for nothing, so nothing is said of it; whoever adds a string by hand must place it early.

**Note 3.** Node asks once more without validating the certificate, only to know the status that a checker of Route 53 would get. A Worker cannot do that: it casts
no vote for Route 53, the health is \`unknown\` there, and DNS is \`undecided\` instead of blamed.`;

export const UNDISTURBED = ({
  cells,
  rounds,
  looks,
}: Counts & { readonly looks: number }): string => `In all ${cells} cells, at the same time:

| checked | in |
| --- | --- |
| the other region and its claim conform | every cell |
| the other vantage sees the same cause at the endpoint, and both its DNS subjects conform | every cell |
| no vantage is missed: each brings its report home within its timeout and one second | ${looks} of ${looks} reports |
| each round is committed to the store, and the next one runs on its slot | ${cells * rounds} of ${cells * rounds} rounds |
| an incident is open for each subject that deviates, and for no other | every cell |
| a redirect to itself is asked for once a look, and never followed | every look |
| afterwards no connection is left open, neither at an endpoint nor at a name server | every server |`;
