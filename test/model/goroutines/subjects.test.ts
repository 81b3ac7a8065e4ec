import { describe, expect, test } from 'vitest';
import { Subjects, subjectAt, wordOf } from '../../../src/model/goroutines/subjects.ts';
import { daemon, goroutine, newLock, oldLock, report } from './goroutine.ts';

describe('a word of the arguments', () => {
  test.each([
    ['0xc000055b00, 0x2', 0, '0xc000055b00'],
    ['0xc000055b00, 0x2', 1, '0x2'],
    ['0x1, {0x2, {0x3, 0x4}}, 0x5', 1, '0x5'],
    ['0x1, {0x2, 0x3?}, 0x5?, ...', 1, '0x5?'],
    ['0x1, ...', 1, '...'],
    ['0x1', 1, null],
    ['', 0, ''],
    ['{0x1', 0, null],
    ['}, 0x1', 0, '}'],
  ])('of %j, number %i, is %j', (args, index, word) => {
    expect(wordOf(args, index)).toBe(word);
  });

  test('is unknown where there are no arguments', () => {
    expect(wordOf(null, 0)).toBeNull();
  });
});

describe('the subject of a stack', () => {
  const subject = (lines: string[]) =>
    subjectAt(goroutine(lines).frames, [
      { frame: 0, word: 1 },
      { frame: 1, word: 0 },
    ]);

  test('is the address in the first place that gives one', () => {
    expect(subject(['a.f(0x1000, 0xc000055b00)', 'a.g(0xc000000001)'])).toBe(0xc000055b00);
    expect(subject(['a.f(...)', 'a.g(0xc000000001)'])).toBe(0xc000000001);
    expect(subject(['a.f(0x1000, 0xc000055b00?)', 'a.g(0xc000000001)'])).toBe(0xc000000001);
  });

  test.each([
    [['a.f(0x1000, 0xc000055b00?)', 'a.g(_)']],
    [['a.f(...)', 'a.g(...)']],
    [['a.f(0x1000, 0x0)', 'a.g(0x2)']],
    [['a.f(0x1000)', 'a.g({0xc000055b00, 0x4})']],
    [['a.f']],
  ])('is unknown in %j: stale, inlined, nil, a number, a string, not told', (lines) => {
    expect(subject(lines)).toBeNull();
  });
});

describe('subjects', () => {
  test('are counted once each', () => {
    const subjects = new Subjects();
    for (const address of [0x2000, 0x1000, 0x1000, 0x3000]) subjects.add(address);
    subjects.add(null);
    expect(subjects.distinct).toBe(3);
  });

  test('stop being collected after a hundred thousand', () => {
    const subjects = new Subjects();
    for (let address = 0; address < 100_010; address++) subjects.add(address);
    expect(subjects.distinct).toBe(100_000);
  });

  test('are the containers that stop waits for, not the calls', () => {
    const stop = (container: string) =>
      goroutine([
        `${daemon('Kill')}(0xc00013e9a0?, ${container})`,
        `${daemon('containerStop')}(0xc000792100, ${container}, 0x2)`,
      ]);
    const { patterns } = report([stop('0xc000055b00'), stop('0xc000055b00'), stop('0xc000e04900')]);
    expect(patterns).toMatchObject([{ count: 3, subjects: 2, noun: 'container' }]);
  });

  test('are found in the caller when Kill’s own arguments are stale', () => {
    const { patterns } = report([
      goroutine([
        `${daemon('Kill')}(0xc00013e9a0?, 0x0?)`,
        `${daemon('containerStop')}(0xc0001, {0x2d3e5e0, 0xc000100000}, 0xc000055b00, {0x0})`,
      ]),
    ]);
    expect(patterns).toMatchObject([{ subjects: 1 }]);
  });

  test('of lock waiters are the locks, in dumps of old and new Go', () => {
    const waiter = (lock: string[]) => goroutine([...lock, `${daemon('ContainerInspectCurrent')}(0x1)`]);
    const { patterns } = report([
      waiter(oldLock('0xc000000100')),
      waiter(newLock('0xc000000100')),
      waiter(oldLock('0xc000000200')),
    ]);
    expect(patterns).toMatchObject([{ id: 'container-lock-waiter', count: 3, subjects: 2 }]);
  });

  test('are unknown where the form has no arguments', () => {
    const { patterns } = report([goroutine([daemon('Kill'), daemon('containerStop')], { state: null, count: 9 })]);
    expect(patterns).toMatchObject([{ id: 'stop-waits-for-exit', count: 9, subjects: null }]);
  });
});
