import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import type { Sample } from '../../src/sample/sample.ts';
import { CriContainerd } from './cri-containerd.ts';
import { NodeWatch, type SampleSource } from './node-watch.ts';
import { type Fault, faults } from './pod-faults.ts';
import { Rtwatch } from './rtwatch.ts';
import { trimSample } from './trim-sample.ts';

/**
 * Makes `test/worlds/pods`: what rtwatch reads of a real containerd with pods, before a fault, during it and after its
 * repair. As root: `bin/node test/engine/make-pod-worlds.ts [FAULT…]`.
 */
const insideFlag = '--inside';
const folder = fileURLToPath(new URL('../worlds/pods', import.meta.url));
const healthyMs = 12_000;
const faultyMs = 4000;

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
process.exitCode = process.argv.includes(insideFlag) ? await makeAll() : await enter();

/** In namespaces of its own: no process of this machine gets into the files. */
async function enter(): Promise<number> {
  const apart = fileURLToPath(new URL('apart', import.meta.url));
  const child = spawn(
    'unshare',
    [
      ...['--pid', '--fork', '--mount', '--mount-proc', apart],
      ...[process.execPath, fileURLToPath(import.meta.url), insideFlag, ...words],
    ],
    { stdio: 'inherit' },
  );
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

async function makeAll(): Promise<number> {
  fs.mkdirSync(folder, { recursive: true });
  let failures = 0;
  for (const [version, newer] of [
    ['1.6', false],
    ['2.1', true],
  ] as const) {
    for (const [name, fault] of Object.entries(faults)) {
      if (words.length > 0 && !words.includes(name)) continue;
      try {
        await make(`containerd-${version}-${name}`, newer, fault);
      } catch (error) {
        failures++;
        process.stderr.write(`${version} ${name}: ${String(error).slice(0, 3000)}\n`);
      }
    }
  }
  return failures;
}

async function make(name: string, newer: boolean, fault: Fault): Promise<void> {
  const node = new CriContainerd(newer);
  const samples: Sample[] = [];
  const watch = new NodeWatch(recorded(new Rtwatch(node.scratch, null), samples), [
    ...['--cri', `unix://${node.socketPath}`],
    ...['--log', node.logFile],
  ]);
  try {
    await node.start();
    const pod = await node.runPod('web-0');
    await node.runContainer(pod, 'app', 'sleep 1000000');
    const broken = await node.runPod('db-0');
    const ids = await fault.prepare(node, broken);
    await watch.until(
      'the containers',
      ({ containers }) => ids.every((id) => containers?.list.some((one) => one.id === id && one.from === 'engine')),
      60_000,
    );
    await wait(healthyMs);
    const before = samples.length;
    const { about, repair } = await fault.make(node, broken, ids);
    if (fault.id !== null)
      await watch.until('the finding', (_, { findings }) => findings.some(({ id }) => id === fault.id), 90_000);
    await wait(faultyMs);
    const faulty = samples.length;
    await repair();
    if (fault.id !== null) {
      await watch.until(
        'its end',
        (model, { findings }) => {
          return findings.every(({ severity }) => severity === 'info') && model.containers?.stuck === 0;
        },
        90_000,
      );
    }
    await wait(faultyMs);
    write(name, node, { before, faulty, after: samples.length, about }, samples);
  } finally {
    await watch.close();
    await node.scratch.close();
  }
}

/** The first line says where each part ends; the others are Samples. */
function write(name: string, node: CriContainerd, marks: object, samples: readonly Sample[]): void {
  const lines = [
    JSON.stringify(marks),
    ...samples.map((sample) => JSON.stringify(trimSample(sample, node.scratch.path))),
  ];
  const text = `${lines.join('\n')}\n`;
  for (const own of [process.cwd(), node.scratch.path]) if (text.includes(own)) throw new Error(`${own} is in it`);
  const file = path.join(folder, `${name}.ndjson.zst`);
  fs.writeFileSync(file, zstdCompressSync(text, { params: { 100: 19 } }));
  process.stdout.write(`${name}: ${samples.length} samples, ${fs.statSync(file).size} bytes\n`);
}

function recorded(rtwatch: Rtwatch, samples: Sample[]): SampleSource {
  return {
    samples(...args) {
      const process = rtwatch.samples(...args);
      async function* keep(): AsyncGenerator<Sample> {
        for await (const sample of process) {
          samples.push(sample);
          yield sample;
        }
      }
      return { [Symbol.asyncIterator]: keep, close: () => process.close() };
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
