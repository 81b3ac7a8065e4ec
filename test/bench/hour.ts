/**
 * What an hour leaves in the memory of the screen: the Samples of 3,600 polls of a node on which as many processes are blocked or
 * dead as a Sample holds (500), and a tenth of them is replaced each second, through the same follower, ring and frame as the live screen, without waiting.
 *
 *     bin/node --expose-gc --max-semi-space-size=1 test/bench/hour.ts [--seconds 3600] [--processes 500] [--without-ring]
 */
import type { ProcessValue } from '../../src/sample/processes.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { PastRing } from '../../src/timeline/past-ring.ts';
import * as make from '../support/samples.ts';
import { scriptArguments } from '../support/script-arguments.ts';

const { values } = scriptArguments({
  options: {
    seconds: { type: 'string', default: '3600' },
    processes: { type: 'string', default: '500' },
    'without-ring': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const count = Number(values.processes);
const mebibyte = 1024 ** 2;

const collect = globalThis.gc;
if (collect === undefined) throw new Error('run it with --expose-gc');

let nextPid = 1000;
let list: ProcessValue[] = Array.from({ length: count }, () => newProcess());

const follower = new NodeFollower();
const ring = values['without-ring'] ? null : new PastRing();
console.log('minute  heap MiB  outside MiB  RSS MiB  past, MiB');
for (let second = 0; second < seconds; second++) {
  if (second % (seconds / 12) === 0) report(second);
  for (const sample of poll(second)) {
    ring?.take(sample, follower);
    follower.take(sample);
  }
  follower.judge();
}
report(seconds);
console.log(`${(process.cpuUsage().user / 1000 / seconds).toFixed(1)} ms of CPU a second of the node`);

function newProcess(): ProcessValue {
  const pid = nextPid++;
  const change = { starttime: pid * 3, comm: `worker-${pid % 97}`, containerId: make.idOf((pid % 4096).toString(16)) };
  return pid % 2 === 0 ? make.zombie(pid, change) : make.blocked(pid, change);
}

function poll(second: number): Sample[] {
  const replaced = Math.floor(count / 10);
  list = [...list.slice(replaced), ...Array.from({ length: replaced }, () => newProcess())];
  // As the sampler sends it: text of its own, no object of the second before.
  const readings = { processes: ok(make.processes(list, { uptimeSeconds: 3_542_500 + second, total: count }), 20) };
  return [JSON.parse(JSON.stringify(make.sampleAt(second, readings))) as Sample];
}

function report(second: number): void {
  collect?.();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const columns = [heapUsed, external + arrayBuffers, rss, ring?.bytes ?? 0].map((bytes) =>
    (bytes / mebibyte).toFixed(1),
  );
  console.log([String(Math.round(second / 60)).padStart(6), ...columns.map((text) => text.padStart(9))].join(' '));
}
