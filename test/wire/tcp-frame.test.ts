// Frames in whatever pieces the network makes of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeFrame, makeFrameDecoder } from "../../monitor/wire/tcp-frame.ts";

const message = fc.uint8Array({ maxLength: 600 });

test("a frame is the length in two bytes, then the message", () => {
  expect([...encodeFrame(Uint8Array.of(7, 8, 9))]).toEqual([0, 3, 7, 8, 9]);
  expect([...encodeFrame(new Uint8Array(300)).subarray(0, 2)]).toEqual([1, 44]);
});

test("messages come out whole and in order, however they were cut", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (messages, sizes) => {
        const stream = Uint8Array.from(messages.flatMap((one) => [...encodeFrame(one)]));
        const decoder = makeFrameDecoder();
        const out: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          out.push(...decoder.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(out.map((one) => [...one])).toEqual(messages.map((one) => [...one]));
        expect(decoder.pendingBytes()).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

test("an empty message comes out as soon as its length is there", () => {
  const decoder = makeFrameDecoder();
  expect(decoder.push(Uint8Array.of(0))).toEqual([]);
  expect(decoder.pendingBytes()).toBe(1);
  expect(decoder.push(Uint8Array.of(0))).toEqual([new Uint8Array()]);
  expect(decoder.push(new Uint8Array())).toEqual([]);
});

test("an unfinished message is counted, and never more than one frame is held", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 }), (chunks) => {
      const decoder = makeFrameDecoder();
      for (const chunk of chunks) {
        for (const one of decoder.push(chunk)) expect(one.length).toBeLessThanOrEqual(65_535);
        expect(decoder.pendingBytes()).toBeLessThanOrEqual(65_537);
      }
    }),
    { numRuns: 300 },
  );
});

test("messages that have left do not change when more comes in", () => {
  const decoder = makeFrameDecoder();
  const [first] = decoder.push(encodeFrame(Uint8Array.of(1, 2)));
  decoder.push(encodeFrame(Uint8Array.of(3, 4)));
  expect([...(first ?? [])]).toEqual([1, 2]);
});

test("a message that no frame can hold is our own bug", () => {
  expect(() => encodeFrame(new Uint8Array(65_536))).toThrow("65536 bytes");
});
