// `monitor gate` as a process of its own.
import { runGate } from "../../monitor/cli/gate.ts";

process.exitCode = await runGate(process.argv.slice(2));
