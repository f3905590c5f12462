// The workflows run on somebody else's machines with our rights, so what they may do is held here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { ROOT } from "../support/source-files.ts";

type Fields = Readonly<Record<string, unknown>>;

const FOLDER = join(ROOT, ".github/workflows");
const FILES = readdirSync(FOLDER);
/** Permissions beyond reading the code, by file. */
const WRITES: Readonly<Record<string, readonly string[]>> = { "image.yml": ["packages"] };

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function jobsOf(workflow: Fields): readonly Fields[] {
  return Object.values(fieldsOf(workflow["jobs"])).map((job) => fieldsOf(job));
}

function stepsOf(workflow: Fields): readonly Fields[] {
  return jobsOf(workflow).flatMap((job) =>
    Array.isArray(job["steps"]) ? job["steps"].map((step) => fieldsOf(step)) : [],
  );
}

function textsOf(workflow: Fields, key: "uses" | "run"): readonly string[] {
  return stepsOf(workflow).flatMap((step) => (typeof step[key] === "string" ? [step[key]] : []));
}

test("the four workflows are there", () => {
  expect(FILES.toSorted()).toEqual(["ci.yml", "deploy.yml", "drill.yml", "image.yml"]);
});

describe.each(FILES)("%s", (file) => {
  const document = parseDocument(readFileSync(join(FOLDER, file), "utf8"), { uniqueKeys: true });
  const workflow = fieldsOf(document.toJS());

  test("is YAML with a name, events and jobs with steps", () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(Object.keys(workflow)).toEqual(expect.arrayContaining(["name", "on", "jobs", "permissions", "concurrency"]));
    expect(stepsOf(workflow).length).toBeGreaterThan(1);
    for (const step of stepsOf(workflow)) expect("uses" in step).not.toBe("run" in step);
  });

  test("takes every action by its full version, and each by one only", () => {
    const actions = textsOf(workflow, "uses");
    for (const action of actions) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@v\d+\.\d+\.\d+$/);
    const names = new Set(actions.map((action) => action.split("@")[0]));
    expect(new Set(actions).size).toBe(names.size);
  });

  test("may write nothing that it need not, and ends by itself", () => {
    const grants = [workflow, ...jobsOf(workflow)].flatMap((part) => Object.entries(fieldsOf(part["permissions"])));
    const writes = grants.filter(([, right]) => right !== "read" && right !== "none").map(([name]) => name);
    expect(writes).toEqual(WRITES[file] ?? []);
    expect(typeof workflow["permissions"]).toBe("object");
    for (const job of jobsOf(workflow)) expect(Number(job["timeout-minutes"])).toBeGreaterThan(0);
  });

  test("keeps the token out of the checkout, and expressions out of scripts", () => {
    const checkouts = stepsOf(workflow).filter((step) => String(step["uses"]).startsWith("actions/checkout@"));
    for (const step of checkouts) expect(fieldsOf(step["with"])["persist-credentials"]).toBe(false);
    for (const script of textsOf(workflow, "run")) expect(script).not.toContain("${{");
  });
});

test("the same action has the same version in all workflows", () => {
  const all = FILES.flatMap((file) =>
    textsOf(fieldsOf(parseDocument(readFileSync(join(FOLDER, file), "utf8")).toJS()), "uses"),
  );
  expect(new Set(all).size).toBe(new Set(all.map((action) => action.split("@")[0])).size);
});

test("what ships is audited on every push, and weekly without one", () => {
  const ci = fieldsOf(parseDocument(readFileSync(join(FOLDER, "ci.yml"), "utf8")).toJS());
  expect(textsOf(ci, "run")).toEqual(expect.arrayContaining(["npm audit --omit=dev", "npm audit signatures"]));
  expect(Object.keys(fieldsOf(ci["on"]))).toEqual(["push", "pull_request", "schedule"]);
});

test("the image is built from a stage that the Dockerfile has, with arguments that it knows", () => {
  const image = fieldsOf(parseDocument(readFileSync(join(FOLDER, "image.yml"), "utf8")).toJS());
  const build = stepsOf(image).find((step) => String(step["uses"]).startsWith("docker/build-push-action@"));
  const inputs = fieldsOf(build?.["with"]);
  const dockerfile = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  expect(inputs["target"]).toBe("${{ matrix.target }}");
  const matrix = fieldsOf(fieldsOf(fieldsOf(jobsOf(image)[0]?.["strategy"])["matrix"]));
  const targets = (matrix["include"] as readonly unknown[]).map((entry) => String(fieldsOf(entry)["target"]));
  expect(targets).toEqual(["service", "monitor"]);
  for (const target of targets) expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${target}$`, "m"));
  for (const line of String(inputs["build-args"]).trim().split("\n"))
    expect(dockerfile).toContain(`ARG ${line.split("=")[0]}=`);
  expect(inputs).toMatchObject({
    platforms: "linux/amd64,linux/arm64",
    push: true,
    provenance: "mode=max",
    sbom: true,
  });
});
