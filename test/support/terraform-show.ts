// What `terraform show -json` prints, as small as it can be: the shapes of HashiCorp's "JSON Output Format", with the attributes
// that the AWS provider gives its Route 53 resources.
type Fields = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values: Fields;
  readonly unknown?: Fields;
  /** Of the configuration; said by the first of several instances. */
  readonly expressions?: Fields;
  readonly mode?: "managed" | "data";
}

export interface Module {
  readonly resources: readonly Resource[];
  /** By the call's name; `index` of for_each or count. */
  readonly modules?: Readonly<Record<string, Module & { readonly index?: string | number; readonly given?: Fields }>>;
  readonly outputs?: Fields;
}

/** Of attributes that refer to something: `references("aws_route53_zone.main.zone_id")`. */
export function references(...texts: readonly string[]): Fields {
  return { references: texts };
}

export function plan(root: Module): string {
  const shown = {
    format_version: "1.2",
    terraform_version: "1.9.5",
    planned_values: { root_module: moduleValues(root, "") },
    resource_changes: changes(root, ""),
    configuration: { root_module: moduleConfiguration(root) },
  };
  return JSON.stringify(shown);
}

export function state(root: Module): string {
  const values = { root_module: moduleValues(root, "") };
  return JSON.stringify({ format_version: "1.0", terraform_version: "1.9.5", values });
}

function addressOf({ mode, type, name, index }: Resource, module: string): string {
  const key = index === undefined ? "" : `[${JSON.stringify(index)}]`;
  return `${module === "" ? "" : `${module}.`}${mode === "data" ? "data." : ""}${type}.${name}${key}`;
}

function inside(module: string, name: string, index: string | number | undefined): string {
  return `${module === "" ? "" : `${module}.`}module.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`;
}

function moduleValues({ resources, modules = {} }: Module, address: string): object {
  return {
    ...(address === "" ? {} : { address }),
    resources: resources.map((resource) => ({
      address: addressOf(resource, address),
      mode: resource.mode ?? "managed",
      type: resource.type,
      name: resource.name,
      ...(resource.index === undefined ? {} : { index: resource.index }),
      provider_name: "registry.terraform.io/hashicorp/aws",
      schema_version: 2,
      values: resource.values,
      sensitive_values: {},
    })),
    child_modules: Object.entries(modules).map(([name, module]) =>
      moduleValues(module, inside(address, name, module.index)),
    ),
  };
}

function changes({ resources, modules = {} }: Module, address: string): readonly object[] {
  return [
    ...resources.map((resource) => ({
      address: addressOf(resource, address),
      type: resource.type,
      change: { actions: ["create"], before: null, after: resource.values, after_unknown: resource.unknown ?? {} },
    })),
    ...Object.entries(modules).flatMap(([name, module]) => changes(module, inside(address, name, module.index))),
  ];
}

function moduleConfiguration({ resources, modules = {}, outputs = {} }: Module): object {
  return {
    resources: resources
      .filter(({ expressions }) => expressions !== undefined)
      .map(({ type, name, expressions, mode }) => ({
        address: `${type}.${name}`,
        mode: mode ?? "managed",
        type,
        name,
        expressions,
      })),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, expression]) => [name, { expression }])),
    module_calls: Object.fromEntries(
      Object.entries(modules).map(([name, module]) => [
        name,
        { source: `./${name}`, expressions: module.given ?? {}, module: moduleConfiguration(module) },
      ]),
    ),
  };
}
