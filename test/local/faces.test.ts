import { describe, expect, test } from "vitest";
import { listChanges } from "../../monitor/local/changes.ts";
import { openLog, openPicture } from "../../monitor/local/faces.ts";
import { openScreen } from "../../monitor/local/screen.ts";
import { brokenStatus, exampleStatus, GENERATED_AT } from "./status-example.ts";

describe("changes", () => {
  test("between equal reports there are none", () => {
    expect(listChanges(exampleStatus(), exampleStatus())).toEqual([]);
  });

  test("a first report tells where things stand", () => {
    expect(listChanges(null, exampleStatus())).toEqual([
      "overall is conforms",
      "aws-us-east-1 for Route 53 is healthy",
      "aws-us-east-1 for users is healthy",
      "gcp-europe-west1 for Route 53 is healthy",
      "gcp-europe-west1 for users is healthy",
      "active region is aws-us-east-1",
      "failover is conforms: the primary is healthy and serves",
      "region:aws-us-east-1 is conforms: users are served",
    ]);
  });

  test("what breaks is told once, with its reason", () => {
    const verdicts = [{ subject: "region:aws-us-east-1", verdict: "deviates" as const, reason: "nobody is served" }];
    const after = { ...brokenStatus(), verdicts };
    expect(listChanges(exampleStatus(), after)).toEqual([
      "overall conforms -> deviates",
      "aws-us-east-1 for Route 53 healthy -> unhealthy",
      "aws-us-east-1 for users healthy -> unhealthy",
      "active region aws-us-east-1 -> gcp-europe-west1",
      "region:aws-us-east-1 conforms -> deviates: nobody is served",
      "incident opened: region:aws-us-east-1: 3 of 3 vantages refused",
    ]);
    expect(listChanges(after, after)).toEqual([]);
  });

  test("vantages that see the same change of DNS share a line", () => {
    const verdicts = (oc: "conforms" | "deviates") =>
      ["enam", "weur", "oc"].map((vantage) => {
        const subject = `dns:demo.example.com:${vantage}:authoritative`;
        return vantage === "oc"
          ? { subject, verdict: oc, reason: "no reply" }
          : { subject, verdict: "converging" as const, reason: "until then" };
      });
    const before = exampleStatus({ verdicts: verdicts("conforms").map((one) => ({ ...one, verdict: "conforms" })) });
    expect(listChanges(before, exampleStatus({ verdicts: verdicts("deviates") }))).toEqual([
      "dns:demo.example.com:authoritative at enam weur conforms -> converging: until then",
      "dns:demo.example.com:authoritative at oc conforms -> deviates: no reply",
    ]);
  });

  test("maintenance is told when it begins and when it is over, and not while it is only announced", () => {
    const window = {
      id: "m1",
      title: "new kernel",
      state: "active" as const,
      regions: ["aws-us-east-1"],
      from: "2026-11-22T12:30:00.000Z",
      until: "2026-11-22T12:40:00.000Z",
      recurring: false,
    };
    const announced = exampleStatus({ maintenance: [{ ...window, state: "upcoming" }] });
    const during = exampleStatus({ maintenance: [window] });
    expect(listChanges(exampleStatus(), announced)).toEqual([]);
    expect(listChanges(announced, during)).toEqual([
      "maintenance of aws-us-east-1 until 2026-11-22T12:40:00.000Z: new kernel (m1)",
    ]);
    expect(listChanges(during, during)).toEqual([]);
    expect(listChanges(during, exampleStatus())).toEqual(["maintenance over: new kernel (m1)"]);
  });

  test("a drill is told when it begins and when its state changes, and what it causes is planned", () => {
    const drill = {
      id: "d1",
      title: "primary outage",
      state: "running" as const,
      regions: [],
      causes: [],
      startedAt: "2026-11-22T12:30:00.000Z",
      expiresAt: "2026-11-22T12:40:00.000Z",
      endedAt: null,
      probeEverySeconds: null,
    };
    const during = exampleStatus({ drill });
    expect(listChanges(exampleStatus(), during)).toEqual(["drill running: primary outage (d1)"]);
    expect(listChanges(during, during)).toEqual([]);
    const overdue = exampleStatus({ drill: { ...drill, state: "overdue" } });
    expect(listChanges(during, overdue)).toEqual(["drill overdue: primary outage (d1)"]);
    const incidents = brokenStatus().incidents.map((incident) => ({ ...incident, causedBy: "d1" }));
    expect(listChanges(during, { ...during, incidents })).toEqual([
      "incident opened (planned): region:aws-us-east-1: 3 of 3 vantages refused",
    ]);
  });

  test("an incident that closes is told, one that was closed before is not", () => {
    const after = brokenStatus();
    const incidents = after.incidents.map((incident) => ({ ...incident, closedAt: "2026-11-22T12:40:00.000Z" }));
    expect(listChanges(after, { ...after, incidents })).toEqual(["incident closed: region:aws-us-east-1"]);
    expect(listChanges(exampleStatus(), { ...exampleStatus(), incidents })).toEqual([]);
  });

  test("no active region is a change as well, once", () => {
    const none = exampleStatus({ failover: { ...exampleStatus().failover, active: null } });
    expect(listChanges(exampleStatus(), none)).toEqual(["active region aws-us-east-1 -> none"]);
    expect(listChanges(none, none)).toEqual([]);
    expect(listChanges(none, exampleStatus())).toEqual(["active region none -> aws-us-east-1"]);
  });
});

