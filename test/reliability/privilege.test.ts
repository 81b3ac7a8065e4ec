import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainTcpWarning } from '../../src/cli/options/plain-tcp.ts';
import { answer, StandIn } from '../collect/stand-in.ts';
import { Tree, temporaryFolder } from '../support/world.ts';

const root = path.join(import.meta.dirname, '../..');
const launcher = path.join(root, 'bin/rtwatch');

/** As nobody; where nobody may not even read the program, as a root that may do nothing; as it is for anyone else. */
const asNobody = ((): string[] => {
  if (process.getuid?.() !== 0) return [];
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
  const [program = '', ...words] = [...nobody, launcher, '--version'];
  if (spawnSync(program, words).status === 0) return nobody;
  return ['setpriv', '--inh-caps=-all', '--bounding-set=-all'];
})();

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing can be typed, and there is no terminal to ask at. */
function runAsNobody(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const [program = '', ...words] = [...asNobody, launcher, ...args];
  const child = spawn(program, words, {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    detached: true,
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

/**
 * A healthy node, so that nothing is found whatever the machine of the tests is busy with, and an engine that this user may
 * not ask, though it is there and answers.
 */
async function forbiddenEngine(): Promise<string[]> {
  const tree = new Tree().process(1, { comm: 'systemd' }).process(700, { comm: 'dockerd' });
  fs.chmodSync(tree.rootfs, 0o755);
  const engine = await StandIn.listen({ '/_ping': answer('OK') }, `${tree.rootfs}/s`);
  fs.chmodSync(engine.socketPath, 0);
  const { procfs, sysfs, rootfs } = tree.roots;
  return ['--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs, '--docker-host', engine.url];
}

interface Reported {
  readonly sources: readonly { readonly name: string; readonly status: string; readonly detail: string | null }[];
  readonly unknown: readonly { readonly id: string; readonly because: string; readonly remedy: string | null }[];
}

describe('without root', () => {
  test('it runs, says what it may not see, why, and what to do; and that it does not know', async () => {
    const node = await forbiddenEngine();
    const { status, stdout, stderr } = await runAsNobody(['check', '--json', ...node]);
    expect([status, stderr]).toEqual([3, '']);
    const { sources, unknown } = JSON.parse(stdout) as Reported;
    const source = (name: string): Reported['sources'][number] | undefined => sources.find((one) => one.name === name);
    expect(source('containers')).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/permission denied \(run as root\)/),
    });
    expect(source('processes')).toMatchObject({ status: 'ok' });
    expect(unknown.filter(({ because }) => because.startsWith('containers:')).map(({ remedy }) => remedy)).toContain(
      'run as root',
    );
  });

  test('the report for people says the same, and asks for no password', async () => {
    const node = await forbiddenEngine();
    const { status, stdout, stderr } = await runAsNobody(['check', ...node]);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^containers +failed: .*permission denied \(run as root\)$/m);
    expect(stdout).toMatch(/unknown: .*; to find out: run as root/);
    expect(stdout + stderr).not.toMatch(/password|sudo/i);
  });

  test('what only an engine can do says why it cannot', async () => {
    const node = await forbiddenEngine();
    const { status, stderr } = await runAsNobody(['inspect', 'abc', ...node]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^rtwatch: inspect of abc: .*permission denied \(run as root\)\n$/);
  });
});

