// The local world's life as a person has it: up, two gates, and an end by every way there is; nothing may be left.
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { descendantsOf, type Stock, untilNothingIsLeft } from "../local/commands.ts";
import { AWS, GCP, startWorld, type World } from "./world.ts";

async function stockOf(world: World): Promise<Stock> {
  const { regions, dns } = await world.control();
  const processes = await descendantsOf(world.process.pid ?? 0);
  // The parent, two services, the DNS server, workerd and its host.
  expect(processes.length).toBeGreaterThanOrEqual(6);
  expect(processes.join("\n")).toContain("workerd");
  const urls = [world.statusUrl, dns.dohUrl, ...regions.map((region) => region.url)];
  return { processes, ports: [...urls.map((url) => new URL(url).host), dns.address], tempDir: world.tempDir };
}

test("up, two gates, and kill -9 of the parent", async () => {
  const world = await startWorld();
  onTestFinished(() => world.stop());
  await world.untilStatus("calm", (report) => report.verdict === "conforms");
  await world.gate(AWS, "refuse");
  await world.gate("dns", "servfail");
  const report = await world.untilStatus(
    "both gates are seen",
    (one) => one.regions[0]?.userHealth === "unhealthy" && one.dns.every((row) => row.rcode === "SERVFAIL"),
  );
  expect(report.regions.find((region) => region.id === GCP)?.userHealth).toBe("healthy");
  const stock = await stockOf(world);
  world.process.kill("SIGKILL");
  await untilNothingIsLeft(stock);
});

describe("an orderly end", () => {
  test("Ctrl-C, which a terminal sends to the whole group", async () => {
    const world = await startWorld();
    onTestFinished(() => world.stop());
    const stock = await stockOf(world);
    const ended = once(world.process, "exit");
    process.kill(-(world.process.pid ?? 0), "SIGINT");
    expect(await ended).toEqual([0, null]);
    await untilNothingIsLeft(stock);
  });

  test("the end of --for", async () => {
    const world = await startWorld("--for", "3s");
    onTestFinished(() => world.stop());
    const stock = await stockOf(world);
    if (world.process.exitCode === null) await once(world.process, "exit");
    expect(world.process.exitCode).toBe(0);
    await untilNothingIsLeft(stock);
    expect(readdirSync(world.tempDir, { recursive: true }).filter((name) => String(name).endsWith(".json"))).toEqual(
      [],
    );
  });
});
