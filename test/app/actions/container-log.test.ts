import { afterEach, expect, test, vi } from 'vitest';
import { followContainerLog } from '../../../src/app/actions/container-log.ts';
import type { OwnLog } from '../../../src/view/terminal/pages/own-log.ts';
import { waitFor } from '../../support/wait-for.ts';

let stop = (): void => {};
afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** A program that stands for the child of the page. */
function follow(script: string): OwnLog[] {
  const logs: OwnLog[] = [];
  stop = followContainerLog(['/bin/sh', '-c', script], (log) => logs.push(log));
  return logs;
}

const report = (lines: object[], trouble: string | null = null): string =>
  `echo '${JSON.stringify({ path: '/var/log/pods/a/0.log', lines, trouble })}'`;
const line = (text: string): object => ({ at: 1, stream: 'stdout', text });

test('lines are added as they come, and a report without news changes nothing', async () => {
  const logs = follow(`${report([line('one')])}; ${report([])}; ${report([line('two')])}; exec sleep 60`);
  const log = await waitFor('both', () => logs.find(({ lines }) => lines.length === 2));
  expect(log).toMatchObject({ path: '/var/log/pods/a/0.log', trouble: null });
  expect(log.lines.map(({ text }) => text)).toEqual(['one', 'two']);
  expect(logs).toHaveLength(2);
});

test('a child that becomes silent hangs in a read: the lines stay, with the reason', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const logs = follow(`${report([line('one')])}; exec sleep 60`);
  await waitFor('the line', () => logs.length === 1);
  vi.advanceTimersByTime(3000);
  expect(logs).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(logs.at(-1)).toMatchObject({ trouble: 'no answer from its filesystem for 4s', lines: [{ text: 'one' }] });
});

test('what the child complained of is the reason', async () => {
  const logs = follow('echo "rtwatch: log of web: its log driver journald keeps no file" >&2; exit 65');
  const log = await waitFor('the end', () => logs.at(-1));
  expect(log).toEqual({ path: null, lines: [], trouble: 'log of web: its log driver journald keeps no file' });
});
