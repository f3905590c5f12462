import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contextCopies, execWords, readStages, restsOf, ROOT } from "./dockerfile.ts";
import { buildStage, bundlePath, copiedFiles, entrypoint, healthcheck, imagePath, imageStage } from "./image-build.ts";

const finalText = imageStage.instructions.map(({ keyword, rest }) => `${keyword} ${rest}`).join("\n");

test("the final stage takes one file, the bundle, and nothing else", () => {
  expect(restsOf(imageStage, "COPY")).toEqual([`--from=service-bundle --chmod=0444 ${bundlePath} ${imagePath}`]);
  expect(bundlePath).not.toBe("");
  expect(finalText).not.toMatch(/\bnpm\b|node_modules|\.ts\b/);
});

test("the final stage runs no command while it is built, because there is no shell in it", () => {
  const keywords = new Set(imageStage.instructions.map(({ keyword }) => keyword));
  expect([...keywords].filter((keyword) => ["RUN", "ADD", "SHELL", "VOLUME", "CMD"].includes(keyword))).toEqual([]);
});

test("the service runs as a user that is not root, by number", () => {
  expect(restsOf(imageStage, "USER")).toEqual(["65532:65532"]);
});

test("the service is Node's own process, so that SIGTERM reaches it", () => {
  expect(entrypoint).toEqual(["/nodejs/bin/node", imagePath]);
});

test("the health check is the bundle itself, and gives it longer than it gives itself", () => {
  expect(healthcheck).toEqual([...entrypoint, "healthcheck"]);
  expect(restsOf(imageStage, "HEALTHCHECK")[0]).toMatch(/^--interval=10s --timeout=3s /);
});

test("the port that is exposed is the port that is listened on", () => {
  expect(restsOf(imageStage, "EXPOSE")).toEqual(["8080"]);
  expect(restsOf(imageStage, "ENV")).toContain("PORT=8080");
  expect(restsOf(imageStage, "ENV")).toContain("NODE_ENV=production");
});

test.each(["title", "description", "source", "licenses", "version", "revision"])(
  "the image has the label %s",
  (label) => {
    expect(restsOf(imageStage, "LABEL").join(" ")).toMatch(
      new RegExp(`org\\.opencontainers\\.image\\.${label}="[^"]+"`),
    );
  },
);

test.each(["VERSION", "REVISION"])("%s comes from the command that builds, and stands before its use", (name) => {
  const first = finalText.indexOf(`$${name}`);
  expect(first).toBeGreaterThan(0);
  expect(finalText.slice(0, first)).toMatch(new RegExp(`^ARG ${name}=`, "m"));
});

test("every image has a tag that names Node's version, and it is the one that types and tests use", () => {
  const major = process.versions.node.split(".")[0];
  for (const { image } of readStages())
    expect(image).toMatch(new RegExp(`(^node:|/nodejs)${major}(-\\S+)?(:nonroot)?$`));
});

test("packages are installed as locked, and none of their scripts run", () => {
  expect(restsOf(buildStage, "RUN")[0]).toBe("npm ci --ignore-scripts");
});

test.each([
  { rest: '["a", "b"]', want: ["a", "b"] },
  { rest: '--timeout=3s CMD ["a"]', want: ["a"] },
  { rest: "node a.js", want: [] },
  { rest: "--timeout=3s CMD node a.js", want: [] },
])("the exec form of $rest is $want", ({ rest, want }) => {
  expect(execWords(rest)).toEqual(want);
});

/** The last line that fits decides, as Docker has it; what is in an ignored folder is ignored with it. */
function isIgnored(path: string): boolean {
  const lines = readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n");
  const patterns = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return patterns.reduce((ignored, pattern) => {
    const glob = pattern.replace(/^!/, "").replaceAll(".", "\\.").replaceAll("*", "[^/]*");
    return new RegExp(`^${glob}(/.*)?$`).test(path) ? !pattern.startsWith("!") : ignored;
  }, false);
}

test("whatever the build copies is let through by .dockerignore", () => {
  const copied = contextCopies(buildStage).flatMap(({ sources }) => copiedFiles(sources));
  expect(copied).toContain("service/index.ts");
  expect(copied.filter(isIgnored)).toEqual([]);
});

test.each([
  ".env",
  ".git/config",
  "node_modules/hono/package.json",
  "service/tsconfig.json",
  "service/.env",
  "README.md",
])("%s does not reach the build", (path) => {
  expect(isIgnored(path)).toBe(true);
});

test("the service imports its own files, hono and Node, and nothing else", () => {
  const imports = copiedFiles(["service/*.ts"]).flatMap((path) =>
    [...readFileSync(join(ROOT, path), "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name = ""]) => name),
  );
  const allowed = /^(\.\/[a-z-]+\.ts|hono(\/.+)?|@hono\/node-server|node:.+)$/;
  expect(imports).toContain("hono");
  expect(imports.filter((name) => !allowed.test(name))).toEqual([]);
});
