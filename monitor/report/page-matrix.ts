// The matrix of the status page: how far each region is from each vantage, in shades; what failed or was not looked at has a
// word in its place.
import { formatDuration } from "../time.ts";
import { PHASES } from "../model/observation.ts";
import { escapeHtml, mark, section, table } from "./page-parts.ts";
import type { StatusCell, StatusReport } from "./status-schema.ts";

/** Milliseconds: each is the beginning of a darker shade. */
const SHADES = [50, 100, 200, 400, 800];
/** In a larger matrix cells have no titles: they would be most of the page. */
const TITLED_CELLS_MAX = 200;

export function matrixSection(report: StatusReport): string {
  const { regions, vantages } = report;
  const title = "Latency of the health path, in ms";
  const heads = vantages.map(({ id, colo, private: own }) => {
    const where = own === true ? "private" : colo === null || colo.startsWith("local-") ? null : colo;
    const place = where === null ? "" : ` <small>${escapeHtml(where)}</small>`;
    return `${escapeHtml(id)}${place}`;
  });
  const titled = regions.length * vantages.length <= TITLED_CELLS_MAX;
  const fastest = vantages.map(({ id }) => fastestRegion(report, id));
  const rows = regions.map(({ id }) => {
    const cells = vantages.map((vantage, index) =>
      matrixCell(report.matrix[id]?.[vantage.id], { titled, fastest: regions.length > 1 && fastest[index] === id }),
    );
    return `<tr><th scope="row">${escapeHtml(id)}</th>${cells.join("")}</tr>`;
  });
  const key = `<p class="key">From each place, the region in <strong>bold</strong> is the fastest.</p>`;
  return section(
    "latency",
    title,
    table(title, "matrix", ["Region", ...heads], rows) + (regions.length > 1 ? key : ""),
  );
}

function matrixCell(
  cell: StatusCell | undefined,
  { titled, fastest }: { readonly titled: boolean; readonly fastest: boolean },
): string {
  const state = cell?.state ?? "unknown";
  const title = titled && cell !== undefined ? ` title="${escapeHtml(cellTitle(cell))}"` : "";
  if (cell === undefined || state !== "up") {
    const why = cell?.failure === undefined ? "" : ` <small>${escapeHtml(cell.failure.cause)}</small>`;
    return `<td class="${state}"${title}>${mark(state, state)}${why}</td>`;
  }
  const totalMs = Math.round(cell.totalMs ?? 0);
  const shade = SHADES.filter((from) => totalMs >= from).length;
  return `<td class="s${shade}"${title}>${fastest ? `<strong>${totalMs}</strong>` : totalMs}</td>`;
}

/** "connect 5, ttfb 10 ms; 12 s ago; connection refused". */
function cellTitle({ phases, ageMs, failure }: StatusCell): string {
  const reached = PHASES.flatMap((phase) =>
    phases[phase] === undefined ? [] : [`${phase} ${Math.round(phases[phase])}`],
  );
  return [
    ...(reached.length === 0 ? [] : [`${reached.join(", ")} ms`]),
    ageMs === null ? "never looked" : `${formatDuration(ageMs)} ago`,
    ...(failure === undefined ? [] : [failure.detail]),
  ].join("; ");
}

function fastestRegion({ regions, matrix }: StatusReport, vantage: string): string | null {
  const measured = regions.flatMap(({ id }) => {
    const cell = matrix[id]?.[vantage];
    return cell?.state === "up" && cell.totalMs !== null ? [{ id, totalMs: cell.totalMs }] : [];
  });
  return measured.toSorted((a, b) => a.totalMs - b.totalMs)[0]?.id ?? null;
}
