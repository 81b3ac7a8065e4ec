import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { Engine } from './engine.ts';
import { engineNode } from './node.ts';
import { descendantsOf } from './proc.ts';
import { Scratch } from './scratch.ts';
import { goroutinesInRow } from './screen.ts';
import { Terminal } from './terminal.ts';

const node = engineNode();

beforeAll(async () => {
  await node.engine.run('first-one', 'exec sleep 99999');
});

test('a dockerd that dies is reported as not running, and reported again when it is back, by the same rtwatch', async () => {
  const terminal = await Terminal.open(node.scratch);
  onTestFinished(() => terminal.close());
  await terminal.enter(node.rtwatch.commandLine());
  await terminal.waitFor('dockerd and its container', (screen) => isUp(screen) && screen.includes('first-one'));
  const [started] = descendantsOf(terminal.pid);

  await node.engine.killDockerd();
  await terminal.waitFor('dockerd to be gone', isDown);

  await node.engine.startDockerd();
  // Made after the restart: a list of before cannot hold it.
  await node.engine.run('second-one', 'exec sleep 99999');
  await terminal.waitFor('dockerd to be back', (screen) => isUp(screen) && /\brestarted\b/.test(screen));
  await terminal.waitFor('both containers', (screen) => screen.includes('first-one') && screen.includes('second-one'));
  expect(started).toBeDefined();
  expect(descendantsOf(terminal.pid).map(({ pid }) => pid)).toContain(started?.pid);
});

test('another dockerd of the node is not taken for the one that died', async () => {
  const other = new Scratch();
  onTestFinished(() => other.close());
  await Engine.start(other);
  const terminal = await Terminal.open(node.scratch);
  onTestFinished(() => terminal.close());
  await terminal.enter(node.rtwatch.commandLine());
  await terminal.waitFor('dockerd', isUp);

  onTestFinished(() => node.engine.startDockerd());
  await node.engine.killDockerd();
  const screen = await terminal.waitFor('dockerd to be gone', isDown);

  expect(screen).not.toMatch(/\brestarted\b/);
});

const isUp = (screen: string): boolean => goroutinesInRow(screen, 'dockerd') !== null;
const isDown = (screen: string): boolean => /^\W*dockerd\b.*\bnot running\b/m.test(screen);
