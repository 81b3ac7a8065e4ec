import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { probeKeys } from '../reliability/keys.ts';
import { Pty } from '../reliability/pty.ts';
import { samplersOf } from '../reliability/samplers.ts';
import { waitFor } from '../support/wait-for.ts';
import { isRunning, type Process, processOf } from './proc.ts';
import { launcher } from './rtwatch.ts';
import { toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

/** A filesystem that answers nothing holds up whoever looks into it, in D once it was killed: no signal ends the sampler. */
let scratch: Scratch;
let server: ChildProcess;
let pty: Pty;
let folder: string;
const seen = new Map<number, Process>();

beforeAll(() => {
  scratch = new Scratch();
});

afterAll(() => scratch?.close());

beforeEach(async () => {
  seen.clear();
  // A new one for each try: what the last try left mounted answers nothing.
  folder = fs.mkdtempSync(scratch.of('dead-'));
  const script = fileURLToPath(new URL('silent-server.ts', import.meta.url));
  server = spawn(process.execPath, [script, folder], { env: toolEnv(), stdio: ['pipe', 'pipe', 'inherit'] });
  const mounted = Promise.withResolvers<void>();
  server.stdout?.once('data', () => mounted.resolve());
  server.once('exit', () => mounted.reject(new Error('the filesystem could not be mounted')));
  await mounted.promise;
  pty = await Pty.open(scratch.path, [
    launcher,
    ...['--docker-host', 'unix:///none.sock', '--log', `${folder}/var/log/messages`],
  ]);
});

afterEach(async () => {
  server.kill('SIGKILL');
  pty?.close();
  await waitFor('the samplers to end with the filesystem', () => [...seen.values()].every((each) => !isRunning(each)));
});

test('a sampler in D is named and replaced, the keys answer, and quitting leaves it without waiting', async () => {
  // A wait for the read has no end, as long as the filesystem is there: whatever is answered did not wait for it.
  await probeKeys(pty);
  const stuck = (): Process[] => [...seen.values()].filter(({ pid }) => processOf(pid)?.state === 'D');
  await waitFor(
    'a sampler that goes on without the log',
    async () => {
      await probeKeys(pty);
      for (const each of samplersOf(pty.pid)) seen.set(each.pid, each);
      // A sampler that is silent is killed a moment later: only then is it in D.
      return /quarantined because|does not (?:answer|respond)/.test(pty.drawnSince(0)) && stuck().length > 0;
    },
    { timeoutMs: 120_000 },
  );
  for (const each of samplersOf(pty.pid)) seen.set(each.pid, each);
  pty.press('q');
  await waitFor('the end', () => !pty.isOpen);
  expect(pty.exitCode).toBe(0);
  // What is left waits in the kernel: it has its SIGKILL already.
  const canEnd = (): Process[] =>
    [...seen.values()].filter((each) => isRunning(each) && processOf(each.pid)?.state !== 'D');
  await waitFor('the end of all that can be ended', () => canEnd().length === 0);
});
