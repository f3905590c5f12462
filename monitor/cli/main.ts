// The command line's entry: finds the command, and turns its outcome into an exit code. A bug of ours ends here, as code 3.
import { Bug } from "../problem.ts";
import { EXIT } from "./envelope.ts";

interface Command {
  readonly summary: string;
  /** Gives the function that runs it; loaded only when called, so that one command does not pay for the others. */
  readonly load: () => Promise<(argv: readonly string[]) => Promise<number>>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    summary: "the whole system on this machine: regions, DNS server and Worker",
    load: async () => (await import("./up.ts")).runUp,
  },
  gate: { summary: "break and mend the running local world", load: async () => (await import("./gate.ts")).runGate },
  check: {
    summary: "probe now from here, judge, and show a table",
    load: async () => (await import("./check.ts")).runCheck,
  },
  watch: {
    summary: "a monitor of its own on this machine: rounds for ever, every HTTP face",
    load: async () => (await import("./watch.ts")).runWatchCommand,
  },
  vantage: {
    summary: "this machine as a private vantage of a monitor elsewhere",
    load: async () => (await import("./vantage.ts")).runVantageCommand,
  },
  probe: {
    summary: "one look at one URL, phase by phase, with the curl line that repeats it",
    load: async () => (await import("./probe.ts")).runProbe,
  },
  policy: { summary: "what Route 53 would answer, and why", load: async () => (await import("./policy.ts")).runPolicy },
  zone: {
    summary: "a hosted zone as Route 53 has it: read it, compare it with the topology",
    load: async () => (await import("./zone.ts")).runZone,
  },
  lint: {
    summary: "what is wrong with a topology and with manifests, before they are applied",
    load: async () => (await import("./lint.ts")).runLint,
  },
  verify: {
    summary: "every cluster against the topology: present, ready, right image, right region",
    load: async () => (await import("./verify.ts")).runVerify,
  },
  discover: {
    summary: "the addresses of every cluster's entrance, into the topology",
    load: async () => (await import("./discover.ts")).runDiscover,
  },
  render: {
    summary: "the manifests that follow from the topology",
    load: async () => (await import("./render.ts")).runRender,
  },
  cluster: {
    summary: "add a cluster to the topology, or remove one",
    load: async () => (await import("./cluster.ts")).runCluster,
  },
  drill: {
    summary: "failover drills: plan, rehearse, run, measure, put everything back",
    load: async () => (await import("./drill.ts")).runDrillCommand,
  },
  maintenance: {
    summary: "announce that regions may fail for a while, and end it",
    load: async () => (await import("./maintenance.ts")).runMaintenance,
  },
  mute: {
    summary: "nobody is told of some subjects for a while",
    load: async () => (await import("./mute.ts")).runMute,
  },
  route: {
    summary: "which region the router would choose for a client, and why",
    load: async () => (await import("./route.ts")).runRoute,
  },
  report: {
    summary: "what a recent window was like, from a running monitor",
    load: async () => (await import("./report.ts")).runReport,
  },
  slo: {
    summary: "what is left of the error budgets, from a running monitor",
    load: async () => (await import("./slo.ts")).runSlo,
  },
  alert: {
    summary: "who is told of incidents, whether that works, and a test of it",
    load: async () => (await import("./alert.ts")).runAlert,
  },
  doctor: {
    summary: "what is missing on this machine, and how to get it",
    load: async () => (await import("./doctor.ts")).runDoctor,
  },
};

const USAGE = `monitor COMMAND [ARGUMENTS]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(13)}${summary}`)
  .join("\n")}

\`monitor COMMAND --help\` says more. Exit codes: 0 conforms, 1 deviates, 2 wrong usage or topology, 3 a bug of ours,
4 undecided or converging.
`;

async function runMain(argv: readonly string[]): Promise<number> {
  const [name = "", ...rest] = argv;
  if (["--help", "-h", "help"].includes(name)) {
    process.stdout.write(USAGE);
    return EXIT.conforms;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`${name === "" ? "expected a command" : `expected a command, found "${name}"`}\n\n${USAGE}`);
    return EXIT.usage;
  }
  return (await command.load())(rest);
}

try {
  process.exitCode = await runMain(process.argv.slice(2));
} catch (thrown) {
  const kind =
    thrown instanceof Bug ? "This is a bug in multicloud-probe" : "Unexpected, so probably a bug in multicloud-probe";
  process.stderr.write(`${kind}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exitCode = EXIT.bug;
}
