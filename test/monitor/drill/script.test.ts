// Drill files that are wrong, each with its full list of problems, so that nothing else may be said about it.
import { describe, expect, test } from "vitest";
import { drillProblems, editedDrill, extendedDrill, scriptOf, SMALLEST_DRILL } from "../../support/drill-text.ts";

const GATE = "{ lever: gate, region: primary, fault: refuse }";

describe("a drill's file", () => {
  test("takes its defaults from the policy", () => {
    expect(scriptOf(SMALLEST_DRILL)).toEqual({
      schemaVersion: 1,
      id: "gone",
      title: "Gone",
      description: "The primary is gone.",
      faults: { local: [{ lever: "gate", region: "primary", fault: "refuse", onlyFrom: [], flap: null }], real: [] },
      expect: { answers: "move", users: "recover", notices: ["region"] },
      steadyState: { windowSeconds: "policy" },
      faultSeconds: "policy",
      afterSeconds: "policy",
      expirySeconds: "policy",
      bounds: {
        detectionSeconds: null,
        failoverSeconds: null,
        recoverySeconds: null,
        failbackSeconds: null,
        gapSeconds: null,
        lostShareMax: null,
      },
      abortWhen: [],
      blockedWindows: [],
      approvals: [],
    });
  });

  test("means nothing by ${NAME}", () => {
    expect(scriptOf(editedDrill(["title: Gone", "title: ${HOME}"])).title).toBe("${HOME}");
  });

  test.each([
    {
      name: "empty",
      text: "",
      problems: [
        "1:1: expected a mapping with the keys schemaVersion, id, title, description, faults, expect, steadyState, faultSeconds, afterSeconds, expirySeconds, bounds, abortWhen, blockedWindows, approvals, found nothing",
      ],
    },
    {
      name: "no YAML",
      text: "a: [",
      problems: [
        "1:5: expected YAML, found a mistake: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    },
    {
      name: "a version that is not known",
      text: editedDrill(["schemaVersion: 1", "schemaVersion: 2"]),
      problems: ["1:16: schemaVersion: expected 1, found 2"],
    },
    {
      name: "no id",
      text: editedDrill(["id: gone\n", ""]),
      problems: [
        "1:1: id: missing: expected an id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end",
      ],
    },
    {
      name: "an id of another form",
      text: editedDrill(["id: gone", "id: Gone!"]),
      problems: [
        '2:5: id: expected an id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "Gone!"',
      ],
    },
    {
      name: "an empty title",
      text: editedDrill(["title: Gone", 'title: " "']),
      problems: ['3:8: title: expected a title of at most 120 characters, found " "'],
    },
    {
      name: "a title that is a number",
      text: editedDrill(["title: Gone", "title: 7"]),
      problems: ["3:8: title: expected a title of at most 120 characters, found 7"],
    },
    {
      name: "no description",
      text: editedDrill(["description: The primary is gone.\n", ""]),
      problems: ["1:1: description: missing: expected a description of at most 2000 characters"],
    },
    {
      name: "an unknown key",
      text: extendedDrill("durationSeconds: 60"),
      problems: [
        "10:1: durationSeconds: unknown key `durationSeconds`, known here: schemaVersion, id, title, description, faults, expect, steadyState, faultSeconds, afterSeconds, expirySeconds, bounds, abortWhen, blockedWindows, approvals",
      ],
    },
    {
      name: "no faults",
      text: editedDrill([`\n    - ${GATE}`, " []"]),
      problems: ["6:10: faults.local: expected a list of 1 to 8 faults, found an empty list"],
    },
    {
      name: "a lever that is not known",
      text: editedDrill(["lever: gate", "lever: axe"]),
      problems: [
        '7:16: faults.local[0].lever: expected a lever (gate, dns-gate, route53-health-check, kubefed-replicas, karmada-replicas, istio-abort, service-drain, router-drain), found "axe"',
      ],
    },
    {
      name: "no lever",
      text: editedDrill(["lever: gate, ", ""]),
      problems: [
        "7:7: faults.local[0].lever: missing: expected a lever (gate, dns-gate, route53-health-check, kubefed-replicas, karmada-replicas, istio-abort, service-drain, router-drain)",
      ],
    },
    {
      name: "a fault that is not known",
      text: editedDrill(["fault: refuse", "fault: refus"]),
      problems: [
        '7:46: faults.local[0].fault: expected a fault of a gate (refuse, blackhole, reset, slow, stall, truncate, garbage, huge, redirect, http-503, wrong-region), found "refus", did you mean refuse?',
      ],
    },
    {
      name: "open, which is no fault",
      text: editedDrill(["fault: refuse", "fault: open"]),
      problems: [
        '7:46: faults.local[0].fault: expected a fault of a gate (refuse, blackhole, reset, slow, stall, truncate, garbage, huge, redirect, http-503, wrong-region), found "open"',
      ],
    },
    {
      name: "a region of another form",
      text: editedDrill(["region: primary", "region: The First"]),
      problems: ['7:30: faults.local[0].region: expected primary, secondary, or the id of a region, found "The First"'],
    },
    {
      name: "a fault without a region",
      text: editedDrill(["region: primary, ", ""]),
      problems: ["7:7: faults.local[0].region: missing: expected primary, secondary, or the id of a region"],
    },
    {
      name: "a fault of DNS at a gate's lever",
      text: editedDrill([GATE, "{ lever: dns-gate, fault: blackhole }"]),
      problems: [
        '7:33: faults.local[0].fault: expected a fault of DNS (stuck, servfail, nxdomain, truncated, empty, other-name, refuse), found "blackhole"',
      ],
    },
    {
      name: "a flap without an end",
      text: editedDrill(["fault: refuse }", "fault: refuse, flap: { downLooks: 0 } }"]),
      problems: [
        "7:60: faults.local[0].flap.upLooks: missing: expected a whole number from 1 to 100 looks",
        "7:73: faults.local[0].flap.downLooks: expected a whole number from 1 to 100 looks, found 0",
      ],
    },
    {
      name: "a gate in a real topology",
      text: editedDrill(["expect:", `  real:\n    - ${GATE}\nexpect:`]),
      problems: [
        '9:16: faults.real[0].lever: expected a lever of a real topology (gates exist in the local world alone), found "gate"',
      ],
    },
    {
      name: "AWS in the local world",
      text: editedDrill([GATE, "{ lever: route53-health-check, region: primary }"]),
      problems: [
        '7:16: faults.local[0].lever: expected a lever of the local world (gate, dns-gate, service-drain, router-drain), found "route53-health-check"',
      ],
    },
    {
      name: "one lever twice",
      text: editedDrill([GATE, `${GATE}\n    - ${GATE}`]),
      problems: [
        "8:7: faults.local[1]: expected each lever once for a region (faults.local[0] has it already), found a mapping",
      ],
    },
    {
      name: "an abort of health looks with no error",
      text: editedDrill([
        "expect:",
        "  real:\n    - { lever: istio-abort, region: primary, httpStatus: 200, percent: 0 }\nexpect:",
      ]),
      problems: [
        "9:58: faults.real[0].httpStatus: expected a whole number from 400 to 599, found 200",
        "9:72: faults.real[0].percent: expected a whole number from 1 to 100 percent, found 0",
      ],
    },
    {
      name: "no expectation",
      text: editedDrill(["expect: { answers: move, users: recover, notices: [region] }\n", ""]),
      problems: ["1:1: expect: missing: expected a mapping with the keys answers, users, notices"],
    },
    {
      name: "an expectation that is not known",
      text: editedDrill(["answers: move", "answers: go"]),
      problems: ['8:20: expect.answers: expected where answers go (move, stay, either), found "go"'],
    },
    {
      name: "users who recover where nothing moves",
      text: editedDrill(["answers: move", "answers: stay"]),
      problems: [
        '8:33: expect.users: expected never-lost or lost, because users recover by answers that move, found "recover"',
      ],
    },
    {
      name: "a subject twice",
      text: editedDrill(["[region]", "[region, region]"]),
      problems: [
        '8:60: expect.notices[1]: expected each subject once (expect.notices[0] has it already), found "region"',
      ],
    },
    {
      name: "a subject that is not known",
      text: editedDrill(["[region]", "[region, latency]"]),
      problems: ['8:60: expect.notices[1]: expected what deviates (region, dns, failover), found "latency"'],
    },
    {
      name: "no expiry",
      text: editedDrill(["expirySeconds: policy\n", ""]),
      problems: ["1:1: expirySeconds: missing: expected a whole number from 1 to 7200 seconds, or policy"],
    },
    {
      name: "an expiry of no time",
      text: editedDrill(["expirySeconds: policy", "expirySeconds: 0"]),
      problems: ["9:16: expirySeconds: expected a whole number from 1 to 7200 seconds, or policy, found 0"],
    },
    {
      name: "an expiry in words",
      text: editedDrill(["expirySeconds: policy", "expirySeconds: 5m"]),
      problems: ['9:16: expirySeconds: expected a whole number from 1 to 7200 seconds, or policy, found "5m"'],
    },
    {
      name: "an expiry before the fault is over",
      text: editedDrill(["expirySeconds: policy", "faultSeconds: 120\nexpirySeconds: 120"]),
      problems: ["10:16: expirySeconds: expected more than faultSeconds, which is 120, or policy, found 120"],
    },
    {
      name: "a fault for two hours",
      text: extendedDrill("faultSeconds: 7200"),
      problems: ["10:15: faultSeconds: expected a whole number from 1 to 3600 seconds, or policy, found 7200"],
    },
    {
      name: "half a second of bound",
      text: extendedDrill("bounds: { detectionSeconds: 0.5 }"),
      problems: [
        "10:29: bounds.detectionSeconds: expected a whole number from 1 to 7200 seconds, or policy, found 0.5",
      ],
    },
    {
      name: "a bound that is not known",
      text: extendedDrill("bounds: { rtoSeconds: 60 }"),
      problems: [
        "10:11: bounds.rtoSeconds: unknown key `rtoSeconds`, known here: detectionSeconds, failoverSeconds, recoverySeconds, failbackSeconds, gapSeconds, lostShareMax",
      ],
    },
    {
      name: "a share over 1",
      text: extendedDrill("bounds: { lostShareMax: 5 }"),
      problems: ["10:25: bounds.lostShareMax: expected a share from 0 to 1, such as 0.5, found 5"],
    },
    {
      name: "bounds on what cannot happen",
      text: `${editedDrill(["{ answers: move, users: recover, notices: [region] }", "{ answers: stay, users: lost }"])}bounds: { detectionSeconds: 1, failoverSeconds: 2, recoverySeconds: 3, failbackSeconds: 4 }\n`,
      problems: [
        "10:29: bounds.detectionSeconds: expected no bound, because expect.notices has no region, found 1",
        "10:49: bounds.failoverSeconds: expected no bound, because expect.answers is not move, found 2",
        "10:69: bounds.recoverySeconds: expected no bound, because expect.users is not recover, found 3",
        "10:89: bounds.failbackSeconds: expected no bound, because expect.answers is not move, found 4",
      ],
    },
    {
      name: "a condition that is not known",
      text: extendedDrill("abortWhen: [{ when: bored }]"),
      problems: [
        '10:21: abortWhen[0].when: expected a condition (bystander-unhealthy, lost-share-over, monitor-silent), found "bored"',
      ],
    },
    {
      name: "a condition without its share",
      text: extendedDrill("abortWhen: [{ when: lost-share-over }]"),
      problems: ["10:13: abortWhen[0].share: missing: expected a share from 0 to 1, such as 0.5"],
    },
    {
      name: "a condition twice",
      text: extendedDrill("abortWhen: [{ when: monitor-silent }, { when: monitor-silent, seconds: 9 }]"),
      problems: ["10:39: abortWhen[1]: expected each condition once (abortWhen[0] has it already), found a mapping"],
    },
    {
      name: "a window on no day of the week",
      text: extendedDrill('blockedWindows: [{ days: [someday, mon, mon], fromUtc: "9:00", toUtc: "25:00" }]'),
      problems: [
        '10:27: blockedWindows[0].days[0]: expected a day of the week (mon, tue, wed, thu, fri, sat, sun), found "someday"',
        '10:41: blockedWindows[0].days[2]: expected each day once (blockedWindows[0].days[1] has it already), found "mon"',
        '10:56: blockedWindows[0].fromUtc: expected a time of day from 00:00 to 24:00, in UTC, found "9:00"',
        '10:71: blockedWindows[0].toUtc: expected a time of day from 00:00 to 24:00, in UTC, found "25:00"',
      ],
    },
    {
      name: "a window of no time",
      text: extendedDrill('blockedWindows: [{ fromUtc: "09:00", toUtc: "09:00" }]'),
      problems: ['10:45: blockedWindows[0].toUtc: expected another time than fromUtc, which is 09:00, found "09:00"'],
    },
    {
      name: "an approval twice, and one by nobody",
      text: extendedDrill('approvals: [anna, anna, ""]'),
      problems: [
        '10:19: approvals[1]: expected each name once (approvals[0] has it already), found "anna"',
        '10:25: approvals[2]: expected a name of at most 100 characters, found ""',
      ],
    },
    {
      name: "several things at once, in the order of the file",
      text: editedDrill(
        ["id: gone", "id: Gone"],
        ["answers: move", "answers: go"],
        ["expirySeconds: policy", "expirySeconds: soon"],
      ),
      problems: [
        '2:5: id: expected an id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "Gone"',
        '8:20: expect.answers: expected where answers go (move, stay, either), found "go"',
        '9:16: expirySeconds: expected a whole number from 1 to 7200 seconds, or policy, found "soon"',
      ],
    },
  ])("is refused: $name", ({ text, problems }) => {
    expect(drillProblems(text)).toEqual(problems);
  });
});
