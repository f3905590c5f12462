// One JSON object a line: what container platforms collect without a parser of ours.

export type LogFields = Readonly<Record<string, string | number>>;

export function logInfo(msg: string, fields: LogFields = {}): void {
  process.stdout.write(`${JSON.stringify({ level: "info", msg, ...fields })}\n`);
}

export function logError(msg: string, fields: LogFields = {}): void {
  process.stderr.write(`${JSON.stringify({ level: "error", msg, ...fields })}\n`);
}
