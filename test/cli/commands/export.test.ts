import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
let folder = '';
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-export-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('close', resolve));
  }
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A node without a process, so that the machine that runs the tests is not looked at. */
function emptyNode(): string[] {
  const procfs = path.join(folder, 'proc');
  fs.mkdirSync(procfs, { recursive: true });
  fs.writeFileSync(`${procfs}/uptime`, '5000.00 9000.00\n');
  fs.writeFileSync(`${procfs}/stat`, 'cpu0 1 0 0 0 0 0 0 0 0 0\nbtime 1795000000\nprocs_blocked 0\n');
  return ['--procfs', procfs, '--sysfs', procfs, '--rootfs', procfs, '--docker-host', `unix://${folder}/none.sock`];
}

interface Exporter {
  readonly url: string;
  readonly said: () => string;
  /** Sends the signal; the exit code, or the signal that killed it. */
  readonly stop: (signal: NodeJS.Signals) => Promise<unknown>;
}

async function startExport(...args: string[]): Promise<Exporter> {
  const child = spawn(launcher, ['export', '--listen', '127.0.0.1:0', ...args, ...emptyNode()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const over = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
  const url = await waitFor('the address', () => /metrics at (http\S+)\/metrics/.exec(said)?.[1], {
    detail: () => said,
  });
  return {
    url,
    said: () => said,
    stop: (signal) => {
      child.kill(signal);
      return over;
    },
  };
}

const textOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

const refused = (...args: string[]): { code: number | null; err: string } => {
  const { status, stderr } = spawnSync(launcher, ['export', ...args, ...emptyNode()], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, err: stderr };
};

describe('rtwatch export', () => {
  test('answers at once, and with the node as soon as it is sampled; Ctrl-C ends it', async () => {
    const { url, stop } = await startExport();
    const first = await (await fetch(`${url}/metrics`)).text();
    expect(first).toMatch(/^rtwatch_sampler_up [01]$/m);
    await waitFor('the node', async () => (await fetch(`${url}/readyz`)).ok);
    const text = await waitFor('a sampler that responds', async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return (
        /^rtwatch_sampler_up 1$/m.test(metrics) &&
        /^rtwatch_source_up\{source="processes"\} 1$/m.test(metrics) &&
        metrics
      );
    });
    expect(text).toMatch(/^rtwatch_build_info\{version="[^"]+"\} 1$/m);
    expect(text).toMatch(/^rtwatch_own_cpu_seconds_total\{process="sampler"\} [\d.]+$/m);
    expect(await stop('SIGINT')).toBe(130);
  });

  test('refuses a port that is in use', async () => {
    const { url } = await startExport();
    const taken = refused('--listen', new URL(url).host);
    expect(taken).toEqual({ code: 64, err: expect.stringContaining('the port is in use. Stop what listens there') });
  });

  test('records beside the metrics with one sampler, and ends with SIGTERM as a service does', async () => {
    const into = path.join(folder, 'recordings');
    const { url, said, stop } = await startExport('--record', into);
    await waitFor('the recorder', async () => /^rtwatch_recorder_up 1$/m.test(await textOf(url)));
    expect(await stop('SIGTERM')).toBe(0);
    expect(said()).toContain(`recording to ${into}/rtwatch-`);
    expect(fs.readdirSync(into)).toEqual([expect.stringMatching(/^rtwatch-.*\.zst$/)]);
  });

  test('writes a textfile instead of listening', async () => {
    const child = spawn(launcher, ['export', '--textfile', folder, ...emptyNode()], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.push(child);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const file = path.join(folder, 'rtwatch.prom');
    await waitFor(
      'the file',
      () => fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('rtwatch_sampler_up'),
    );
    await waitFor('where they are', () => said.includes(`rtwatch: metrics at ${folder}. Ctrl-C stops it\n`));
    const over = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    expect(await over).toBe(0);
    expect(fs.existsSync(file)).toBe(false);
  });

  test('of a textfile in no directory is an error of writing', () => {
    const { code, err } = refused('--textfile', path.join(folder, 'none'));
    expect({ code, err }).toEqual({
      code: 74,
      // Nothing is said to be there that is not.
      err: expect.stringMatching(/^rtwatch: \S+rtwatch\.prom cannot be written: there is no directory/),
    });
  });
});
