import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { engineNode } from './node.ts';
import type { Report } from './rtwatch.ts';
import { run, succeed } from './run.ts';

/** dockerd with its data on a filesystem of its own, which holds the image and little more. */
const node = engineNode({
  prepare: async (scratch) => {
    const image = scratch.of('docker.img');
    fs.writeFileSync(image, '');
    fs.truncateSync(image, 64 * 1024 ** 2);
    await succeed('mkfs.ext4', ['-q', '-F', '-m', '1', image]);
    fs.mkdirSync(scratch.of('docker'));
    await succeed('mount', ['-o', 'loop', image, scratch.of('docker')]);
  },
});

/** Of this node: the machine may have full filesystems of its own. */
const fullIn = ({ findings }: Report): readonly Finding[] =>
  findings.filter(
    ({ id, subjects }) => id === 'filesystem-full' && subjects.mounts.includes(node.scratch.of('docker')),
  );

test('a data root that is full is found with its device; before and after it is not', async () => {
  const dataRoot = node.scratch.of('docker');
  expect(fullIn(await node.rtwatch.check())).toEqual([]);

  // Until nothing more fits, what is kept for root included.
  const filler = `${dataRoot}/filler`;
  onTestFinished(() => fs.rmSync(filler, { force: true }));
  const filled = await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
  expect(filled.stderr).toContain('No space left');
  await node.rtwatch.checkUntil('a full filesystem', (report) => {
    expect(fullIn(report)).toMatchObject([
      {
        severity: 'critical',
        title: expect.stringContaining(`${dataRoot} is full`),
        subjects: { mounts: [dataRoot], devices: [expect.stringMatching(/^\/dev\/loop\d+$/)] },
      },
    ]);
    return true;
  });

  fs.rmSync(filler);
  expect(fullIn(await node.rtwatch.check())).toEqual([]);
});

test('a data root without inodes is found, with its space free', async () => {
  const dataRoot = node.scratch.of('docker');
  const files = `${dataRoot}/files`;
  const empty = (): void => fs.rmSync(files, { recursive: true, force: true });
  onTestFinished(empty);
  fs.mkdirSync(files);
  await run('sh', ['-c', `i=0; while : > ${files}/$i; do i=$((i+1)); done`]);
  await node.rtwatch.checkUntil('a filesystem without inodes', (report) => {
    expect(fullIn(report)).toMatchObject([{ title: expect.stringContaining('out of inodes') }]);
    return true;
  });

  empty();
  expect(fullIn(await node.rtwatch.check())).toEqual([]);
});
