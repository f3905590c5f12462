// Cases of values that have the right type and are refused all the same.
import type { Edit } from "./manifests.ts";
import type { RuleCase } from "./rule-case.ts";

function ofDeployment(lines: string): readonly Edit[] {
  return [["      replicas: 2\n", `      replicas: 2\n${lines}\n`]];
}

function strategy(maxSurge: string, maxUnavailable: string): readonly Edit[] {
  return ofDeployment(`      strategy:
        rollingUpdate:
          maxSurge: ${maxSurge}
          maxUnavailable: ${maxUnavailable}`);
}

function resources(request: string, limit: string): readonly Edit[] {
  const lines = `limits: { ${limit} }\n                requests: { ${request} }`;
  return [["requests: { cpu: 50m, memory: 64Mi }", lines]];
}

function label(value: string): readonly Edit[] {
  return [
    ["          labels: { app: demo }\n", `          labels:\n            app: demo\n            version: ${value}\n`],
  ];
}

export const VALUE_CASES: readonly RuleCase[] = [
  {
    rule: "K8S-PORT-RANGE",
    bad: [["          port: 80\n", "          port: 65536 #!\n"]],
    good: [["          port: 80\n", "          port: 65535\n"]],
    says: "port 65536 is no port number",
  },
  {
    rule: "K8S-PORT-RANGE",
    bad: [["          port: 80\n", "          port: 0 #!\n"]],
    good: [["          port: 80\n", "          port: 1\n          nodePort: 0\n"]],
  },
  {
    rule: "K8S-REPLICAS-REFUSED",
    bad: [["          value: 3\n", "          value: -1 #!\n"]],
    good: [["          value: 3\n", "          value: 0\n"]],
    says: "-1 replicas (aws)",
  },
  {
    rule: "K8S-REPLICAS-REFUSED",
    bad: [["      replicas: 2\n", "      replicas: 1.5 #!\n"]],
    good: [["      replicas: 2\n", "      replicas: 1.0\n"]],
  },
  {
    rule: "K8S-LABEL-VALUE",
    bad: label("1.2+3 #!"),
    good: label("1.2-3"),
    says: 'the label version may not be "1.2+3"',
  },
  { rule: "K8S-LABEL-VALUE", bad: label(`${"a".repeat(64)} #!`), good: label("a".repeat(63)) },
  { rule: "K8S-LABEL-VALUE", bad: label("a- #!"), good: label('""') },
  { rule: "K8S-ROLLOUT-STUCK", bad: strategy("0%", "0 #!"), good: strategy("0", "1") },
  {
    rule: "K8S-REQUEST-OVER-LIMIT",
    bad: resources("cpu: 50m, memory: 64Mi", "memory: 64M").map(([from, to]) => [from, `${to} #!`]),
    good: resources("cpu: 700m, memory: 64Mi", "cpu: 0.7, memory: 64Mi"),
    says: "container demo requests 64Mi of memory, its limit is 64M",
  },
  {
    rule: "K8S-REQUEST-OVER-LIMIT",
    bad: resources("cpu: 1001m, memory: 64Mi", "cpu: 1").map(([from, to]) => [from, `${to} #!`]),
    good: resources("cpu: 1000m, memory: 1Gi", "cpu: 1, memory: 1073741824"),
  },
  {
    rule: "K8S-DEADLINE-TOO-SHORT",
    bad: ofDeployment("      minReadySeconds: 10\n      progressDeadlineSeconds: 10 #!"),
    good: ofDeployment("      minReadySeconds: 10\n      progressDeadlineSeconds: 11"),
  },
  {
    rule: "K8S-DEADLINE-TOO-SHORT",
    bad: ofDeployment("      minReadySeconds: 600 #!"),
    good: ofDeployment("      minReadySeconds: 599"),
  },
];
