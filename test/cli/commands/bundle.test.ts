import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { CannotWrite } from '../../../src/capture/bundle/archive.ts';
import { answer, neverAnswer } from '../../collect/stand-in.ts';
import { temporaryFolder } from '../../support/world.ts';
import { BundleNode, filesOf, fluentd, modeOf, program, secret, shipper } from '../bundle-node.ts';

describe('a bundle', () => {
  test('holds the report, the Samples, dumps, inspects, stacks, mounts, control groups, log lines, units and figures', async () => {
    const node = await BundleNode.open();
    const { path: file, bytes, entries, missing } = await node.make();
    const files = await filesOf(file);
    const text = (name: string): string => files.get(name)?.text ?? `no ${name} in ${[...files.keys()].join(' ')}`;

    expect(path.basename(file)).toMatch(/^rtwatch-node-1-2\d{3}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.tar\.gz$/);
    expect(bytes).toBe(fs.statSync(file).size);
    expect(entries.map((entry) => entry.path)).toEqual([...files.keys()]);
    expect(text('report.txt')).toContain('CRITICAL');
    expect(JSON.parse(text('report.json'))).toMatchObject({ schema: 1, host: { engine: { version: '19.03.15' } } });
    expect(text('samples.ndjson.gz').split('\n').length).toBeGreaterThan(5);
    expect(text('logs/matched-lines.txt')).toContain('[stop-force]');
    expect(text('daemons/dockerd/goroutines.debug2.txt')).toMatch(/^goroutine 1 \[chan receive\]:/);
    expect(text('daemons/dockerd/heap.pb.gz')).toBe('heap of dockerd');
    expect(JSON.parse(text('engine/version.json'))).toEqual({ Version: '19.03.15' });
    expect(JSON.parse(text('engine/containers.json'))).toHaveLength(6);
    expect(JSON.parse(text(`containers/${fluentd}.json`))).toMatchObject({ Id: fluentd });
    expect(JSON.parse(text(`containers/${shipper}.json`))).toMatchObject({ Id: shipper });
    expect(text('proc/28815/stack')).toContain('percpu_rwsem_wait');
    expect(text('proc/28815/stat')).toMatch(/^28815 \(dd\) D /);
    expect(text('proc/pressure/io')).toContain('avg10=1.00');
    expect(text(`cgroup/memory/docker/${fluentd}/memory.usage_in_bytes`)).toBe('4096\n');
    expect(text('mounts/4026531832.mountinfo')).toContain(' / ');
    expect(text('units/etc/systemd/system/docker.service')).toContain('[Service]');
    expect(text('MANIFEST.txt')).toContain('daemons/dockerd/goroutines.debug2.txt');
    expect(JSON.parse(text('manifest.json'))).toMatchObject({
      schema: 1,
      hostname: 'node-1',
      withSecrets: false,
      missing,
    });
    expect(missing.map(({ what }) => what)).toContain('daemons/containerd');
  });

  test('has no secret in it, whichever way it got there, unless it is asked for', async () => {
    const node = await BundleNode.open();
    const hidden = await filesOf((await node.make()).path);
    for (const [name, { text }] of hidden) expect(text.includes(secret), name).toBe(false);
    expect(hidden.get(`containers/${fluentd}.json`)?.text).toContain('PLAIN=…');
    expect(hidden.get('units/etc/systemd/system/docker.service')?.text).toContain('Environment=HTTP_PROXY=… A=…');
    expect(hidden.get('proc/cmdline')?.text).toBe('root=/dev/vda1 iscsi_password=…\n');
    expect(hidden.get('MANIFEST.txt')?.text).toContain('Secrets are hidden');

    const shown = await filesOf((await node.make({ withSecrets: true })).path);
    for (const name of [
      `containers/${fluentd}.json`,
      'engine/info.json',
      'etc/docker/daemon.json',
      'samples.ndjson.gz',
    ]) {
      expect(shown.get(name)?.text, name).toContain(secret);
    }
    expect(shown.get('MANIFEST.txt')?.text).toContain('--with-secrets');
  });

  test('is a file of mode 0600 with files of mode 0600 in it, in a folder of mode 0700, and nothing is left beside it', async () => {
    const node = await BundleNode.open();
    const { path: file } = await node.make({ compression: 'zst', sampleMs: 300 });
    expect(file).toMatch(/\.tar\.zst$/);
    expect([modeOf(file), modeOf(node.folder)]).toEqual(['600', '700']);
    expect(fs.readdirSync(node.folder)).toEqual([path.basename(file)]);
    for (const { mode } of (await filesOf(file)).values()) expect(mode.toString(8)).toBe('600');
  });

  test('is done in time although a daemon answers nothing, and says so', async () => {
    const node = await BundleNode.open();
    for (const route of Object.keys(node.routes)) node.routes[route] = neverAnswer;
    // It ends by its deadlines, or not at all. Loading the reader of files is within them.
    const { path: file, missing } = await node.make({ patienceMs: 300, gatherMs: 10_000 });
    const because = new Map(missing.map((part) => [part.what, part.because]));
    expect(because.get('engine/version.json')).toMatch(/^no answer within [34](?:\.\d)?s$/);
    expect(because.has('daemons/dockerd/goroutines')).toBe(true);
    expect(node.engine.mostOpen, 'the sampler before, then one question at a time').toBeLessThanOrEqual(5);
    const files = await filesOf(file);
    expect(files.get('proc/28815/stack')?.text).toContain('percpu_rwsem_wait');
    expect(files.get('MANIFEST.txt')?.text).toContain('engine/version.json: no answer within');
  });

  test('reports an inspect that is not answered, and has the others', async () => {
    const node = await BundleNode.open();
    node.routes[`/containers/${shipper}/json`] = neverAnswer;
    const { path: file, missing } = await node.make();
    const files = await filesOf(file);
    expect(files.has(`containers/${fluentd}.json`)).toBe(true);
    expect(missing.find(({ what }) => what === `containers/${shipper}.json`)?.because).toMatch(/answer|open for/);
  });

  test('takes many goroutines folded, unless each is asked for', async () => {
    const node = await BundleNode.open();
    node.routes['/debug/pprof/'] = answer("<tr><td>10001</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>");
    const { entries } = await node.make({ sampleMs: 300 });
    const folded = entries.find((entry) => entry.path === 'daemons/dockerd/goroutines.debug1.txt');
    expect(folded?.note).toContain('10001 goroutines: grouped');
    const full = await node.make({ full: true, sampleMs: 300 });
    expect(full.entries.map((entry) => entry.path)).toContain('daemons/dockerd/goroutines.debug2.txt');
  });

  test('is bounded: what does not fit is named', async () => {
    const node = await BundleNode.open();
    node.routes['/debug/pprof/heap'] = answer('x'.repeat(2_000_000));
    const { missing, entries, path: file } = await node.make({ maxBytes: 1_000_000, sampleMs: 300 });
    const heap = entries.find((entry) => entry.path === 'daemons/dockerd/heap.pb.gz');
    const reason = missing.find(({ what }) => what === 'daemons/dockerd/heap.pb.gz')?.because ?? heap?.note;
    expect(reason).toMatch(/cut off at|bounded to 1000000/);
    expect((await filesOf(file)).has('MANIFEST.txt')).toBe(true);
  });

  test('gives, by its Samples, the report that is in it', async () => {
    const node = await BundleNode.open();
    const { path: file } = await node.make();
    const files = await filesOf(file);
    const samples = `${temporaryFolder()}/samples.ndjson.gz`;
    fs.writeFileSync(samples, gzipSync(files.get('samples.ndjson.gz')?.text ?? ''));
    const [command = '', ...args] = program;
    const again = spawnSync(command, [...args, 'check', '--json', '--from', samples], { encoding: 'utf8' });
    expect(again.stderr).toBe('');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(files.get('report.json')?.text ?? ''));
  });
});

