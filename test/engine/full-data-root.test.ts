import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { waitFor } from '../support/wait-for.ts';
import { Engine } from './engine.ts';
import { Rtwatch } from './rtwatch.ts';
import { run, succeed } from './run.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let dataRoot: string;
let rtwatch: Rtwatch;

/** dockerd with its data on a filesystem of its own, which holds the image and little more. */
beforeAll(async () => {
  scratch = new Scratch();
  dataRoot = scratch.of('docker');
  const image = scratch.of('docker.img');
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 64 * 1024 ** 2);
  await succeed('mkfs.ext4', ['-q', '-F', '-m', '1', image]);
  fs.mkdirSync(dataRoot);
  await succeed('mount', ['-o', 'loop', image, dataRoot]);
  const engine = await Engine.start(scratch);
  rtwatch = new Rtwatch(scratch, engine);
});

afterAll(() => scratch?.close());

const found = async (): Promise<readonly Finding[]> =>
  (await rtwatch.check()).findings.filter(({ id }) => id === 'filesystem-full');

/** On a busy machine dockerd can say later than a report waits where its data root is. */
const untilFound = (): Promise<readonly Finding[]> =>
  waitFor('a full filesystem', async () => {
    const findings = await found();
    return findings.length > 0 && findings;
  });

test('a data root that is full is found with its device; before and after it is not', async () => {
  expect(await found()).toEqual([]);

  // Until nothing more fits, what is kept for root included.
  const filled = await run('dd', ['if=/dev/zero', `of=${dataRoot}/filler`, 'bs=64k']);
  expect(filled.stderr).toContain('No space left');
  const full = await untilFound();

  expect(full).toMatchObject([
    {
      severity: 'critical',
      title: expect.stringContaining(`${dataRoot} is full`),
      subjects: { mounts: [dataRoot], devices: [expect.stringMatching(/^\/dev\/loop\d+$/)] },
    },
  ]);

  fs.rmSync(`${dataRoot}/filler`);
  expect(await found()).toEqual([]);
});

test('a data root without inodes is found, with its space free', async () => {
  fs.mkdirSync(`${dataRoot}/files`);
  const fill = `i=0; while : > ${dataRoot}/files/$i; do i=$((i+1)); done`;
  await run('sh', ['-c', fill]);
  const full = await untilFound();
  await succeed('rm', ['-rf', `${dataRoot}/files`]);

  expect(full).toMatchObject([{ title: expect.stringContaining('out of inodes'), subjects: { mounts: [dataRoot] } }]);
  expect(await found()).toEqual([]);
});
