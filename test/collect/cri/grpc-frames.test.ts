import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameSplitter, frame } from '../../../src/collect/cri/grpc-frames.ts';

test('messages come out as they went in, wherever the stream was cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
      fc.infiniteStream(fc.nat(400)),
      (messages, cuts) => {
        const stream = Buffer.concat(messages.map((message) => frame(message)));
        const splitter = new FrameSplitter(1000);
        const out: Buffer[] = [];
        for (let at = 0; at < stream.length; ) {
          const end = at + 1 + (cuts.next().value ?? 0);
          out.push(...splitter.push(stream.subarray(at, end)));
          at = end;
        }
        expect(out.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
      },
    ),
  );
});

test('a message that is too long is refused before it is read', () => {
  const splitter = new FrameSplitter(100);
  expect(() => splitter.push(frame(new Uint8Array(101)).subarray(0, 5))).toThrow('101 bytes is too long');
});

test('a compressed message is refused', () => {
  const bytes = frame(new Uint8Array(3));
  bytes[0] = 1;
  expect(() => new FrameSplitter(100).push(bytes)).toThrow('compressed');
});