describe('an archive that cannot be written', () => {
  test('for want of space is said, with what to do, and leaves nothing behind', async () => {
    const node = await BundleNode.open();
    const open = fs.openSync;
    // The kernel's own file that is always full.
    const spy = vi.spyOn(fs, 'openSync').mockImplementation((name, ...rest) => {
      const fd = open(name, ...rest);
      if (!`${name}`.endsWith('.partial')) return fd;
      fs.closeSync(fd);
      return open('/dev/full', 'w');
    });
    const failure = await node.make({ sampleMs: 300 }).catch((error: unknown) => error);
    spy.mockRestore();
    expect(failure).toBeInstanceOf(CannotWrite);
    expect(`${failure}`).toMatch(/no space left \(name another folder with --dump-dir\)/);
    expect(fs.readdirSync(node.folder)).toEqual([]);
  });

  test('for want of permission is said before anything is asked', async () => {
    const node = await BundleNode.open();
    const spy = vi.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    });
    await expect(node.make()).rejects.toThrow(/permission denied \(run as root, or name another folder/);
    spy.mockRestore();
    expect(node.engine.asked).toEqual([]);
  });

  test('because someone pressed Ctrl-C leaves nothing behind and ends with 130', async () => {
    const node = await BundleNode.open();
    const [command = '', ...args] = program;
    const child = spawn(command, [...args, 'bundle', ...node.words], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'exit');
    // Said once the file is open; on a slow machine a line before it says that it waits for one.
    for await (const text of child.stderr.setEncoding('utf8')) if (text.includes('sampling the node')) break;
    expect(fs.readdirSync(node.folder)).toEqual([expect.stringMatching(/\.partial$/)]);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(fs.readdirSync(node.folder)).toEqual([]);
  });

  test('ends the command with 74 and one line', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(`${folder}/file`, '');
    const [command = '', ...args] = program;
    const { status, stderr, stdout } = spawnSync(command, [...args, 'bundle', '--dump-dir', `${folder}/file/x`], {
      encoding: 'utf8',
    });
    expect(status).toBe(74);
    // On a slow machine a line before it says that it waits.
    expect(stderr.replace(/^rtwatch: waiting for a file in .*\n/, '')).toBe(
      `rtwatch: bundle: ${folder}/file/x cannot be written: its folder is not a directory (name another folder with --dump-dir)\n`,
    );
    expect(stdout).toBe('');
  });
});
