import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

const module = path.join(import.meta.dirname, '../../../src/cli/sampler/line-output.ts');

/** Runs a program that has an `output`; what it said on standard output, to be read or not. */
function run(script: string) {
  const head = `import { LineOutput } from ${JSON.stringify(module)};
    void process.stdout;
    const output = new LineOutput((error) => { process.stderr.write('closed: ' + error.code); process.exit(7); });`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', head + script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.err += chunk;
  });
  return { child, said };
}

test('a line that must be out is out before a hang, however much was said before', async () => {
  const { said } = run(`
    for (let n = 0; n < 20_000; n++) output.write('line ' + n + ' ' + 'x'.repeat(200) + '\\n', true);
    output.write('the last word\\n', true);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`);
  await waitFor('the last word', () => said.out.endsWith('the last word\n'));
  const numbers = said.out
    .split('\n')
    .slice(0, -2)
    .map((line) => Number(line.split(' ')[1]));
  expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
});

/** How long it waits for a reader, as `line-output.ts` says. */
const patienceMs = 1000;

test('a reader that stands still is waited for once, and gets all in its order when it goes on', async () => {
  const { child, said } = run(`
    const started = performance.now();
    for (let n = 0; n < 5000; n++) output.write(n + ' ' + 'x'.repeat(500) + '\\n', true);
    process.stderr.write(Math.round(performance.now() - started) + ' ms, ' + (output.waitingBytes > 0));
    setInterval(() => { if (output.waitingBytes === 0) process.exit(0); }, 20);`);
  child.stdout?.pause();
  await waitFor('it to go on', () => said.err.includes('ms, true'));
  const waitedMs = Number.parseInt(said.err, 10);
  expect(waitedMs).toBeGreaterThanOrEqual(patienceMs);
  // Once, not for each of its lines.
  expect(waitedMs).toBeLessThan(5000 * patienceMs);
  child.stdout?.resume();
  await waitFor('the end', () => child.exitCode !== null);
  expect(child.exitCode).toBe(0);
  expect(
    said.out
      .trimEnd()
      .split('\n')
      .map((line) => Number.parseInt(line, 10)),
  ).toEqual(Array.from({ length: 5000 }, (_, n) => n));
});

test('for a reader that stands still nothing is copied again and again', async () => {
  const { child, said } = run(`
    const fs = (await import('node:fs')).default;
    const [concat, writeSync] = [Buffer.concat, fs.writeSync];
    let copies = 0, tries = 0;
    Buffer.concat = (...args) => { copies++; return concat(...args); };
    fs.writeSync = (...args) => { tries++; return writeSync(...args); };
    for (let n = 0; n < 10; n++) output.write('x'.repeat(300_000) + '\\n', false);
    const before = tries;
    setInterval(() => { if (tries > before + 30) process.stderr.write('copies ' + copies + '.'); }, 20);`);
  child.stdout?.pause();
  await waitFor('the tries', () => said.err.includes('.'));
  // One for each line that came while others waited.
  expect(Number(/copies (\d+)\./.exec(said.err)?.[1])).toBeLessThan(10);
});

test('a reader that went away is reported', async () => {
  const { child, said } = run(`
    setInterval(() => output.write('x\\n', false), 10);`);
  await waitFor('a line', () => said.out !== '');
  child.stdout?.destroy();
  await waitFor('the end', () => child.exitCode === 7);
  expect(said.err).toBe('closed: EPIPE');
});