describe("the log", () => {
  test("prefixes each change with the time of day in UTC", () => {
    const lines: string[] = [];
    const log = openLog((text) => lines.push(text));
    log.show({ kind: "report", report: exampleStatus() }, GENERATED_AT);
    log.show({ kind: "report", report: exampleStatus() }, GENERATED_AT + 1000);
    log.show({ kind: "report", report: exampleStatus({ verdict: "undecided" }) }, GENERATED_AT + 2000);
    expect(lines.slice(8)).toEqual(["12:34:58Z overall conforms -> undecided\n"]);
  });

  test("tells a silence once, and again when it is another one or comes back", () => {
    const lines: string[] = [];
    const log = openLog((text) => lines.push(text));
    const silent = (detail: string) => log.show({ kind: "silent", detail }, GENERATED_AT);
    ["a", "a", "b"].forEach(silent);
    log.show({ kind: "report", report: exampleStatus() }, GENERATED_AT);
    silent("b");
    expect(lines.filter((line) => line.includes("no report"))).toEqual([
      "12:34:56Z no report: a\n",
      "12:34:56Z no report: b\n",
      "12:34:56Z no report: b\n",
    ]);
  });
});

const HIDE = "\u001b[?25l";
const SHOW = "\u001b[?25h";

function terminal(columns: number, rows: number) {
  const written: string[] = [];
  return { columns, rows, written, write: (text: string) => written.push(text) };
}

test("the log passes no control character on", () => {
  const lines: string[] = [];
  openLog((text) => lines.push(text)).show({ kind: "silent", detail: "a\u001b[2Jb\nc" }, GENERATED_AT);
  expect(lines).toEqual(["12:34:56Z no report: a [2Jb c\n"]);
});

describe("the screen", () => {
  test("draws over what it drew before, and clears what is left of it", () => {
    const tty = terminal(80, 24);
    const screen = openScreen(tty);
    screen.draw(["one", "two", "three"]);
    screen.draw(["eins"]);
    screen.draw(["uno"]);
    screen.close();
    expect(tty.written).toEqual([
      HIDE,
      "one\u001b[K\ntwo\u001b[K\nthree\u001b[K\n\u001b[J",
      "\u001b[3A\reins\u001b[K\n\u001b[J",
      "\u001b[1A\runo\u001b[K\n\u001b[J",
      SHOW,
    ]);
  });

  test("never draws more lines than the terminal has, or it would scroll", () => {
    const tty = terminal(80, 3);
    const screen = openScreen(tty);
    screen.draw(["1", "2", "3", "4"]);
    screen.close();
    expect(tty.written[1]).toBe("1\u001b[K\n2\u001b[K\n\u001b[J");
  });

  test("takes a size of nothing, as of a container's terminal, for one that is not known", () => {
    const screen = openScreen(terminal(0, 0));
    expect(screen.width).toBe(80);
    screen.close();
  });

  test("shows the cursor once, however often it is closed, and draws no more", () => {
    const tty = terminal(80, 24);
    const screen = openScreen(tty);
    screen.close();
    screen.close();
    screen.draw(["late"]);
    expect(tty.written).toEqual([HIDE, SHOW]);
  });

  test("leaves no listener behind", () => {
    const before = process.listenerCount("exit");
    openScreen(terminal(80, 24)).close();
    expect(process.listenerCount("exit")).toBe(before);
  });
});

describe("the picture", () => {
  test("has the report and the hints, cut to the terminal's width", () => {
    const tty = terminal(30, 40);
    const picture = openPicture(tty, "off", ["try this: ".repeat(10)]);
    picture.show({ kind: "report", report: brokenStatus() }, GENERATED_AT);
    picture.close();
    const lines = (tty.written[1] ?? "").replaceAll("\u001b[K", "").replace("\u001b[J", "").trimEnd().split("\n");
    expect(lines[0]).toMatch(/^multicloud-demo {2}deviates/);
    expect(lines.at(-1)).toMatch(/^try this: /);
    expect(Math.max(...lines.map((line) => line.length))).toBe(30);
  });

  test("says why there is none", () => {
    const tty = terminal(80, 24);
    const picture = openPicture(tty, "off", []);
    picture.show({ kind: "silent", detail: "/status answers 503" }, GENERATED_AT);
    picture.close();
    expect(tty.written[1]).toContain("no report yet: /status answers 503");
  });
});