describe('an engine over the network without TLS', () => {
  const warning = (dockerHost: string, env: NodeJS.ProcessEnv = {}): string | null =>
    plainTcpWarning({ dockerHost, rootfs: '/' }, { HOME: '/nonexistent', ...env });

  test('is warned of, wherever it was named', () => {
    expect(warning('tcp://192.0.2.7:2375')).toMatch(/tcp:\/\/192\.0\.2\.7:2375 has no TLS.*ssh:\/\//);
    expect(warning('http://node-7:2375')).toContain('has no TLS');
    expect(plainTcpWarning({ rootfs: '/' }, { DOCKER_HOST: 'tcp://node-7' })).toContain('tcp://node-7');
  });

  test('is not where no one is on the way, where there is TLS, or where it is nonsense', () => {
    for (const url of [
      'unix:///run/docker.sock',
      'ssh://root@node-7',
      'tcp://127.0.0.1:2375',
      'tcp://localhost',
      'tcp://[::1]:1',
    ])
      expect(warning(url), url).toBeNull();
    const folder = temporaryFolder();
    for (const name of ['ca.pem', 'cert.pem', 'key.pem']) fs.writeFileSync(`${folder}/${name}`, '');
    expect(warning('tcp://node-7', { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder })).toBeNull();
    expect(warning('carrier-pigeon://node-7')).toBeNull();
  });

  test('is warned of on standard error, once, with the report where it belongs', () => {
    const folder = temporaryFolder();
    // Nothing is there to look at, and nothing is asked.
    const off = ['containers', 'daemons', 'stacks', 'host'].flatMap((name) => ['--disable', name]);
    const roots = ['--procfs', folder, '--sysfs', folder, '--rootfs', folder];
    const { stderr, stdout }: SpawnSyncReturns<string> = spawnSync(
      launcher,
      ['check', '--json', '--docker-host', 'tcp://192.0.2.7:2375', ...off, ...roots],
      { encoding: 'utf8', timeout: 100_000 },
    );
    expect(stderr.match(/has no TLS/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1 });
  });
});

describe('the program itself', () => {
  const sources = fs
    .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ name, text: fs.readFileSync(path.join(root, 'src', name), 'utf8') }));
  const matching = (pattern: RegExp): string[] =>
    sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

  test('gives no shell a text: it starts programs with their words, one by one', () => {
    expect(sources.length).toBeGreaterThan(200);
    const imported = sources.flatMap(
      ({ text }) => /import \{([^}]*)\} from 'node:child_process'/.exec(text)?.[1]?.split(',') ?? [],
    );
    expect(new Set(imported.map((name) => name.replace('type', '').trim()).filter(Boolean))).toEqual(
      new Set(['spawn', 'ChildProcess', 'SpawnOptions']),
    );
    expect(matching(/['"]child_process['"]|\* as \w+ from 'node:child_process'|require\(/)).toEqual([]);
    const shells = matching(/\bshell:\s*(?:true|['"`])|\[?['"](?:\/bin\/)?(?:ba|da|z)?sh['"],? ?\[?['"]-\w*c/);
    // The reader's own command line, with which the fleet screen opens a node: `test/fleet/node-command.test.ts` has the names it takes.
    // So does `rtwatch remote`. The notice of a killed screen is a text without anything put into it, read by sh.
    const known = ['app/terminal/killed-notice.tsx', 'cli/nodes/node-opener.ts', 'cli/commands/remote.ts'];
    expect(shells.filter((name) => !known.includes(name))).toEqual([]);
    expect(matching(/\beval\(|new Function\(/)).toEqual([]);
  });

  test('listens nowhere but where its exporter was told to', () => {
    const listeners = matching(/\.listen\(|createServer\(|createSocket\(|new (?:net|http)\.Server/);
    expect(listeners.filter((name) => !name.startsWith('cli/export/'))).toEqual([]);
  });

  test('never writes into a file that is there, nor through a link, nor one that others may read', () => {
    const writers = matching(
      /\bfs\.(?:promises\.)?(?:writeFile|appendFile|copyFile|cp|truncate|chmod|chown|symlink)(?:Sync)?\(/,
    );
    // For node_exporter, which reads as another user: a new file with flag wx, which then takes the place of the old one.
    // The sampler offers itself first when memory ends: /proc/self/oom_score_adj.
    const known = ['cli/children/write-textfile.ts', 'cli/commands/sample.ts'];
    expect(writers.filter((name) => !known.includes(name))).toEqual([]);
    const opened = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/(?:openSync|promises\.open|createWriteStream)\(([^\n]*)/g)].map(([, call = '']) => ({
        name,
        call,
      })),
    );
    const forWriting = opened.filter(({ call }) => !/'r'|O_RDONLY|\bpathOnly\b/.test(call) && !/\{ fd\b/.test(call));
    expect(forWriting.length).toBeGreaterThan(2);
    for (const { name, call } of forWriting) expect(call, name).toMatch(/(?:'wx'|O_EXCL).*0o600/);
    const folders = sources.flatMap(({ text }) =>
      [...text.matchAll(/mkdirSync\(([^\n]*)/g)].map(([, call = '']) => call),
    );
    for (const call of folders) expect(call).toContain('mode: 0o700');
  });
});
