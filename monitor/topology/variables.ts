// `${NAME}` in a text of the topology: filled from the given variables after YAML has been read, so that a value can
// never become a key, a list or another variable.

export interface FilledText {
  readonly text: string;
  /** True when a variable's value is in it: then no message may show it. */
  readonly filled: boolean;
  /** A sentence each; empty when every reference could be filled. */
  readonly faults: readonly string[];
}

const REFERENCE = /\$\$\{|\$\{([^{}$]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SHOWN_MAX = 40;
const UNSET = "expected a value for the variable";

/** `$${` stands for a plain `${`. */
export function fillVariables(text: string, variables: Readonly<Record<string, string>>): FilledText {
  const faults: string[] = [];
  let filled = false;
  const result = text.replace(REFERENCE, (reference: string, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return "${";
    if (end !== "}" || !NAME.test(name)) {
      faults.push(
        `expected \${NAME} of letters, digits and underscores, or $\${ for a plain \${, found ${quote(reference)}`,
      );
      return reference;
    }
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) faults.push(`${UNSET} \${${name}}, found that it is not set`);
    filled = true;
    return value ?? reference;
  });
  return { text: result, filled, faults };
}

/** Of a fault: the reference is right, and its variable is not set. */
export function isUnset(fault: string): boolean {
  return fault.startsWith(UNSET);
}

function quote(reference: string): string {
  return JSON.stringify(reference.length > SHOWN_MAX ? `${reference.slice(0, SHOWN_MAX)}…` : reference);
}
