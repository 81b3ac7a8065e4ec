import { expect, test } from 'vitest';
import { foundInKernelLog, foundInLines } from '../support/kernel-log.ts';

const hot = (cpu: number, events: number): string =>
  `CPU${cpu}: Package temperature above threshold, cpu clock throttled (total events = ${events})`;

test('processors that were slowed down a thousand times are named in the order of their numbers', () => {
  expect(foundInKernelLog('hot-cpu', [hot(10, 2000), hot(2, 2000)])).toMatchObject({
    severity: 'info',
    title: 'Processors are too hot, and run slower: CPU2, CPU10',
  });
});

test('one that is slowed down for minutes is found without a count', () => {
  const lines: Parameters<typeof foundInLines>[1] = [
    [700, 'kernel', hot(0, 3)],
    [390, 'kernel', hot(0, 40)],
  ];
  expect(foundInLines('hot-cpu', lines).title).toContain('CPU0');
});

test('a short burst of work is silent, and one that has cooled down is over', () => {
  expect(() => foundInKernelLog('hot-cpu', [hot(5, 1), 'CPU5: Core temperature/speed normal'])).toThrow('no finding');
  const cooled = foundInKernelLog('hot-cpu', [hot(5, 5000), 'CPU5: Core temperature/speed normal'], 60);
  expect(cooled.title).toContain('Processors were too hot');
});
