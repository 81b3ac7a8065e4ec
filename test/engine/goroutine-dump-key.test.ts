import fs from 'node:fs';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { engineNode } from './node.ts';
import { goroutinesInRow } from './screen.ts';
import { Terminal } from './terminal.ts';

/** The request of the dump itself, and those of the samples around it. */
const inFlight = 10;

const node = engineNode();
let tries = 0;

beforeAll(async () => {
  await node.engine.run('steady', 'exec sleep 99999');
});

test('d writes all goroutines of dockerd to a private file and says where; q gives the terminal back', async () => {
  // Another one for each try.
  const dumps = node.scratch.of(`dumps-${tries++}`);
  const terminal = await Terminal.open(node.scratch);
  onTestFinished(() => terminal.close());
  await terminal.enter('echo here before');
  await terminal.enter(`${node.rtwatch.commandLine('--dump-dir', dumps)}; echo "ended with $?"`);
  await terminal.waitFor('figures of dockerd', (screen) => goroutinesInRow(screen, 'dockerd') !== null);

  await terminal.press('1');
  await terminal.waitFor('dockerd to be chosen', (screen) => /^[│|]?\S+dockerd\s/m.test(screen));
  const before = await node.engine.goroutines();
  await terminal.press('d');
  const screen = await terminal.waitFor('the path', (text) => /dockerd-goroutines-\S*\.txt/.test(text));
  const after = await node.engine.goroutines();

  const names = fs.readdirSync(dumps);
  expect(names).toEqual([expect.stringMatching(/^dockerd-goroutines-.*\.txt$/)]);
  const [name = ''] = names;
  expect(screen).toContain(name);
  expect(screen).toMatch(/\bgoroutines\b/);
  const file = `${dumps}/${name}`;
  expect(modeOf(file)).toBe('600');
  expect(modeOf(dumps)).toBe('700');
  const dumped = fs.readFileSync(file, 'utf8').match(/^goroutine \d+ /gm)?.length ?? 0;
  expect(dumped).toBeGreaterThanOrEqual(Math.min(before, after) - inFlight);
  expect(dumped).toBeLessThanOrEqual(Math.max(before, after) + inFlight);

  await terminal.press('q');
  const shell = await terminal.waitFor('the shell', (text) => /ended with \d+\n#$/.test(text.trimEnd()));
  expect(shell).toContain('ended with 0');
  // What was on the screen before is there again: the program drew on the alternate screen.
  expect(shell).toMatch(/^here before$/m);
  expect(await terminal.modes()).toEqual({ alternateScreen: false, cursor: true, mouse: false });
  await terminal.enter('stty -a');
  const settings = await terminal.waitFor('the settings', (text) => /\bicanon\b/.test(text));
  expect(settings).toMatch(/ icanon\b/);
  expect(settings).toMatch(/ echo\b/);
  expect(settings).not.toMatch(/-(icanon|echo)\b/);
});

const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);
