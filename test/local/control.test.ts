import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type Control,
  GATE_REFUSAL,
  openControl,
  type Switches,
  type WorldState,
} from "../../monitor/local/control.ts";
import { DNS_FAULT_NAMES, type DnsFault, GATE_FAULT_NAMES, type GateFault } from "../../monitor/drill/faults.ts";
import { askState, findWorld, orderFault } from "../../monitor/local/world-client.ts";
import { writeWorldFile } from "../../monitor/local/world-file.ts";
import { makeTempDir, runCommand } from "./commands.ts";

const TOKEN = "0123456789abcdef".repeat(4);

/** Switches that only remember; `broken` is what they fail with. */
function memorySwitches(broken: string | null = null): Switches {
  const faults: { region: GateFault; dns: DnsFault } = { region: "open", dns: "open" };
  const set = async (change: () => void): Promise<void> => {
    if (broken !== null) throw new Error(broken);
    change();
  };
  return {
    state: (): WorldState => ({
      statusUrl: "http://127.0.0.1:8787",
      regions: [{ id: "aws-us-east-1", url: "http://127.0.10.1:4000", fault: faults.region }],
      dns: { address: "127.0.0.1:5353", dohUrl: "http://127.0.0.1:5354/dns-query", fault: faults.dns },
      pids: { parent: 1, dns: 2, worker: 3, services: { "aws-us-east-1": 4 } },
      faults: { region: [...GATE_FAULT_NAMES], dns: [...DNS_FAULT_NAMES] },
    }),
    topology: () => "local: true\n",
    setRegionFault: (_, fault) => set(() => void (faults.region = fault)),
    setDnsFault: (fault) => set(() => void (faults.dns = fault)),
  };
}

async function startControl(switches: Switches = memorySwitches()): Promise<Control> {
  const control = await openControl(switches, TOKEN);
  onTestFinished(() => control.close());
  return control;
}

