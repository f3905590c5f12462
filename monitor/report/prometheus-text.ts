// Prometheus' text format 0.0.4: what a name, a label and a value look like on the wire. Families come out in the order given,
// and one without a sample stays out, because a scraper takes a name without samples for one that is gone.

export interface MetricFamily {
  /** With its unit as the last word, and "_total" on a counter. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly unit?: "seconds";
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Of a histogram only: what stands behind the family's name. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  /** Written in this order. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function formatMetrics(families: readonly MetricFamily[]): string {
  return families
    .filter((family) => family.samples.length > 0)
    .map((family) => formatFamily(family))
    .join("");
}

/** 0.0.4 has no UNIT and reads it as a comment; OpenMetrics has the same line. */
function formatFamily({ name, type, unit, help, samples }: MetricFamily): string {
  const head = [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  ];
  return `${[...head, ...samples.map((sample) => formatSample(name, sample))].join("\n")}\n`;
}

function formatSample(name: string, { suffix, labels, value }: Sample): string {
  return `${name}${suffix ?? ""}${formatLabels(labels)} ${value}`;
}

function formatLabels(labels: Sample["labels"]): string {
  let pairs = "";
  for (const [name, value] of Object.entries(labels))
    pairs += `${pairs === "" ? "" : ","}${name}="${escapeLabel(value)}"`;
  return pairs === "" ? "" : `{${pairs}}`;
}

function escapeLabel(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
