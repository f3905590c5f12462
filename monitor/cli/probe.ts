// `monitor probe`: one look at one URL for a person, with everything that was seen on the way.
import { catchStopSignals } from "../local/stop-signal.ts";
import { makeNodeClock } from "../node/clock.ts";
import { hostOf, portOf, runLook } from "../node/waterfall.ts";
import type { Look } from "../report/look.ts";
import { curlLines, shownHeaders, shownUrl } from "../report/look-curl.ts";
import { route53Opinion } from "../report/look-route53.ts";
import { type LooksSummary, summariseLooks } from "../report/look-summary.ts";
import { judgeFailure, judgeHops, judgeLook, type LookVerdict } from "../report/look-verdict.ts";
import type { Clock } from "../run/world.ts";
import { toIso } from "../time.ts";
import { worstVerdict } from "../verify/verdict.ts";
import { envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { parseProbe, PROBE_USAGE, type ProbeSettings, REDIRECTS_MAX } from "./probe-arguments.ts";
import { followRedirects, lookAtEach, lookRepeatedly } from "./probe-looks.ts";
import { addressesText, seriesLine, summaryText } from "./probe-tables.ts";
import { type Colours, endText, failureLines, lookText, paintParts, titleLines } from "./probe-text.ts";
import { refuse } from "./refusal.ts";

interface Outcome {
  readonly verdict: LookVerdict;
  readonly looks: readonly Look[];
  readonly summary: LooksSummary | null;
  /** What has not been written yet, without the last lines. */
  readonly text: string;
}

export async function runProbe(argv: readonly string[]): Promise<ExitCode> {
  const settings = parseProbe(argv);
  if ("refusal" in settings) return refuse(settings, PROBE_USAGE);
  const clock = makeNodeClock();
  const colours = hasColours() ? "on" : "off";
  const outcome = await look(settings, clock, colours);
  const worst = outcome.looks.find((one) => judgeLook(one).verdict !== "conforms") ?? outcome.looks[0] ?? null;
  const curl = curlOf(settings, settings.mode === "follow" ? (outcome.looks[0] ?? null) : worst);
  process.stdout.write(
    settings.output === "json"
      ? envelope("probe", outcome.verdict.verdict, payloadOf(settings, outcome, curl), clock.now())
      : `${outcome.text}\n${endText(outcome.verdict, { curl, colours })}`,
  );
  return exitCodeOf(outcome.verdict.verdict);
}

async function look(settings: ProbeSettings, clock: Clock, colours: Colours): Promise<Outcome> {
  const { mode } = settings;
  if (mode === "one") {
    const { look: only } = await runLook(settings.plan, clock);
    return { verdict: judgeLook(only), looks: [only], summary: null, text: lookText(only, colours) };
  }
  if (mode === "follow") {
    const { hops, ended } = await followRedirects(settings, clock);
    const text = hops.map(
      (hop, index) => `${hops.length > 1 ? `── ${index + 1} of ${hops.length} ──\n` : ""}${lookText(hop, colours)}`,
    );
    return { verdict: judgeHops(hops, ended), looks: hops, summary: null, text: text.join("\n") };
  }
  return mode === "each-ip"
    ? await lookEach(settings, clock, colours)
    : await lookOften(settings, mode, clock, colours);
}

async function lookEach(settings: ProbeSettings, clock: Clock, colours: Colours): Promise<Outcome> {
  const found = await lookAtEach(settings, clock);
  const { method, url } = settings.plan;
  const title = titleLines(method, shownUrl(url.href));
  if (found.kind === "failed") {
    const verdict = judgeFailure(found.failure);
    return { verdict, looks: [], summary: null, text: paintParts([title, failureLines(verdict, null)], colours) };
  }
  const verdicts = found.looks.map(judgeLook);
  const bad = verdicts.filter(({ verdict }) => verdict !== "conforms").length;
  const verdict: LookVerdict = {
    verdict: worstVerdict(verdicts.map((one) => one.verdict)),
    reason: `${verdicts.length - bad} of ${verdicts.length} addresses serve`,
    phase: null,
    cause: null,
  };
  return {
    verdict,
    looks: found.looks,
    summary: null,
    text: `${paintParts([title], colours)}\n${addressesText(found.looks, colours)}`,
  };
}

async function lookOften(
  { plan, output }: ProbeSettings,
  { count, intervalMs }: { readonly count: number; readonly intervalMs: number },
  clock: Clock,
  colours: Colours,
): Promise<Outcome> {
  const stop = catchStopSignals();
  const tell = (one: Look, number: number): void => {
    if (output === "text") process.stdout.write(seriesLine(one, number, colours));
  };
  try {
    if (output === "text")
      process.stdout.write(`${paintParts([titleLines(plan.method, shownUrl(plan.url.href))], colours)}\n`);
    const looks = await lookRepeatedly(plan, { count, intervalMs, stop: stop.asked }, clock, tell);
    const summary = summariseLooks(looks);
    const verdict: LookVerdict = {
      verdict: worstVerdict(looks.map((one) => judgeLook(one).verdict)),
      reason: `${summary.looks - summary.failed} of ${summary.looks} looks were served`,
      phase: null,
      cause: null,
    };
    return { verdict, looks, summary, text: `\n${summaryText(summary, colours)}` };
  } finally {
    stop.release();
  }
}

/** Goes where the look went, or wanted to go. */
function curlOf({ plan, mode, cacert }: ProbeSettings, model: Look | null): readonly string[] {
  return curlLines({
    method: plan.method,
    url: shownUrl(plan.url.href),
    host: hostOf(plan.url),
    port: portOf(plan.url),
    address: model?.remote?.address ?? model?.addresses[0] ?? null,
    headers: plan.headers,
    http: plan.http,
    timeoutMs: plan.timeoutMs,
    redirects: mode === "follow" ? "follow" : "show",
    redirectsMax: REDIRECTS_MAX,
    cacert,
  });
}

function payloadOf({ plan }: ProbeSettings, { verdict, looks, summary }: Outcome, curl: readonly string[]): object {
  const [first] = looks;
  return {
    url: shownUrl(plan.url.href),
    headers: shownHeaders(plan.headers),
    reason: verdict.reason,
    looks: looks.map(lookJson),
    route53: first === undefined ? null : route53Opinion(first),
    ...(summary === null ? {} : { summary }),
    curl: curl.map((line) => line.replace(/ \\$/, "").trim()).join(" "),
  };
}

/** Instants as text, as in all JSON, and what is made of the look. */
function lookJson(one: Look): object {
  const { verdict, reason, phase, cause } = judgeLook(one);
  const { at, tls, claim } = one;
  const chain = tls?.chain.map((link) => ({
    ...link,
    notBefore: toIso(link.notBefore),
    notAfter: toIso(link.notAfter),
  }));
  return {
    ...one,
    at: toIso(at),
    tls: tls === null ? null : { ...tls, chain },
    claim: claim === null ? null : { ...claim, time: toIso(claim.time) },
    verdict,
    reason,
    cause,
    badPhase: phase,
  };
}

function hasColours(): boolean {
  const { env, stdout } = process;
  return stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}
