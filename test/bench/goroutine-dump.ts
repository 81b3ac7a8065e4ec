/**
 * What reading a very large goroutine dump costs: a generated `debug=2` file of a million goroutines (over a gigabyte), by
 * `rtwatch goroutines`, beside `grep -c '^goroutine '` on the same file in the same run.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const rounds = 3;
const mebibyte = 1024 * 1024;

interface Cost {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly output: string;
}

function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1_000_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-dump-'));
  const file = path.join(folder, 'goroutines.txt');
  const clear = (): void => fs.rmSync(folder, { recursive: true, force: true });
  process.once('SIGINT', () => {
    clear();
    process.exit(130);
  });
  generate(file, count);
  return measure(file, count).finally(clear);
}

async function measure(file: string, count: number): Promise<void> {
  const bytes = fs.statSync(file).size;
  const own: Cost[] = [];
  const grep: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await run(launcher, ['goroutines', '--json', file]));
    grep.push(await run('grep', ['-c', '^goroutine ', file]));
  }
  const counted = (JSON.parse(own[0]?.output ?? '{}') as { total?: number }).total;
  const grepped = Number(grep[0]?.output);
  if (counted !== count || grepped !== count)
    throw new Error(`${count} goroutines, rtwatch ${counted}, grep ${grepped}`);
  const [ours, theirs] = [medianOf(own), medianOf(grep)];
  process.stdout.write(
    [
      `${count.toLocaleString('en-US')} goroutines, ${(bytes / mebibyte).toFixed(0)} MiB; medians of ${rounds} runs in turn`,
      `rtwatch goroutines  ${speed(bytes, ours)}  peak RSS ${(ours.peakBytes / mebibyte).toFixed(0)} MiB`,
      `grep -c             ${speed(bytes, theirs)}  peak RSS ${(theirs.peakBytes / mebibyte).toFixed(0)} MiB`,
      `ratio of the times  ${(ours.seconds / theirs.seconds).toFixed(1)}`,
      '',
    ].join('\n'),
  );
}

function speed(bytes: number, { seconds }: Cost): string {
  return `${seconds.toFixed(2).padStart(6)} s  ${(bytes / 1e6 / seconds).toFixed(0).padStart(5)} MB/s`;
}

function medianOf(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

/** Runs a program to its end; its peak is what the kernel remembers of it (VmHWM). */
function run(program: string, args: readonly string[]): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let peakBytes = 0;
    const watch = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
    }, 20);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, peakBytes, output });
      else reject(new Error(`${program} ended with code ${code}`));
    });
  });
}

function peakOf(pid: number): number {
  try {
    const kib = /^VmHWM:\s*(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** A dump as a dockerd writes it that leaks on every stop: two goroutines for each request. */
function generate(file: string, count: number): void {
  const out = fs.openSync(file, 'wx');
  let chunk = '';
  for (let id = 1; id <= count; id++) {
    chunk += id % 2 === 0 ? waiter(id) : companion(id);
    if (chunk.length < mebibyte && id < count) continue;
    fs.writeSync(out, chunk);
    chunk = '';
  }
  fs.closeSync(out);
}

const root = 'github.com/docker/docker';
const hex = (id: number): string => `0xc${(id * 64).toString(16).padStart(9, '0')}`;

function waiter(id: number): string {
  const frames = [
    [`${root}/daemon.(*Daemon).Kill`, 'daemon/kill.go:161', '0x5ac'],
    [`${root}/daemon.(*Daemon).containerStop`, 'daemon/stop.go:80', '0x68f'],
    [`${root}/daemon.(*Daemon).ContainerStop`, 'daemon/stop.go:33', '0x2a7'],
    [
      `${root}/api/server/router/container.(*containerRouter).postContainersStop`,
      'api/container_routes.go:225',
      '0x209',
    ],
    [`${root}/api/server/middleware.ExperimentalMiddleware.WrapHandler.func1`, 'api/experimental.go:26', '0x185'],
    [`${root}/api/server/middleware.VersionMiddleware.WrapHandler.func1`, 'api/version.go:62', '0x60c'],
    [`${root}/pkg/authorization.(*Middleware).WrapHandler.func1`, 'api/middleware.go:59', '0x822'],
    [`${root}/api/server/middleware.DebugRequestMiddleware.func1`, 'api/debug.go:53', '0x4d8'],
    [`${root}/api/server.(*Server).makeHTTPHandler.func1`, 'api/server.go:142', '0x255'],
    ['net/http.HandlerFunc.ServeHTTP', 'net/http/server.go:2109', '0x44'],
    [`${root}/vendor/github.com/gorilla/mux.(*Router).ServeHTTP`, 'mux/mux.go:212', '0xe3'],
    ['net/http.(*conn).serve', 'net/http/server.go:1925', '0x8ad'],
  ] as const;
  const stack = frames
    .map(
      ([func, place, offset]) =>
        `${func}(${hex(id)}, 0xc0000${id % 4 === 0 ? '55b00' : 'e0490'}, 0x2, 0x0)\n\t/go/src/${place} +${offset}\n`,
    )
    .join('');
  return `goroutine ${id} [chan receive, ${id % 600} minutes]:\n${stack}created by net/http.(*Server).Serve\n\t/usr/local/go/src/net/http/server.go:2957 +0x384\n\n`;
}

function companion(id: number): string {
  const file = `/go/src/${root}/container/state.go`;
  return `goroutine ${id} [select, ${id % 600} minutes]:\n${root}/container.(*State).Wait.func1(${hex(id)}, ${hex(id + 1)})\n\t${file}:213 +0x140\ncreated by ${root}/container.(*State).Wait\n\t${file}:206 +0x19b\n\n`;
}

await main();
