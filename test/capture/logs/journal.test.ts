import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type JournalRange, readJournal } from '../../../src/capture/logs/journal.ts';
import { temporaryFolder } from '../../support/world.ts';

const all: JournalRange = { since: null, until: null };

/** A program in the place of journalctl. */
function program(script: string): string {
  const file = path.join(temporaryFolder(), 'journalctl');
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function read(command: string, range = all, silenceMs?: number): Promise<string> {
  const chunks: Buffer[] = [];
  const options = silenceMs === undefined ? { command } : { command, silenceMs };
  for await (const chunk of readJournal(range, options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the journal', () => {
  test('is asked for the range alone', async () => {
    const echo = program('echo "$@"');
    expect(await read(echo)).toBe('--output=json --no-pager --quiet\n');
    expect(await read(echo, { since: 1_700_000_000_900, until: 1_700_000_100_100 })).toBe(
      '--output=json --no-pager --quiet --since=@1700000000 --until=@1700000101\n',
    );
  });

  test('of a journalctl that hangs is given up, before its first line and after', async () => {
    await expect(read(program('exec sleep 600'), all, 50)).rejects.toThrow('journalctl says nothing for 50ms');
    await expect(read(program('echo one; exec sleep 600'), all, 2000)).rejects.toThrow('journalctl says nothing for');
  });

  test('that cannot be read says why, in the words of journalctl', async () => {
    await expect(read(program('echo "No journal files were opened" >&2; exit 1'))).rejects.toThrow(
      'No journal files were opened',
    );
    await expect(read('/nonexistent/journalctl')).rejects.toThrow('ENOENT');
  });

  test('for which there is no descriptor says so', async () => {
    const script = `
      import fs from 'node:fs';
      import { readJournal } from '${path.resolve('src/capture/logs/journal.ts')}';
      try { for (;;) fs.openSync('/dev/null'); } catch {}
      try { for await (const chunk of readJournal({ since: null, until: null })) chunk; }
      catch (error) { console.log(error.code); }
    `;
    const limited = ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script];
    expect(execFileSync('/bin/sh', limited, { encoding: 'utf8' })).toBe('EMFILE\n');
  });

  test('is read no further when the reader stops', async () => {
    for await (const chunk of readJournal(all, { command: program('yes') })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });
});
