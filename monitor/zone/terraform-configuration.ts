// Which resource a part of Terraform's configuration refers to. In a plan the ids and names of what is still to be made are not
// known, but the configuration says whose they will be: a record whose health check does not exist yet has one all the same.
import { isMap, listAt, textAt } from "../topology/loose-value.ts";
import { type Path, valueAt } from "../topology/path.ts";

export interface TerraformResource {
  /** "module.eu.aws_route53_record.demo[\"a\"]", unique in the whole document. */
  readonly address: string;
  /** Of its module: "module.eu", "" for the root. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** "[0]", "[\"a\"]", or "" without count and for_each. */
  readonly index: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `after_unknown` of the plan: true where the value will be known only after apply. */
  readonly unknown: unknown;
  readonly path: Path;
}

export interface Configuration {
  /** `configuration.root_module`; undefined: a state has none. */
  readonly root: unknown;
  readonly resources: readonly TerraformResource[];
}

/** Modules that a reference may lead through. */
const HOPS_MAX = 16;

/** The resource of one of the types that `path` in the configuration of `from` refers to; null: none, or one that cannot be told. */
export function referredResource(
  configuration: Configuration,
  from: TerraformResource,
  path: Path,
  types: readonly string[],
): TerraformResource | null {
  const own = listAt(moduleAt(configuration.root, from.module), ["resources"]).find(
    (one) => textAt(one, ["type"]) === from.type && textAt(one, ["name"]) === from.name,
  );
  return follow(configuration, from, from.module, valueAt(own, ["expressions", ...path, "references"]), types, 0);
}

/** What the expression there reads, in Terraform's words: "aws_lb.main.dns_name"; "" when nobody says. */
export function referenceText({ root }: Configuration, from: TerraformResource, path: Path): string {
  const own = listAt(moduleAt(root, from.module), ["resources"]).find(
    (one) => textAt(one, ["type"]) === from.type && textAt(one, ["name"]) === from.name,
  );
  const [first] = listAt(own, ["expressions", ...path, "references"]);
  return typeof first === "string" ? first : "";
}

function follow(
  configuration: Configuration,
  from: TerraformResource,
  module: string,
  references: unknown,
  types: readonly string[],
  hops: number,
): TerraformResource | null {
  if (!Array.isArray(references) || hops >= HOPS_MAX) return null;
  const texts = references.filter((one): one is string => typeof one === "string");
  for (const text of texts) {
    const found = resourceNamed(configuration, from, module, text, types);
    if (found !== null) return found;
  }
  for (const text of texts) {
    const next = elsewhere(configuration, module, text);
    const found = next === null ? null : follow(configuration, from, next.module, next.references, types, hops + 1);
    if (found !== null) return found;
  }
  return null;
}

/** "aws_route53_health_check.this[\"a\"].id", "data.aws_route53_zone.main.zone_id". */
const RESOURCE_FORM = /^(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)(\[[^\]]*\])?/;

/** Where the reference leaves the index open, the one with the index of who refers; else the only one there is. */
function resourceNamed(
  { resources }: Configuration,
  from: TerraformResource,
  module: string,
  text: string,
  types: readonly string[],
): TerraformResource | null {
  const [, prefix, type = "", name = "", index] = RESOURCE_FORM.exec(text) ?? [];
  if (!types.includes(type)) return null;
  const mode = prefix === undefined ? "managed" : "data";
  const instances = resources.filter(
    (one) => one.module === module && one.mode === mode && one.type === type && one.name === name,
  );
  const exact = index ?? from.index;
  const found = instances.find((one) => one.index === exact);
  if (found !== undefined || index !== undefined) return found ?? null;
  return instances.length === 1 ? (instances[0] ?? null) : null;
}

/** A variable is what the parent module gives, a module's output what it reads inside. */
function elsewhere(
  { root }: Configuration,
  module: string,
  text: string,
): { readonly module: string; readonly references: unknown } | null {
  const steps = moduleSteps(module);
  const variable = /^var\.([A-Za-z0-9_-]+)/.exec(text)?.[1];
  const last = steps.at(-1);
  if (variable !== undefined && last !== undefined) {
    const parent = steps
      .slice(0, -1)
      .map(({ text: step }) => step)
      .join(".");
    const call = ["module_calls", last.name, "expressions", variable, "references"];
    return { module: parent, references: valueAt(moduleAt(root, parent), call) };
  }
  const [, name = "", index = "", output = ""] =
    /^module\.([A-Za-z0-9_-]+)(\[[^\]]*\])?\.([A-Za-z0-9_-]+)/.exec(text) ?? [];
  if (name === "") return null;
  const inside = [module, `module.${name}${index}`].filter((step) => step !== "").join(".");
  return {
    module: inside,
    references: valueAt(moduleAt(root, inside), ["outputs", output, "expression", "references"]),
  };
}

function moduleAt(root: unknown, module: string): unknown {
  return moduleSteps(module).reduce<unknown>(
    (value, { name }) => valueAt(value, ["module_calls", name, "module"]),
    root,
  );
}

/** "module.a[\"x.y\"].module.b" as its two steps. */
function moduleSteps(module: string): readonly { readonly text: string; readonly name: string }[] {
  return [...module.matchAll(/module\.([A-Za-z0-9_-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/g)].map(
    ([text, name = ""]) => ({
      text,
      name,
    }),
  );
}

/** The plan's word that the value there is not known yet, or that nothing around it is. */
export function isUnknown(unknown: unknown, path: Path): boolean {
  return (
    path.reduce<unknown>((value, step) => (value === true ? true : valueAt(value, [step])), unknown) === true ||
    (isMap(unknown) && Array.isArray(valueAt(unknown, path)) && someTrue(valueAt(unknown, path)))
  );
}

function someTrue(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => item === true);
}
