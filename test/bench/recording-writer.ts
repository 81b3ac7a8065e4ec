/**
 * CPU time of the process that writes a recording, for a node with 500 containers at a Sample a second:
 *
 *     bin/node test/bench/recording-writer.ts [--seconds 60] [--against OTHER/main.js]
 *
 * With `--against` the writer of another build gets the same Samples in the same seconds, in the form it had until long lists
 * were omitted: whole Samples, each after its head.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerValue } from '../../src/sample/containers.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { encodeSample } from '../../src/wire/ndjson.ts';
import { SampleEncoder } from '../../src/wire/sample-encoder.ts';
import * as make from '../support/samples.ts';
import { scriptArguments } from '../support/script-arguments.ts';

const { values } = scriptArguments({ options: { seconds: { type: 'string' }, against: { type: 'string' } } });
const seconds = Number(values.seconds ?? 60);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-'));
/** Of `proc_pid_stat(5)`; Linux has had no other value for decades. */
const msPerTick = 10;

interface Writer {
  readonly name: string;
  readonly child: ChildProcess;
  readonly line: (sample: Sample) => string;
}

const calmOnes = new Map<string, ContainerValue>();
const encoder = new SampleEncoder();
const writers = [
  writer('this build', path.join(import.meta.dirname, '../../dist/main.js'), (sample) => encoder.encode(sample)),
  ...(values.against === undefined ? [] : [writer('the other build', values.against, lineWithHead)]),
];
// Loading is not measured.
await sleep(4000);
const before = writers.map(cpuMs);
let bytes = 0;
for (let second = 0; second < seconds; second++) {
  for (const sample of node(second)) {
    for (const { child, line } of writers) child.stdin?.write(line(sample));
    bytes += encodeSample(sample).length;
  }
  await sleep(1000);
}
await sleep(2500);
for (const [i, one] of writers.entries()) {
  const ms = cpuMs(one) - (before[i] ?? 0);
  const file = fs.statSync(path.join(folder, `${i}.zst`)).size;
  console.log(
    `${one.name}: ${(ms / seconds).toFixed(2)} ms of CPU a second, ${ms} ms in all; the file has ${file} bytes`,
  );
  one.child.stdin?.end();
}
console.log(`${Math.round(bytes / seconds / 1000)} kB of Samples a second, for ${seconds} s`);
await Promise.all(writers.map(({ child }) => new Promise((resolve) => child.once('exit', resolve))));
fs.rmSync(folder, { recursive: true });

function writer(name: string, main: string, line: (sample: Sample) => string): Writer {
  const file = path.join(folder, `${name === 'this build' ? 0 : 1}.zst`);
  const child = spawn(process.execPath, [main, 'write-recording', '--', file], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return { name, child, line };
}

function lineWithHead(sample: Sample): string {
  const { at, monoMs, readings } = sample;
  const heads = Object.fromEntries(Object.keys(readings).map((name) => [name, []]));
  return `${JSON.stringify({ at, monoMs, readings: heads })}\t${encodeSample(sample)}`;
}

function cpuMs({ child }: Writer): number {
  const fields = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** The same object each time, as the sampler's lines give it. */
function calm(id: string, i: number): ContainerValue {
  const known = calmOnes.get(id) ?? make.container(id, `web-${i}`);
  calmOnes.set(id, known);
  return known;
}

/** The lines of one second: those that announce a read, and the readings as they come. */
function* node(second: number): Generator<Sample> {
  for (let line = 0; line < 8; line++) yield make.sampleAt(second, {}, { begin: { source: 'processes' } });
  const ids = Array.from({ length: 500 }, (_, i) => make.idOf(i.toString(16).padStart(4, '0')));
  yield make.sampleAt(second, {
    processes: ok(make.processes(ids.slice(0, 50).map((_, i) => make.zombie(i + second))), 10),
    disks: ok(make.disks(Array.from({ length: 12 }, (_, i) => make.disk(`sd${i}`, { reads: second * i }))), 1),
    cgroups: ok(
      make.cgroups({ groups: ids.slice(0, 200).map((id, i) => make.cgroup(`docker/${id}${i * second}`)) }),
      5,
    ),
  });
  if (second % 2 === 0)
    yield make.sampleAt(second, { shims: ok(make.shims({ shims: ids.map((_, i) => make.shim(i)) }), 5) });
  const inspect = ok(make.inspected({}), second);
  const list = ids.map((id, i) => (i % 60 === second % 60 ? make.container(id, `web-${i}`, { inspect }) : calm(id, i)));
  yield make.sampleAt(second, { containers: ok(make.containers(list), 10) });
  if (second % 10 > 0) return;
  const namespaces = ids.map((_, i) =>
    make.namespace(`${4_026_531_840 + i}`, [make.mount(`/var/lib/docker/overlay2/${i}/merged`)]),
  );
  yield make.sampleAt(second, { mounts: ok(make.mounts(namespaces), 50) });
}
