import fs from 'node:fs';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { descendantsOf, isRunning } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { succeed } from './run.ts';
import { Scratch } from './scratch.ts';
import { Terminal } from './terminal.ts';

let scratch: Scratch;
let rtwatch: Rtwatch;

beforeEach(() => {
  scratch = new Scratch();
  // No engine is needed: what the screen does to the terminal is the same.
  rtwatch = new Rtwatch(scratch, { host: `unix://${scratch.of('none.sock')}` });
});

afterEach(() => scratch.close());

/** The screen, drawn; gives its process. */
async function openScreen(terminal: Terminal, before = ''): Promise<number> {
  await terminal.enter(`${before}${rtwatch.commandLine()}`);
  await terminal.waitFor('the screen', (screen) => / live \d+s/.test(screen) && screen.includes('5 Disk I/O'));
  return Number(childrenOf(terminal.pid)[0]);
}

const childrenOf = (pid: number): string[] =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

/** As a shell left it: its own screen, a cursor, lines and echo. */
async function expectRestored(terminal: Terminal): Promise<void> {
  await waitFor('the end of the screen', () => childrenOf(terminal.pid).length === 0);
  await waitFor('the shell’s own screen', async () => !(await terminal.modes()).alternateScreen);
  expect(await terminal.modes()).toEqual({ alternateScreen: false, cursor: true, mouse: false });
  await terminal.enter('clear; stty -a');
  const settings = await terminal.waitFor('what stty says', (screen) => screen.includes('icanon'));
  expect(settings).toMatch(/(?<!-)\bicanon\b/);
  expect(settings).toMatch(/(?<!-)\becho\b/);
}

async function resize(columns: number, rows: number): Promise<void> {
  const [socket = ''] = fs.readdirSync(scratch.of('tmux-0'));
  await succeed('tmux', ['-S', scratch.of('tmux-0', socket), 'resize-window', '-x', `${columns}`, '-y', `${rows}`]);
}

describe('the terminal is as it was', () => {
  test('after q', async () => {
    const terminal = await Terminal.open(scratch);
    await openScreen(terminal);
    await terminal.press('q');
    await expectRestored(terminal);
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('after %s', async (signal) => {
    const terminal = await Terminal.open(scratch);
    process.kill(await openScreen(terminal), signal);
    await expectRestored(terminal);
  });
});

test('a screen that SIGKILL ends leaves the terminal usable, and a line says that it was killed', async () => {
  const terminal = await Terminal.open(scratch);
  process.kill(await openScreen(terminal), 'SIGKILL');
  const shown = await terminal.waitFor('the line', (screen) => screen.includes('rtwatch: the screen was killed'));
  // It is longer than the terminal is wide.
  expect(shown.replaceAll('\n', '')).toMatch(/Memory did not run out: oom_kill in \/\S+ did not rise/);
  await expectRestored(terminal);
});

test('a screen that a signal asks to exit is not called killed, and leaves nothing that waits for it', async () => {
  const terminal = await Terminal.open(scratch);
  const screen = await openScreen(terminal);
  const beside = descendantsOf(screen).filter(({ comm }) => comm === 'sh');
  expect(beside).toHaveLength(1);
  process.kill(screen, 'SIGTERM');
  await waitFor('the end of the screen', () => childrenOf(terminal.pid).length === 0);
  await waitFor('the end of what waits beside it', () => !beside.some(isRunning));
  expect(await terminal.screen()).not.toContain('was killed');
});

describe('a screen that is stopped', () => {
  test.each(['SIGTSTP', 'Ctrl-Z'] as const)('by %s gives the terminal back, and comes back with fg', async (how) => {
    const terminal = await Terminal.open(scratch);
    const screen = await openScreen(terminal);
    if (how === 'Ctrl-Z') await terminal.press('C-z');
    else process.kill(screen, how);
    await terminal.waitFor('the shell', (shown) => /stopped/i.test(shown));
    expect(await terminal.modes()).toEqual({ alternateScreen: false, cursor: true, mouse: false });
    await terminal.enter('clear; stty -a');
    expect(await terminal.waitFor('stty', (shown) => shown.includes('icanon'))).toMatch(/(?<!-)\bicanon\b/);
    await terminal.enter('fg');
    await terminal.waitFor('the screen', (shown) => shown.includes('5 Disk I/O'));
    await terminal.press('?');
    await terminal.waitFor('the help', (shown) => shown.includes('Help'));
    await terminal.press('q');
    await expectRestored(terminal);
  });
});

test('a terminal that goes away takes the screen and its sampler with it', async () => {
  const terminal = await Terminal.open(scratch);
  const screen = await openScreen(terminal);
  const [sampler = ''] = childrenOf(screen);
  expect(Number(sampler)).toBeGreaterThan(1);
  await terminal.close();
  for (const pid of [screen, Number(sampler)]) {
    await waitFor(`the end of ${pid}`, () => !fs.existsSync(`/proc/${pid}`));
  }
});

test('a storm of resizes ends in a screen of the last size', async () => {
  const terminal = await Terminal.open(scratch);
  await openScreen(terminal);
  for (const [columns, rows] of [
    [60, 20],
    [1, 1],
    [200, 50],
    [20, 5],
    [19, 4],
    [133, 7],
    [2, 60],
    [90, 30],
    [80, 24],
  ] as const)
    await resize(columns, rows);
  const isWhole = (screen: string): boolean =>
    screen.startsWith(' rtwatch') &&
    /q quit(?: +self .*)?\s*$/.test(screen) &&
    screen.trimEnd().split('\n').length === 24;
  const shown = await terminal.waitFor('the whole screen', isWhole);
  for (const line of shown.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  await terminal.press('?');
  await terminal.waitFor('the help', (screen) => screen.includes('Help'));
});

describe('a terminal that can do less', () => {
  test('gets ASCII where the locale is not UTF-8', async () => {
    const terminal = await Terminal.open(scratch);
    await openScreen(terminal, 'LC_ALL=C ');
    expect(await terminal.screen()).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('gets one report where it cannot move the cursor', async () => {
    const terminal = await Terminal.open(scratch);
    await terminal.enter(`TERM=dumb ${rtwatch.commandLine()}; echo ended with $?`);
    const shown = await terminal.waitFor('the report', (screen) => /^ended with \d/m.test(screen));
    expect(shown).toContain('disk I/O');
    expect(await terminal.modes()).toMatchObject({ alternateScreen: false, cursor: true });
  });
});
