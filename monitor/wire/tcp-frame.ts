// DNS over TCP puts the length of a message in two bytes before it (RFC 1035 section 4.2.2). Chunks come as the network
// likes; messages leave whole.
import { assert } from "../problem.ts";
import { MESSAGE_BYTES_MAX } from "./dns-packet.ts";

export function encodeFrame(message: Uint8Array): Uint8Array {
  assert(message.length <= MESSAGE_BYTES_MAX, `a DNS message of ${message.length} bytes`);
  const frame = new Uint8Array(2 + message.length);
  frame.set([message.length >> 8, message.length & 0xff]);
  frame.set(message, 2);
  return frame;
}

export interface FrameDecoder {
  /** Messages that this chunk completed, in order. Never holds more than one unfinished message. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** Bytes of a message that has begun and not ended; 0 between messages. */
  pendingBytes(): number;
}

export function makeFrameDecoder(): FrameDecoder {
  let head: number[] = [];
  let body = new Uint8Array(0);
  let filled = 0;

  /** Takes what belongs to the frame under way and gives the number of bytes taken. */
  function take(chunk: Uint8Array): number {
    const [first] = chunk;
    if (head.length < 2 && first !== undefined) {
      head.push(first);
      if (head.length === 2) body = new Uint8Array((head[0] ?? 0) * 256 + first);
      return 1;
    }
    const part = chunk.subarray(0, body.length - filled);
    body.set(part, filled);
    filled += part.length;
    return part.length;
  }

  return {
    push(chunk) {
      const messages: Uint8Array[] = [];
      // Every turn takes at least one byte: an unfinished frame always wants one.
      for (let at = 0; at < chunk.length;) {
        at += take(chunk.subarray(at));
        if (head.length < 2 || filled < body.length) continue;
        messages.push(body);
        head = [];
        filled = 0;
      }
      return messages;
    },
    pendingBytes: () => head.length + filled,
  };
}
