// Real kube-apiservers on loopback: one etcd, one kube-apiserver and one kube-controller-manager for each cluster, told apart
// by their prefix in etcd, their ports and their range of Service addresses. No kubelet, no scheduler, no network.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/until.ts";
import { freePort } from "../name-server.ts";
import { type ApiClient, makeApiClient } from "./api.ts";
import { type Program, startProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 120_000;
const ANSWER_MS_MAX = 2000;
/** Those that bring objects about from others; what watches nodes is left out, because nobody's kubelet reports here. */
const CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "namespace-controller",
  "endpointslice-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "root-ca-certificate-publisher-controller",
  "resourcequota-controller",
  "disruption-controller",
  "garbage-collector-controller",
  "legacy-serviceaccount-token-cleaner-controller",
];

/** Who may do what is for the check to say, but for the first, who may do everything. */
const USERS = ["admin", "verifier", "driller", "nobody"] as const;
export type UserName = (typeof USERS)[number];

export interface RealCluster {
  /** The context's. */
  readonly name: string;
  readonly url: string;
  /** As admin. */
  readonly api: ApiClient;
  /** The API server alone ends; what it holds stays in etcd. */
  stopServer(): Promise<void>;
  /** Again, where it was. */
  startServer(): Promise<void>;
  /** It keeps its connections and does nothing. */
  holdServer(how: "still" | "goes on"): void;
  stop(): Promise<void>;
}

export interface RealClusters {
  readonly folder: string;
  at(name: string): RealCluster;
  /** The path of a kubeconfig with a context for each cluster. */
  kubeconfigAs(user: UserName): string;
  /** With a token of one's own. */
  kubeconfigWith(name: string, token: string): string;
  stop(): Promise<void>;
}

interface Ground {
  readonly folder: string;
  /** The program that is etcd, kube-apiserver and kube-controller-manager. */
  readonly program: string;
  readonly etcdUrl: string;
  readonly tokens: Readonly<Record<UserName, string>>;
}

export async function startClusters(program: string, names: readonly string[]): Promise<RealClusters> {
  const folder = await mkdtemp(join(tmpdir(), "clusters-"));
  const tokens = Object.fromEntries(USERS.map((user) => [user, randomUUID()])) as Record<UserName, string>;
  writeFileSync(join(folder, "tokens.csv"), tokenLines(tokens), { mode: 0o600 });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyFile = join(folder, "service-accounts.key");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of running.toReversed()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const etcd = await startEtcd(program, folder);
    running.push(etcd.etcd);
    const ground = { folder, program, etcdUrl: etcd.url, tokens };
    const clusters: RealCluster[] = [];
    for (const [index, name] of names.entries()) {
      const cluster = await startCluster(ground, name, index);
      running.push(cluster);
      clusters.push(cluster);
    }
    return {
      folder,
      at: (name) => {
        const found = clusters.find((one) => one.name === name);
        if (found === undefined) throw new Error(`there is no cluster ${name}`);
        return found;
      },
      kubeconfigAs: (user) => writeKubeconfig(ground, clusters, user, tokens[user]),
      kubeconfigWith: (user, token) => writeKubeconfig(ground, clusters, user, token),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function tokenLines(tokens: Readonly<Record<UserName, string>>): string {
  return USERS.map((user) => `${tokens[user]},${user},${user}${user === "admin" ? ',"system:masters"' : ""}\n`).join(
    "",
  );
}

async function startEtcd(program: string, folder: string): Promise<{ readonly etcd: Program; readonly url: string }> {
  const [client, peer] = [await freePort(), await freePort()];
  const [url, peerUrl] = [`http://${HOST}:${client}`, `http://${HOST}:${peer}`];
  const etcd = startProgram(program, folder, "etcd", [
    "etcd",
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);
  await whileRunning(etcd, "etcd is healthy", async () => {
    const reply = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return reply.ok;
  });
  return { etcd, url };
}

async function startCluster(ground: Ground, name: string, index: number): Promise<RealCluster> {
  const port = await freePort();
  const url = `https://${HOST}:${port}`;
  const certificates = join(ground.folder, `${name}-certificates`);
  const words = serverWords(ground, name, { port, index, certificates });
  const begin = (): Program => startProgram(ground.program, ground.folder, `${name}-kube-apiserver`, words);
  let server = begin();
  let controllers: Program | null = null;
  const api = lazyClient(() => makeApiClient(url, caOf(certificates), ground.tokens.admin));
  const ready = (): Promise<void> =>
    whileRunning(server, `${name} is ready`, async () => (await api().ask("GET", "/readyz")).code === 200);
  const stop = async (): Promise<void> => {
    await controllers?.stop();
    await server.stop();
    await api()
      .close()
      .catch(() => {});
  };
  try {
    await ready();
    const kubeconfig = writeKubeconfig(ground, [{ name, url }], "admin", ground.tokens.admin);
    controllers = startProgram(ground.program, ground.folder, `${name}-kube-controller-manager`, [
      "kube-controller-manager",
      `--kubeconfig=${kubeconfig}`,
      `--controllers=${CONTROLLERS.join(",")}`,
      `--service-account-private-key-file=${keyOf(ground)}`,
      `--root-ca-file=${join(certificates, "apiserver.crt")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]);
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
  return {
    name,
    url,
    get api() {
      return api();
    },
    stopServer: () => server.stop(),
    holdServer: (how) => void server.child.kill(how === "still" ? "SIGSTOP" : "SIGCONT"),
    startServer: async () => {
      server = begin();
      await ready();
    },
    stop,
  };
}

function serverWords(
  ground: Ground,
  name: string,
  { port, index, certificates }: { readonly port: number; readonly index: number; readonly certificates: string },
): readonly string[] {
  return [
    "kube-apiserver",
    `--etcd-servers=${ground.etcdUrl}`,
    `--etcd-prefix=/${name}`,
    `--bind-address=${HOST}`,
    `--secure-port=${port}`,
    // Makes itself a certificate for the address.
    `--cert-dir=${certificates}`,
    `--token-auth-file=${join(ground.folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    `--service-cluster-ip-range=10.${index + 1}.0.0/16`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${keyOf(ground)}`,
    `--service-account-key-file=${keyOf(ground)}`,
    "--endpoint-reconciler-type=none",
    "--shutdown-delay-duration=0s",
  ];
}

function keyOf({ folder }: Ground): string {
  return join(folder, "service-accounts.key");
}

/** The certificate and the authority that the server made for it. */
function caOf(certificates: string): string {
  return readFileSync(join(certificates, "apiserver.crt"), "utf8");
}

/** The certificate is there only when the server is. */
function lazyClient(make: () => ApiClient): () => ApiClient {
  let made: ApiClient | null = null;
  return () => (made ??= make());
}

async function whileRunning(program: Program, what: string, look: () => Promise<boolean>): Promise<void> {
  await until(
    what,
    async () => {
      program.expectRunning();
      return await look().catch(() => false);
    },
    START_MS_MAX,
  );
}

function writeKubeconfig(
  ground: Ground,
  clusters: readonly Pick<RealCluster, "name" | "url">[],
  user: string,
  token: string,
): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: clusters.map(({ name, url }) => ({
      name,
      cluster: {
        server: url,
        "certificate-authority-data": Buffer.from(caOf(join(ground.folder, `${name}-certificates`))).toString("base64"),
      },
    })),
    users: [{ name: user, user: { token } }],
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user } })),
    "current-context": clusters[0]?.name,
  };
  const path = join(ground.folder, `kubeconfig-${user}-${clusters.map(({ name }) => name).join("-")}`);
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
