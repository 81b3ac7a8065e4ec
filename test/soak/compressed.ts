import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Notices } from '../../src/app/notices.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { PastRing } from '../../src/timeline/past-ring.ts';
import { RecordingWriter } from '../../src/wire/recording/writer.ts';
import { SampleDecoder } from '../../src/wire/sample-decoder.ts';
import { SampleEncoder } from '../../src/wire/sample-encoder.ts';
import { DayNode, pollSeconds } from './day-node.ts';

/** After all that nothing refers to was given back. */
export interface HourLook {
  readonly hour: number;
  readonly heapBytes: number;
  /** Outside of the heap, buffers. */
  readonly bufferBytes: number;
  /** What the last hour of the screen says that it holds. */
  readonly pastBytes: number;
  /** Findings that are open, and those that are kept after they were resolved. */
  readonly findings: number;
  /** CPU time since the beginning. */
  readonly cpuSeconds: number;
}

export interface CompressedOptions {
  readonly hours: number;
  readonly seed: number;
  readonly onLook: (look: HourLook) => void;
  /** Hours after which a heap snapshot is written into this folder; none where it is null. */
  readonly snapshots: string | null;
}

const hourSeconds = 3600;
const flushSeconds = 200;
/** Of a recording that is limited: its parts are replaced several times in the run. */
const recordingBytes = 24 * 2 ** 20;

/**
 * A day of a node's Samples without waiting: over the pipe's lines, through model, rules and findings, into the screen's last hour and
 * into a limited recording, which the key `r` would write.
 */
export async function compressed({ hours, seed, onLook, snapshots }: CompressedOptions): Promise<readonly HourLook[]> {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-day-'));
  try {
    const node = new DayNode(seed);
    const [encoder, decoder] = [new SampleEncoder(), new SampleDecoder()];
    const [follower, ring] = [new NodeFollower(), new PastRing()];
    const writer = new RecordingWriter(`${folder}/day.zst`, { maxBytes: recordingBytes, maxAgeMs: null });
    const notices = new Notices();
    const looks: HourLook[] = [];
    for (let second = 0; second < hours * hourSeconds; second += pollSeconds) {
      const sample = decoder.decode(encoder.encode(node.second(second)));
      ring.take(sample, follower);
      follower.take(sample);
      writer.add(sample);
      const { verdicts } = follower.judge();
      notices.take(verdicts, null);
      if (second % flushSeconds === 0) await writer.flush();
      if ((second + pollSeconds) % hourSeconds !== 0) continue;
      await writer.flush();
      for (let turn = 0; turn < 3; turn++) collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      const look: HourLook = {
        hour: (second + pollSeconds) / hourSeconds,
        heapBytes: heapUsed,
        bufferBytes: arrayBuffers,
        pastBytes: ring.bytes,
        findings: verdicts.findings.length + (verdicts.resolved?.length ?? 0),
        cpuSeconds: process.cpuUsage().user / 1e6,
      };
      looks.push(look);
      onLook(look);
      if (snapshots !== null) v8.writeHeapSnapshot(path.join(snapshots, `hour-${look.hour}.heapsnapshot`));
    }
    await writer.close();
    return looks;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