function call(control: Control, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(control.url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
}

function order(control: Control, body: unknown): Promise<Response> {
  return call(control, "/gate", { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
}

describe("the control server", () => {
  test("gives the state, and an order gives the state after it", async () => {
    const control = await startControl();
    expect(await (await call(control, "/")).json()).toMatchObject({
      regions: [{ fault: "open" }],
      dns: { fault: "open" },
    });
    const broken = await order(control, { target: "aws-us-east-1", fault: "refuse" });
    expect([broken.status, await broken.json()]).toMatchObject([200, { regions: [{ fault: "refuse" }] }]);
    const silent = await order(control, { target: "dns", fault: "stuck" });
    expect([silent.status, await silent.json()]).toMatchObject([200, { dns: { fault: "stuck" } }]);
  });

  test.each(["", "Bearer", `Bearer ${TOKEN}0`, `Bearer ${"0".repeat(64)}`, `bearer ${TOKEN}`, TOKEN])(
    "refuses the authorization %j on every path",
    async (authorization) => {
      const control = await startControl();
      for (const path of ["/", "/gate", "/nothing"]) {
        expect((await call(control, path, { headers: { authorization } })).status).toBe(401);
      }
    },
  );

  test.each([
    { body: { target: "mars", fault: "refuse" }, valid: ["aws-us-east-1", "dns"] },
    { body: { target: "aws-us-east-1", fault: "nxdomain" }, valid: GATE_FAULT_NAMES },
    { body: { target: "aws-us-east-1", fault: "constructor" }, valid: GATE_FAULT_NAMES },
    { body: { target: "dns", fault: "blackhole" }, valid: DNS_FAULT_NAMES },
    { body: { target: "dns" }, valid: ["aws-us-east-1", "dns"] },
    { body: { target: "dns", fault: "open", more: 1 }, valid: ["aws-us-east-1", "dns"] },
    { body: "{", valid: ["aws-us-east-1", "dns"] },
  ])("refuses $body and lists what is valid", async ({ body, valid }) => {
    const control = await startControl();
    const reply = await order(control, body);
    expect(reply.status).toBe(400);
    expect(GATE_REFUSAL.parse(await reply.json()).valid).toEqual(valid);
  });

  test("does not read a long body, and knows no other path", async () => {
    const control = await startControl();
    expect((await order(control, "x".repeat(10_000))).status).toBe(413);
    expect((await call(control, "/else")).status).toBe(404);
    expect((await call(control, "/gate")).status).toBe(404);
  });

  test("says what went wrong when a switch fails", async () => {
    const control = await startControl(memorySwitches("the port is gone"));
    const reply = await order(control, { target: "dns", fault: "refuse" });
    expect([reply.status, await reply.json()]).toEqual([500, { problem: "the port is gone" }]);
  });
});

describe("the client and `monitor gate`", () => {
  let tempDir: string;
  beforeEach(async () => {
    tempDir = await makeTempDir();
    vi.stubEnv("TMPDIR", tempDir);
    return () => vi.unstubAllEnvs();
  });

  async function announce(port: number, controlUrl: string, token = TOKEN): Promise<void> {
    await writeWorldFile(port, { pid: process.pid, statusUrl: `http://127.0.0.1:${port}`, controlUrl, token });
  }

  test("the only world is found without its port", async () => {
    const control = await startControl();
    await announce(8787, control.url);
    const search = await findWorld(null);
    if (search.kind !== "found") throw new Error(search.kind);
    expect(await askState(search.world)).toMatchObject({ kind: "state", state: { dns: { fault: "open" } } });
    expect(await orderFault(search.world, "dns", "empty")).toMatchObject({
      kind: "state",
      state: { dns: { fault: "empty" } },
    });
    expect(await orderFault(search.world, "dns", "x")).toMatchObject({ kind: "refused" });
  });

  test.each([
    { what: "a world that does not answer", url: "http://127.0.0.1:1", token: TOKEN },
    { what: "a world with another token", url: null, token: "f".repeat(64) },
  ])("$what is a failure with a sentence", async ({ url, token }) => {
    await announce(8787, url ?? (await startControl()).url, token);
    const search = await findWorld(8787);
    if (search.kind !== "found") throw new Error(search.kind);
    const reply = await askState(search.world);
    expect(reply.kind === "failed" ? reply.detail : reply.kind).toMatch(/^it (does not )?answer/);
  });

  test("without a world it says how to start one", async () => {
    const gate = await runCommand("gate", [], tempDir);
    expect([gate.code, gate.stderr()]).toEqual([2, "no local world runs: start one with `npm start`\n"]);
  });

  test("with several it asks which, and takes the one with the port", async () => {
    const control = await startControl();
    await announce(8787, "http://127.0.0.1:1");
    await announce(9000, control.url);
    const [unclear, clear, missing] = await Promise.all([
      runCommand("gate", ["dns", "stuck"], tempDir),
      runCommand("gate", ["--port", "9000", "dns", "stuck"], tempDir),
      runCommand("gate", ["--port", "1234"], tempDir),
    ]);
    expect([unclear.code, unclear.stderr()]).toEqual([
      2,
      "several local worlds run, on ports 8787, 9000: say which with --port\n",
    ]);
    expect([clear.code, clear.stdout()]).toEqual([0, "dns stuck\n"]);
    expect([missing.code, missing.stderr()]).toEqual([
      2,
      "no local world runs on port 1234: there is one on 8787, 9000\n",
    ]);
  });

  test("alone it shows the state and what can be done", async () => {
    await announce(8787, (await startControl()).url);
    const gate = await runCommand("gate", [], tempDir);
    expect(gate.code).toBe(0);
    await expect(gate.stdout()).toMatchFileSnapshot("golden/gate-state.txt");
  });

  test.each([
    { argv: ["dns"], says: "expected a region (or dns) and a fault" },
    { argv: ["--port", "x"], says: "--port: expected a number" },
    { argv: ["--nonsense"], says: "--nonsense" },
  ])("$argv is refused with the usage", async ({ argv, says }) => {
    const gate = await runCommand("gate", argv, tempDir);
    expect(gate.code).toBe(2);
    expect(gate.stderr()).toContain(says);
    expect(gate.stderr()).toContain("monitor gate [--port N]");
    expect(gate.stdout()).toBe("");
  });

  test("--help goes to stdout", async () => {
    const gate = await runCommand("gate", ["--help"], tempDir);
    expect([gate.code, gate.stderr()]).toEqual([0, ""]);
    expect(gate.stdout()).toMatch(/^monitor gate /);
  });
});
