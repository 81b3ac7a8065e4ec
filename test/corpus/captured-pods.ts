import fs from 'node:fs';
import path from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Subjects } from '../../src/rules/engine/rule.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { type Case, finds, quiet } from './case.ts';

const folder = path.join(import.meta.dirname, '../worlds/pods');

/** The first line of a file: after how many Samples each part ends, and what the fault is about. */
interface Marks {
  readonly before: number;
  readonly faulty: number;
  readonly after: number;
  readonly about: Partial<Subjects>;
}

interface Fault {
  /** What the node is like, after “On containerd 2.1”. */
  readonly text: string;
  readonly id: string;
  readonly mayAlso?: readonly string[];
}

const faults: Readonly<Record<string, Fault>> = {
  'frozen-volume': {
    text: 'a container of a pod does not stop, because its volume is frozen',
    id: 'unkillable-container',
    mayAlso: ['frozen-filesystem'],
  },
  'stopped-shim': {
    text: 'the list waits for a container whose shim a signal stopped during UpdateContainerResources',
    id: 'container-status-lock',
    mayAlso: ['stopped-shim', 'unkillable-container'],
  },
  'stopped-containerd': { text: 'a signal stopped containerd, and its pods run on', id: 'silent-daemon' },
  'leaked-shim': {
    text: 'the shim of a pod stays whose bundle was removed while containerd was away',
    id: 'leaked-shim',
  },
  'stuck-removal': { text: 'a pod cannot be removed, because a file of its sandbox is immutable', id: 'stuck-removal' },
};

const versions = ['1.6', '2.1'];

const read = (name: string): readonly string[] =>
  zstdDecompressSync(fs.readFileSync(path.join(folder, `${name}.ndjson.zst`)))
    .toString()
    .trimEnd()
    .split('\n');
const marksOf = (line = ''): Marks => JSON.parse(line) as Marks;

/** The first Samples of a file, up to the end of one of its parts. */
const upTo = (name: string, part: 'before' | 'faulty' | 'after') => (): readonly Sample[] => {
  const [marks, ...lines] = read(name);
  return lines.slice(0, marksOf(marks)[part]).map((line) => JSON.parse(line) as Sample);
};

const each = <T>(of: (version: string, fault: Fault, file: string) => T): T[] =>
  versions.flatMap((version) =>
    Object.entries(faults).map(([name, fault]) => of(version, fault, `containerd-${version}-${name}`)),
  );

/** Recorded by `test/engine/make-pod-worlds.ts`. */
export const capturedFaultsOfPods: readonly Case[] = each((version, { text, id, mayAlso = [] }, file) => ({
  name: `On containerd ${version} ${text}`,
  scene: upTo(file, 'faulty'),
  expected: [finds(id, marksOf(read(file)[0]).about)],
  mayAlso,
}));

export const capturedHealthyPods: readonly Case[] = [
  ...versions.map((version) =>
    quiet(
      `On containerd ${version} four pods come and go beside two that stay`,
      upTo(`containerd-${version}-healthy`, 'after'),
    ),
  ),
  ...each((version, { text }, file) =>
    quiet(`On containerd ${version}, a moment before: ${text}`, upTo(file, 'before')),
  ),
  ...each((version, { text }, file) => quiet(`On containerd ${version}, repaired: ${text}`, upTo(file, 'after'))),
];
