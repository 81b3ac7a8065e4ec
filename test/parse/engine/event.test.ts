import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerEvent } from '../../../src/parse/engine/event.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';
const kill =
  `{"status":"kill","id":"${id}","from":"busybox","Type":"container","Action":"kill","Actor":{"ID":"${id}",` +
  '"Attributes":{"image":"busybox","name":"web-1","signal":"15"}},"scope":"local","time":1795243287,' +
  '"timeNano":1795243287123456789}';
const die =
  `{"Type":"container","Action":"die","Actor":{"ID":"${id}","Attributes":{"execDuration":"31","exitCode":"137",` +
  '"image":"busybox","name":"web-1"}},"scope":"local","time":1795243300,"timeNano":1795243300000000000}';
const samples = [kill, die];

const event = (change: object): string => JSON.stringify({ ...JSON.parse(kill), ...change });

describe('an event', () => {
  test('that a signal was sent gives container, signal and time to the millisecond', () => {
    const parsed = parseContainerEvent(kill);
    expect(parsed).toMatchObject({ containerId: id, action: 'kill', signal: 15 });
    expect(parsed?.at).toBeCloseTo(1795243287123.456, 2);
  });

  test('that a container died has no signal, and needs no fields of the old form', () => {
    expect(parseContainerEvent(die)).toEqual({ containerId: id, action: 'die', at: 1795243300000, signal: null });
  });

  test('of an old engine without nanoseconds has the second', () => {
    expect(parseContainerEvent(event({ timeNano: undefined }))?.at).toBe(1795243287000);
  });

  test('without any time is reported as of 1970', () => {
    expect(parseContainerEvent(event({ timeNano: undefined, time: undefined }))?.at).toBe(0);
  });

  test.each([
    ['a word', 'SIGTERM'],
    ['nothing', ''],
    ['zero', '0'],
    ['a fraction', '9.5'],
    ['below zero', '-9'],
  ])('whose signal is %s tells none', (_, signal) => {
    expect(parseContainerEvent(event({ Actor: { ID: id, Attributes: { signal } } }))?.signal).toBeNull();
  });

  test('without attributes is one', () => {
    expect(parseContainerEvent(event({ Actor: { ID: id } }))).toMatchObject({ action: 'kill', signal: null });
    expect(parseContainerEvent(event({ Actor: { ID: id, Attributes: null } }))).toMatchObject({ signal: null });
  });
});

describe('it is not an event of a container', () => {
  test.each([
    ['when it is about an image', event({ Type: 'image' })],
    ['when it is about a network', event({ Type: 'network', Action: 'disconnect' })],
    ['when it names no container', event({ Actor: {} })],
    ['when it has no actor, as before API 1.22', event({ Actor: undefined, Type: undefined })],
    ['when it has no action', event({ Action: 5 })],
    ['when it is an error of the engine', '{"message":"page not found"}'],
    ['when it is no object', '7'],
    ['when it is null', 'null'],
    ['when it was cut', kill.slice(0, 100)],
    ['when it is empty', ''],
  ])('%s', (_, line) => {
    expect(parseContainerEvent(line)).toBeNull();
  });
});

test('any JSON for a signal gives a number or null', () => {
  const odd = fc.constant({ toString: 1, valueOf: 1 });
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: fc.jsonValue() }, { weight: 1, arbitrary: odd }), (signal) => {
      const parsed = parseContainerEvent(event({ Actor: { ID: id, Attributes: { signal } } }));
      expect(parsed?.signal === null || Number.isInteger(parsed?.signal)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('any text gives an event or null, never an error', () => {
  expectToBear((text) => expect(() => parseContainerEvent(text)).not.toThrow(), samples);
});

test('no text takes long', () => expectNoHang(parseContainerEvent, [...samples, '[', '"']));
