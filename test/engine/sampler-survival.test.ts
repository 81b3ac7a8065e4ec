import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import { argumentsOf, descendantsOf, isRunning, type Process } from './proc.ts';
import { aboveFooter, goroutinesInRow } from './screen.ts';
import { prompt, Terminal } from './terminal.ts';

const node = engineNode();
let terminal: Terminal;
/** Every process that rtwatch was seen to have, by identity. */
let seen: Map<string, Process>;

beforeEach(async () => {
  seen = new Map();
  terminal = await Terminal.open(node.scratch);
  await terminal.enter(node.rtwatch.commandLine());
  await terminal.waitFor('figures of dockerd', (screen) => goroutinesInRow(screen, 'dockerd') !== null);
});

afterEach(() => terminal.close());

test('a sampler that is killed is replaced, and the figures go on', async () => {
  const killed = await sampler();
  process.kill(killed.pid, 'SIGKILL');

  await waitFor('another sampler', () => samplers().some(({ pid }) => pid !== killed.pid));
  // Only a sampler that lives can know of it.
  await node.engine.run('made-later', 'exec sleep 99999');
  await terminal.waitFor('the container that was started since', (screen) => screen.includes('made-later'));
  await quit();
});

test('a sampler that hangs is reported as silent and replaced, while the keys go on', async () => {
  const stopped = await sampler();
  process.kill(stopped.pid, 'SIGSTOP');

  await terminal.waitFor('the age of what is shown', (screen) => /\bsilent\b.*?\d+ ?s\b/.test(screen));
  await terminal.press('?');
  await terminal.waitFor('the help', (screen) => /\bquit\b/.test(aboveFooter(screen)));
  await terminal.press('Escape');
  await terminal.waitFor('the panes again', (screen) => goroutinesInRow(screen, 'dockerd') !== null);
  await waitFor('another sampler', () => samplers().some(({ pid }) => pid !== stopped.pid));
  await terminal.waitFor('it to be live again', (screen) => !/\bsilent\b/.test(screen));
  await quit();
});

test('while the sampler hangs, q quits', async () => {
  const stopped = await sampler();
  process.kill(stopped.pid, 'SIGSTOP');
  await terminal.waitFor('the age of what is shown', (screen) => /\bsilent\b/.test(screen));
  await quit();
});

/** The processes that run `rtwatch sample` below the screen. */
function samplers(): Process[] {
  const own = descendantsOf(terminal.pid);
  for (const process of own) seen.set(`${process.pid} ${process.starttime}`, process);
  return own.filter(({ pid }) => argumentsOf(pid).includes('sample'));
}

function sampler(): Promise<Process> {
  return waitFor('the sampler', () => samplers()[0]);
}

/** Presses q; nothing of the program may be left, not even a sampler that cannot answer: that one never ends by itself. */
async function quit(): Promise<void> {
  samplers();
  expect(seen.size).toBeGreaterThanOrEqual(2);
  await terminal.press('q');
  let left: Process[] = [];
  await waitFor(
    'rtwatch to end',
    () => {
      left = [...seen.values()].filter(isRunning);
      return left.length === 0;
    },
    { everyMs: 20, detail: () => JSON.stringify(left) },
  );
  await terminal.waitFor('the shell', (screen) => screen.trimEnd().endsWith(prompt));
}
