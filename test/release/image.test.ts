import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { Scratch } from '../engine/scratch.ts';
import { folder as release, version } from './release.ts';
import { type Ended, runCommand, runTool } from './root.ts';
import { hasAllCapabilities, hostOption, say } from './sandbox.ts';

const file = path.join(release, `rtwatch-${version}-image.tar`);

/** --privileged, or what of it --host needs where this machine's root has not all of it to give. */
const privileged = hasAllCapabilities()
  ? ['--privileged']
  : ['--cap-add=SYS_ADMIN', '--cap-add=SYS_PTRACE', '--cap-add=DAC_READ_SEARCH', '--security-opt=seccomp=unconfined'];

describe('the image in a Docker of its own', () => {
  let scratch: Scratch;
  let engine: Engine;
  beforeAll(async () => {
    scratch = new Scratch();
    engine = await Engine.start(scratch);
    await engine.docker('load', '--input', file);
  });
  afterAll(() => scratch.close());

  const run = (...words: string[]): Ended => {
    const [options, args] = [words.slice(0, words.indexOf('--')), words.slice(words.indexOf('--') + 1)];
    const image = `rtwatch:${version}`;
    return runCommand(['docker', '--host', engine.host, 'run', '--rm', '--net=none', ...options, image, ...args]);
  };

  test('without the PID namespace of the node, check cannot tell', () => {
    const { status, stdout, stderr } = run('--', 'check');
    expect(stdout, stderr).toContain('not the host’s PID namespace');
    expect(status).toBe(3);
  });

  test('with it and --host, the node is seen with its own name, mounts and daemons, though nothing is mounted', () => {
    if (!hasAllCapabilities())
      say('this root lacks capabilities: the image is run with three of them, not --privileged');
    const command = [hostOption, 'check', '--json', '--docker-host', engine.host, '--interval', '1s'];
    const { stdout, stderr } = run('--pid=host', ...privileged, '--', ...command);
    expect(stdout, stderr).toMatch(/^\{/);
    const report = JSON.parse(stdout);
    expect(JSON.stringify(report.host)).toContain(os.hostname());
    const daemon = report.daemons.find(({ name }: { name: string }) => name === 'dockerd');
    expect(daemon.pid).toBe(engine.dockerdPid);
  });

  test('--host without privileges says what is missing', () => {
    expect(run('--pid=host', '--', '--host', 'check')).toMatchObject({
      status: 70,
      stderr: expect.stringContaining('--privileged'),
    });
  });
});

test('the archive is an OCI layout for both machines: every digest is that of its bytes', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-image-'));
  try {
    runTool('tar', ['-xf', file, '-C', folder]);
    const blobs = path.join(folder, 'blobs/sha256');
    for (const name of fs.readdirSync(blobs)) {
      expect(
        createHash('sha256')
          .update(fs.readFileSync(path.join(blobs, name)))
          .digest('hex'),
      ).toBe(name);
    }
    const blob = (digest: string) =>
      JSON.parse(fs.readFileSync(path.join(blobs, digest.slice('sha256:'.length)), 'utf8'));
    const index = JSON.parse(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'));
    const { manifests } = blob(index.manifests[0].digest);
    const machines = manifests.map(({ platform }: { platform: { architecture: string } }) => platform.architecture);
    expect(machines).toEqual(['amd64', 'arm64']);
    for (const { digest } of manifests) {
      const manifest = blob(digest);
      expect(manifest.layers).toHaveLength(1);
      expect(blob(manifest.config.digest).config.Entrypoint).toEqual(['/rtwatch']);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
