import { expect, test } from 'vitest';
import { openActions } from '../../src/app/actions/actions.ts';

const shell = (script: string): string[] => ['/bin/sh', '-c', script, 'rtwatch'];

test('a bundle is the program itself; its lines of progress come before its outcome', async () => {
  const script =
    'echo \'{"step":"looking","entries":0,"bytes":0}\'; printf \'{"path":"%s","bytes":1,"entries":2,"missing":[],"moreMissing":0}\\n\' "$*"';
  const steps: string[] = [];
  const outcome = await openActions(shell(script), ['--dump-dir', '/x']).bundle(({ step }) => void steps.push(step));
  expect(outcome).toEqual({
    path: 'bundle --json --progress --dump-dir /x',
    bytes: 1,
    entries: 2,
    missing: [],
    moreMissing: 0,
  });
  expect(steps).toEqual(['looking']);
});

test('why there is none is what the program complained of', async () => {
  const actions = openActions(shell('echo "rtwatch: bundle: /x cannot be written: no space" >&2; exit 74'), []);
  await expect(actions.bundle()).rejects.toThrow(/^bundle: \/x cannot be written: no space$/);
});
