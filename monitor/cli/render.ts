// `monitor render`: writes the manifests that follow from the topology, or with --check only says which of them are not
// what would be written now.
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem } from "../problem.ts";
import { REGIONS_BY, type RegionBy, type RenderedFile } from "../render/manifest.ts";
import { renderFiles, RENDERINGS } from "../render/render.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { compareFiles, type FileState, writeFiles } from "./render-files.ts";
import { type GivenIds, readIds } from "./render-ids.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

const NAMES = Object.keys(RENDERINGS);

export const RENDER_USAGE = `monitor render ${NAMES.join("|")}|all [--check] [--topology FILE] [--out DIR]
               [--region-by configmap|env] [--zone-id ID] [--check-id REGION=ID]…
               [--collection-id ID] [--json]

Writes the manifests that follow from the topology, and says what changed. Files of clusters that are gone are removed.

  --check           writes nothing; names each file that is not what would be written now
  --topology FILE   default ${TOPOLOGY_FILE}
  --out DIR         default ${dirname(TOPOLOGY_FILE)}
  --region-by WAY   configmap (default): each cluster gets REGION and CLUSTER by a ConfigMap;
                    env: by values in the Deployment, whose positions are looked up by name
  --zone-id ID      the hosted zone's id in the change batches for Route 53; otherwise a placeholder stands there
  --check-id REGION=ID
                    Route 53's id of that region's health check; otherwise a placeholder stands there
  --collection-id ID
                    the CIDR collection's id under IP-based routing; otherwise a placeholder stands there
  --json            one JSON envelope on stdout

Exit code: 0 written or current, 1 --check found a difference, 2 wrong usage or topology.
`;

interface RenderWish {
  readonly names: readonly string[];
  readonly regionBy: RegionBy;
  readonly files: readonly RenderedFile[];
  readonly outDir: string;
  readonly mode: "check" | "write";
  readonly output: "json" | "text";
}

export async function runRender(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseRender(argv);
  if ("refusal" in wish) return refuse(wish, RENDER_USAGE);
  const { names, files, outDir, mode, output } = wish;
  const folders = names.flatMap((name) => RENDERINGS[name]?.folder ?? []);
  const states = compareFiles(outDir, files, folders);
  const obstacle = mode === "write" ? writeFiles(outDir, files, states) : null;
  if (obstacle !== null) return refuse({ refusal: "topology", lines: [obstacle] }, RENDER_USAGE);
  const verdict = mode === "check" && states.some(({ state }) => state !== "current") ? "deviates" : "conforms";
  const payload = { mode, folder: outDir, files: states };
  process.stdout.write(output === "json" ? envelope("render", verdict, payload, Date.now()) : textOf(wish, states));
  return EXIT[verdict];
}

function parseRender(argv: readonly string[]): RenderWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        check: flag,
        topology: one,
        out: one,
        "region-by": one,
        "zone-id": one,
        "collection-id": one,
        "check-id": { type: "string", multiple: true },
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    const names = namesOf(positionals);
    if (names === null)
      return { refusal: `expected one of ${NAMES.join(", ")} or all, found "${positionals.join(" ")}"` };
    const regionBy = REGIONS_BY.find((way) => way === (values["region-by"] ?? "configmap"));
    if (regionBy === undefined)
      return { refusal: `--region-by: expected ${REGIONS_BY.join(" or ")}, found "${values["region-by"]}"` };
    const given = {
      zoneId: values["zone-id"] ?? null,
      checkIds: values["check-id"] ?? [],
      collectionId: values["collection-id"] ?? null,
    };
    const rendered = render(values.topology ?? TOPOLOGY_FILE, names, regionBy, given);
    if ("refusal" in rendered) return rendered;
    return {
      names,
      regionBy,
      files: rendered.files,
      outDir: values.out ?? dirname(TOPOLOGY_FILE),
      mode: values.check === true ? "check" : "write",
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Null: not exactly one name that we know. */
function namesOf(positionals: readonly string[]): readonly string[] | null {
  const [name = "", ...rest] = positionals;
  if (rest.length > 0) return null;
  if (name === "all") return NAMES;
  return NAMES.includes(name) ? [name] : null;
}

function render(
  file: string,
  names: readonly string[],
  regionBy: RegionBy,
  given: GivenIds,
): { readonly files: readonly RenderedFile[] } | Refusal {
  const loaded = loadTopology(file);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const ids = readIds(given, loaded.topology);
  if ("refusal" in ids) return ids;
  const rendered = renderFiles(loaded.topology, names, regionBy, ids);
  if (rendered.ok) return { files: rendered.value };
  return { refusal: "topology", lines: rendered.problems.map((problem) => formatProblem(problem, file)) };
}

function textOf({ names, mode, outDir, regionBy }: RenderWish, states: readonly FileState[]): string {
  const changed = states.filter(({ state }) => state !== "current");
  const lines = changed.flatMap((state) =>
    mode === "check" ? differenceLines(outDir, state) : changeLine(outDir, state),
  );
  const current = `${states.length - changed.length} of ${states.length} files are current`;
  if (mode === "write" || changed.length === 0) return `${[...lines, current].join("\n")}\n`;
  const name = names.length > 1 ? "all" : names.join("");
  const flag = regionBy === "configmap" ? "" : ` --region-by ${regionBy}`;
  return `${[...lines, `${current}; to write: npm run -s monitor -- render ${name}${flag}`].join("\n")}\n`;
}

function changeLine(outDir: string, { path, state }: FileState): string {
  const done = { missing: "new", differs: "changed", "left over": "removed", current: "current" }[state];
  return `${done.padEnd(8)} ${outDir}/${path}`;
}

function differenceLines(outDir: string, state: FileState): readonly string[] {
  const name = `${outDir}/${state.path}`;
  if (state.state !== "differs") return [`${state.state.padEnd(9)} ${name}`];
  const shown = (line: string | null): string => (line === null ? "(the end of the file)" : line);
  return [
    `differs   ${name}:${state.line}`,
    `  found     ${shown(state.found)}`,
    `  expected  ${shown(state.expected)}`,
  ];
}
