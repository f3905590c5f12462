import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltImage, buildImage, entrypoint, healthcheck, removeImage } from "./image-build.ts";
import { startProcess, startService } from "./service-process.ts";

let image: BuiltImage;
const root = mkdtempSync(join(tmpdir(), "multicloud-probe-image-"));
beforeAll(() => {
  image = buildImage(root);
});
afterAll(() => removeImage(root));

test("the image is one small file, and bundling it raises no complaint", () => {
  expect(image.complaints).toBe("");
  expect(readdirSync(image.directory)).toEqual(["service.mjs"]);
  expect(statSync(`${image.directory}/service.mjs`).size).toBeLessThan(300_000);
});

test("it is run as the image's user wherever a test may change users", () => {
  const { uid, gid } = image.launch(entrypoint).options;
  const want = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : { uid: undefined, gid: undefined };
  expect({ uid, gid }).toEqual(want);
});

test("it serves from an empty directory that it may not write, and SIGTERM ends it with 0", async () => {
  const service = await startService(
    { ...image.env, VERSION: "1.2.3", HOST: "127.0.0.1", PORT: "0", DRAIN_DELAY_MS: "0" },
    image.launch(entrypoint),
  );
  expect(await (await fetch(service.url)).json()).toMatchObject({ region: "us-east-1", version: "1.2.3" });
  service.signal("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
});

test("it reads nothing but its own file, writes nothing and starts nothing", async () => {
  const permissions = ["--permission", `--allow-fs-read=${image.directory}/*`];
  const service = await startService(
    { ...image.env, PORT: "0", DRAIN_DELAY_MS: "0" },
    image.launch(entrypoint, permissions),
  );
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  service.signal("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0, stderr: "" });
});

test("its health check says 0 while the service is up and 1 once it is down", async () => {
  const service = await startService({ ...image.env, PORT: "0", DRAIN_DELAY_MS: "0" }, image.launch(entrypoint));
  const check = (): Promise<unknown> =>
    startProcess({ ...image.env, PORT: String(service.port) }, image.launch(healthcheck)).ended;
  expect(await check()).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  service.signal("SIGTERM");
  await service.ended;
  expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining("does not answer") as string });
});
