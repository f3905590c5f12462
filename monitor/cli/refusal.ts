// Bad usage and broken topologies end every command in the same way: what was expected and found on stderr, exit code 2.
import { EXIT, type ExitCode } from "./envelope.ts";

/** "help" is a wish, not an error; "topology" brings its problems as `lines`. */
export interface Refusal {
  readonly refusal: string;
  readonly lines?: readonly string[];
}

export function refuse({ refusal, lines }: Refusal, usage: string): ExitCode {
  if (refusal === "help") {
    process.stdout.write(usage);
    return EXIT.conforms;
  }
  process.stderr.write(lines === undefined ? `${refusal}\n\n${usage}` : `${lines.join("\n")}\n`);
  return EXIT.usage;
}
