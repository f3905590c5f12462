// Entry of the processes that the tests start, signal and kill: `monitor up` and nothing else.
import { runUp } from "../../monitor/cli/up.ts";

process.exitCode = await runUp(process.argv.slice(2));
