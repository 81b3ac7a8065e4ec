import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogJournal } from '../../../src/collect/logs/journal.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../../support/world.ts';

/** A journalctl that is this shell script; `$log` is a file for it to write its arguments to. */
function open(script: string, directory: string | null = null) {
  const folder = temporaryFolder();
  const command = path.join(folder, 'journalctl');
  const log = path.join(folder, 'arguments');
  fs.writeFileSync(command, `#!/bin/sh\nlog='${log}'\necho "$@" >> "$log"\n${script}\n`, { mode: 0o755 });
  const lines: string[] = [];
  const journal = new LogJournal({ directory, command, take: (bytes) => lines.push(...bytes.toString().split('\n')) });
  onTestFinished(() => journal.close());
  journal.start();
  return {
    journal,
    lines,
    log,
    /** How it was called, a run at a time. The shell makes the file before it writes the line. */
    runs: () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').split('\n').slice(0, -1) : []),
  };
}

const settled = (journal: LogJournal) =>
  waitFor('the journal to settle', () => {
    const reading = journal.poll();
    return reading.status === 'pending' ? null : reading;
  });

test('the backlog is pending, then there are its lines, and those that follow', async () => {
  const { journal, lines } = open(`echo '{"n":1}'; echo '{"n":2}'; sleep 1; echo '{"n":3}'; exec sleep 60`);
  expect(journal.poll().status).toBe('pending');
  expect(await settled(journal)).toMatchObject({ status: 'ok', value: { lines: 2, bytes: 16, skippedBytes: 0 } });
  await waitFor('the third line', () => lines.length === 3);
  expect(lines).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  expect(okValue(journal.poll())?.lines).toBe(3);
});

test('it is asked for the daemons’ own words and the kernel’s, and for a bounded past', async () => {
  const { runs } = open('exec sleep 60');
  const [run = ''] = await waitFor('the call', () => (runs().length > 0 ? runs() : null));
  expect(run).toMatch(/^--output=json --no-pager --follow --lines=20000 --output-fields=MESSAGE,/);
  expect(run).toMatch(
    / _TRANSPORT=stdout _SYSTEMD_UNIT=docker.service .* \+ _TRANSPORT=kernel \+ _SYSTEMD_UNIT=dbus.service SYSLOG_IDENTIFIER=dbus-daemon \+ _SYSTEMD_UNIT=systemd-udevd.service PRIORITY=3 \+ _PID=1 UNIT=docker.service /,
  );
  expect(run).not.toContain('--directory');
});

test('another node’s journal is named', async () => {
  const { runs } = open('exec sleep 60', '/host/var/log/journal');
  const [run] = await waitFor('the call', () => (runs().length > 0 ? runs() : null));
  expect(run).toContain(' --directory=/host/var/log/journal ');
});

test('a machine without journalctl has no journal', async () => {
  const journal = new LogJournal({ directory: null, command: '/nowhere/journalctl', take: () => {} });
  journal.start();
  expect(await settled(journal)).toEqual({ status: 'absent', detail: 'journalctl is not installed' });
  journal.close();
});

test('one that does not know how to leave fields out is asked for all', async () => {
  const { journal, runs, lines } = open(`case "$*" in *output-fields*)
  echo "journalctl: unrecognized option '--output-fields=MESSAGE'" >&2; exit 1;; esac
echo '{"n":1}'; exec sleep 60`);
  await waitFor('the line', () => lines.length === 1);
  expect(runs()).toHaveLength(2);
  expect((await settled(journal)).status).toBe('ok');
});

test('when it ends, its last lines are reported, and it starts again after the last entry that was reported', async () => {
  const { journal, runs } = open(`echo '{"__CURSOR":"s=1;i=2"}'; echo 'one' >&2; echo 'Failed to open' >&2; exit 1`);
  const failure = await waitFor('the failure', () => {
    const reading = journal.poll();
    return reading.status === 'failed' ? reading : null;
  });
  expect(failure.detail).toBe('journalctl: Failed to open');
  await waitFor('the second run', () => runs().length === 2);
  expect(runs()[1]).toContain(' --after-cursor=s=1;i=2 ');
});

test('an entry that the journal does not have any more is forgotten', async () => {
  const { runs, lines } = open(`case "$*" in *after-cursor*) echo 'Failed to seek to cursor' >&2; exit 1;; esac
echo '{"__CURSOR":"s=1;i=2"}'; exit 1`);
  await waitFor('the third run', () => runs().length === 3);
  expect(runs().map((run) => run.includes('--after-cursor'))).toEqual([false, true, false]);
  expect(lines).not.toEqual([]);
});

test('a journal that may not be read says who may', async () => {
  const { journal } = open(`echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1`);
  expect(await settled(journal)).toEqual({
    status: 'failed',
    detail: 'journalctl: No journal files were opened due to insufficient permissions. (run as root)',
  });
});

test('a flood is passed over beyond two mebibytes a poll, and reported', async () => {
  const { journal, log, runs } = open(`echo '{"n":1}'; until [ -e "$log.settled" ]; do sleep 0.05; done
head -c 8000000 /dev/zero | tr '\\0' 'x' | fold -w 999; echo over >> "$log"; exec sleep 60`);
  await settled(journal);
  journal.poll();
  fs.writeFileSync(`${log}.settled`, '');
  await waitFor('the end of the flood', () => runs().length === 2);
  const progress = okValue(journal.poll());
  expect(progress?.bytes).toBeLessThanOrEqual(2 * 1024 ** 2 + 8);
  expect(progress?.skippedBytes).toBeGreaterThan(5_000_000);
});

test('closing ends it', async () => {
  const { journal, runs } = open(`echo $$ >> "$log"; exec sleep 60`);
  const [, pid = ''] = await waitFor('its pid', () => (runs().length === 2 ? runs() : null));
  journal.close();
  await waitFor('its end', () => !fs.existsSync(`/proc/${pid}`));
});
