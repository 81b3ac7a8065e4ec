import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { descendantsOf } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { Scratch } from './scratch.ts';
import { goroutinesInRow } from './screen.ts';
import { Terminal } from './terminal.ts';

let scratch: Scratch;
let engine: Engine;
let rtwatch: Rtwatch;

beforeAll(async () => {
  scratch = new Scratch();
  engine = await Engine.start(scratch);
  rtwatch = new Rtwatch(scratch, engine);
  await engine.run('first-one', 'exec sleep 99999');
});

afterAll(() => scratch?.close());

test('a dockerd that dies is told as not running, and told again when it is back, by the same rtwatch', async () => {
  const terminal = await Terminal.open(scratch);
  await terminal.enter(rtwatch.commandLine());
  await terminal.waitFor('dockerd and its container', (screen) => isUp(screen) && screen.includes('first-one'));
  const [started] = descendantsOf(terminal.pid);

  await engine.killDockerd();
  await terminal.waitFor('dockerd to be gone', isDown);

  await engine.startDockerd();
  // Made after the restart: a list of before cannot hold it.
  await engine.run('second-one', 'exec sleep 99999');
  await terminal.waitFor('dockerd to be back', (screen) => isUp(screen) && /\brestarted\b/.test(screen));
  await terminal.waitFor('both containers', (screen) => screen.includes('first-one') && screen.includes('second-one'));
  expect(started).toBeDefined();
  expect(descendantsOf(terminal.pid).map(({ pid }) => pid)).toContain(started?.pid);
  await terminal.close();
});

test('another dockerd of the node is not taken for the one that died', async () => {
  const other = new Scratch();
  try {
    await Engine.start(other);
    const terminal = await Terminal.open(scratch);
    await terminal.enter(rtwatch.commandLine());
    await terminal.waitFor('dockerd', isUp);

    await engine.killDockerd();
    const screen = await terminal.waitFor('dockerd to be gone', isDown);

    expect(screen).not.toMatch(/\brestarted\b/);
  } finally {
    await other.close();
  }
});

const isUp = (screen: string): boolean => goroutinesInRow(screen, 'dockerd') !== null;
const isDown = (screen: string): boolean => /^\W*dockerd\b.*\bnot running\b/m.test(screen);
