// Bodies are read up to a bound and then cancelled: a server that never stops sending must cost neither memory nor time.
import type { Failure } from "../model/observation.ts";

export type BoundedBody = { readonly kind: "whole"; readonly bytes: Uint8Array } | { readonly kind: "too-large" };

/** As much of a body stream as both runtimes' types agree on. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** Rejects with what the stream rejects with. */
export async function readBounded(body: ByteStream | null, bytesMax: number): Promise<BoundedBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    size += value.length;
    if (size > bytesMax) {
      cancelQuietly(reader);
      return { kind: "too-large" };
    }
    chunks.push(value);
  }
  return { kind: "whole", bytes: joined(chunks, size) };
}

export function bodyTooLarge(bytesMax: number): Failure {
  return { cause: "too-large", phase: "transfer", detail: `The body is longer than ${bytesMax} bytes.` };
}

/** What cancelling says no longer matters, and waiting for it could take time. */
export function cancelQuietly(body: { cancel(): Promise<void> } | null): void {
  body?.cancel().catch(() => undefined);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
