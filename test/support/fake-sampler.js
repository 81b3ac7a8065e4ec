/**
 * A program that stands for `rtwatch sample` in tests of whoever runs it. What it does is the word in FAKE_SAMPLER:
 * `ticks` for ever, `ends` after a Sample, `hangs` after saying what it reads, `complains` of its options, writes `garbage`, or
 * `locks`: every mountinfo hangs, of one process after the other, until the file FAKE_SAMPLER_LOG.healed is there.
 * It leaves a line with its arguments in the file FAKE_SAMPLER_LOG at each start, and another before it hangs.
 */
// Plain JavaScript: to take the types out at each start costs more than all else that it does.
import fs from 'node:fs';

const log = process.env['FAKE_SAMPLER_LOG'];
const mode = process.env['FAKE_SAMPLER'];
if (log !== undefined) fs.appendFileSync(log, `${process.pid} ${process.argv.slice(2).join(' ')}\n`);

let seq = 0;
const say = (change = {}) => {
  const sample = {
    v: 1,
    seq: seq++,
    at: Date.now(),
    monoMs: Number(process.hrtime.bigint() / 1_000_000n),
    readings: {},
    sampler: { pid: process.pid, cpuMs: 1, rssBytes: 1 },
    ...change,
  };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
};

/** A read that hangs in the kernel: nothing happens any more, and no signal but SIGKILL is heard. */
const hang = () => {
  if (log !== undefined) fs.appendFileSync(log, `${process.pid} hangs\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

const careful = process.argv.includes('--announce-all');
const left = process.argv.includes('--avoid');

switch (mode) {
  case 'ends':
    say();
    break;
  case 'complains':
    process.stderr.write('rtwatch: docker host "x" is not of the form unix:///path\n');
    process.exitCode = 64;
    break;
  case 'garbage':
    process.stdout.write('this is not a sample\n');
    setInterval(() => {}, 1000);
    break;
  case 'hangs':
    say();
    say({ begin: { source: 'processes', ...(careful ? { path: '/proc/4242/cgroup' } : {}) } });
    if (!left) hang();
    setInterval(say, 100);
    break;
  case 'locks': {
    const isDisabled = process.argv.some((word, index) => word === 'mounts' && process.argv[index - 1] === '--skip');
    const pid = process.argv.filter((word) => word === '--avoid').length + 1;
    say();
    if (!isDisabled && !fs.existsSync(`${log}.healed`)) {
      say({ begin: { source: 'mounts', ...(careful ? { path: `/proc/${pid}/mountinfo` } : {}) } });
      hang();
    }
    const mounts = isDisabled ? {} : { mounts: { status: 'failed', detail: 'read' } };
    setInterval(() => say({ readings: mounts }), 100);
    break;
  }
  default:
    say();
    setInterval(say, 100);
}
