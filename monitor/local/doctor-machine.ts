// What lies on this machine of the tools and accounts that deploying needs: programs on the PATH, contexts in the kubeconfig,
// and whether credentials are there at all. Values of credentials are never shown, and nobody is called.
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { type DoctorGroup, type DoctorRow, missing, present } from "./doctor-row.ts";
import { errorText } from "./listening.ts";

/** Of this process: the environment, and the home directory. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const PATH_FOLDERS_MAX = 200;
const FILE_CHARACTERS_MAX = 4 * 1024 * 1024;
const KUBECONFIGS_MAX = 20;

const TOOLS: readonly {
  readonly group: DoctorGroup;
  readonly name: string;
  readonly neededFor: string;
  readonly fix: string;
}[] = [
  {
    group: "deploy",
    name: "git",
    neededFor: "Argo CD and Flux, which read manifests from a repository",
    fix: "install git: https://git-scm.com/downloads",
  },
  {
    group: "federation",
    name: "kubectl",
    neededFor: "applying the manifests",
    fix: "install kubectl: https://kubernetes.io/docs/tasks/tools/",
  },
  {
    group: "federation",
    name: "helm",
    neededFor: "installing KubeFed and Istio",
    fix: "install Helm: https://helm.sh/docs/intro/install/",
  },
  {
    group: "federation",
    name: "kubefedctl",
    neededFor: "joining clusters",
    fix: "install kubefedctl 0.10.0: https://github.com/kubernetes-retired/kubefed/releases",
  },
];

export async function examineTools(machine: Machine): Promise<readonly DoctorRow[]> {
  return await Promise.all(
    TOOLS.map(async ({ fix, ...about }) => {
      const path = await findProgram(about.name, machine);
      return path === null ? missing(about, "not on the PATH", fix) : present(about, path);
    }),
  );
}

async function findProgram(name: string, { env }: Machine): Promise<string | null> {
  const folders = (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .slice(0, PATH_FOLDERS_MAX);
  for (const folder of folders) {
    if (await isThere(join(folder, name), constants.X_OK)) return join(folder, name);
  }
  return null;
}

async function isThere(path: string, mode = constants.R_OK): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}

const KUBECONFIG = z.object({ contexts: z.nullish(z.array(z.object({ name: z.string() }))) });

/** One row for each of the topology's clusters; null: the topology cannot be read. */
export async function examineContexts(
  contexts: readonly string[] | null,
  machine: Machine,
): Promise<readonly DoctorRow[]> {
  const files = kubeconfigs(machine);
  const known = new Map<string, string>();
  const problems: string[] = [];
  for (const file of files) {
    const read = await readContexts(file);
    if (typeof read === "string") problems.push(read);
    else for (const name of read) if (!known.has(name)) known.set(name, file);
  }
  return (contexts ?? []).map((context) => {
    const about = { group: "federation", name: `context ${context}`, neededFor: "reaching this cluster" } as const;
    const file = known.get(context);
    if (file !== undefined) return present(about, `in ${file}`);
    const seen =
      problems.length > 0 ? problems.join("; ") : `not in ${files.join(", ")}, which has ${known.size} contexts`;
    return missing(
      about,
      seen,
      `kubectl config rename-context NAME ${context}, after the cloud's own command has added it`,
    );
  });
}

function kubeconfigs({ env, home }: Machine): readonly string[] {
  const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  return named.length > 0 ? named.slice(0, KUBECONFIGS_MAX) : [join(home, ".kube", "config")];
}

/** A string is what is wrong. */
async function readContexts(file: string): Promise<readonly string[] | string> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length > FILE_CHARACTERS_MAX) return `${file} is too long for a kubeconfig`;
    const read = KUBECONFIG.safeParse(parse(text, { logLevel: "error" }));
    return read.success ? (read.data.contexts ?? []).map(({ name }) => name) : `${file} is no kubeconfig`;
  } catch (thrown) {
    // A parser's message shows lines of the file, and it may hold tokens.
    return errorText(thrown).startsWith("ENOENT") ? `${file} is not there` : `${file} cannot be read as YAML`;
  }
}

export async function examineAccounts(machine: Machine): Promise<readonly DoctorRow[]> {
  return [await cloudflareRow(machine), await awsRow(machine)];
}

async function cloudflareRow({ env, home }: Machine): Promise<DoctorRow> {
  const about = { group: "deploy", name: "Cloudflare account", neededFor: "npx wrangler deploy" } as const;
  if (isSet(env, "CLOUDFLARE_API_TOKEN")) return present(about, "CLOUDFLARE_API_TOKEN is set (not tried)");
  if (isSet(env, "CLOUDFLARE_API_KEY") && isSet(env, "CLOUDFLARE_EMAIL"))
    return present(about, "CLOUDFLARE_API_KEY is set (not tried)");
  const configs = [
    join(env["XDG_CONFIG_HOME"] || join(home, ".config"), ".wrangler", "config", "default.toml"),
    join(home, "Library", "Preferences", ".wrangler", "config", "default.toml"),
    join(home, ".wrangler", "config", "default.toml"),
  ];
  for (const file of configs) if (await isThere(file)) return present(about, `a login in ${file} (not tried)`);
  return missing(
    about,
    "no login, and CLOUDFLARE_API_TOKEN is not set",
    "npx wrangler login, or set CLOUDFLARE_API_TOKEN",
  );
}

async function awsRow({ env, home }: Machine): Promise<DoctorRow> {
  const about = { group: "Route 53", name: "AWS credentials", neededFor: "reading the hosted zone" } as const;
  if (isSet(env, "AWS_ACCESS_KEY_ID") && isSet(env, "AWS_SECRET_ACCESS_KEY"))
    return present(about, "AWS_ACCESS_KEY_ID is set (not tried)");
  const roles = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ];
  const role = roles.find((name) => isSet(env, name));
  if (role !== undefined) return present(about, `${role} is set (not tried)`);
  const profile = env["AWS_PROFILE"] || "default";
  const files = [
    { file: env["AWS_SHARED_CREDENTIALS_FILE"] || join(home, ".aws", "credentials"), section: profile },
    {
      file: env["AWS_CONFIG_FILE"] || join(home, ".aws", "config"),
      section: profile === "default" ? profile : `profile ${profile}`,
    },
  ];
  for (const { file, section } of files) {
    if (await hasSection(file, section)) return present(about, `profile ${profile} in ${file} (not tried)`);
  }
  return missing(
    about,
    `not in the environment, and no profile ${profile}`,
    "aws configure, or aws sso login, or set AWS_PROFILE",
  );
}

async function hasSection(file: string, section: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .slice(0, FILE_CHARACTERS_MAX)
    .split(/\r?\n/)
    .some((line) => line.trim() === `[${section}]`);
}

function isSet(env: Machine["env"], name: string): boolean {
  return (env[name] ?? "").trim() !== "";
}
