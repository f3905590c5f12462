// Amounts of resources as Kubernetes writes them, to be compared: 500m, 1.5, 128Mi, 1e3.

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d+))?$/;

const BINARY = "KMGTPE";
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

/** Null: it is none. */
export function readQuantity(value: unknown): number | null {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (match === null) return null;
  const [, digits = "", binary, decimal, exponent] = match;
  if (binary !== undefined) return Number(digits) * 1024 ** (BINARY.indexOf(binary) + 1);
  return Number(`${digits}e${exponent ?? EXPONENTS.get(decimal ?? "") ?? 0}`);
}

/** In thousandths for cpu, in Mi for bytes, where it comes out even. */
export function quantityText(amount: number, resource: string): string {
  if (resource === "cpu") return Number.isInteger(amount) ? String(amount) : `${Math.round(amount * 1000)}m`;
  const mebibytes = amount / 1024 ** 2;
  return resource !== "pods" && Number.isInteger(mebibytes) ? `${mebibytes}Mi` : String(amount);
}
