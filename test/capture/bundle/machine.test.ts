import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gatherMachine } from '../../../src/capture/bundle/machine.ts';
import { BundleParts } from '../../../src/capture/bundle/parts.ts';
import { program } from '../../cli/bundle-node.ts';

const gathered = async (command: readonly string[], deadlineMs: number) => {
  const files = new Map<string, string>();
  const add = async (file: string, bytes: Uint8Array): Promise<void> =>
    void files.set(file, Buffer.from(bytes).toString());
  const parts = new BundleParts({ add }, 1_000_000);
  await gatherMachine(parts, command, deadlineMs);
  return { files, missing: parts.missing };
};

describe('the machine in a bundle', () => {
  test('is named, without what identifies this one among others', async () => {
    const { files, missing } = await gathered([...program, 'bundle-machine'], 60_000);
    expect(missing).toEqual([]);
    const text = files.get('machine.json') ?? '';
    expect(JSON.parse(text)).toMatchObject({
      os: { kernel: fs.readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim() },
      cpu: { cores: expect.any(Number) },
    });
    expect(text).not.toMatch(/serial|uuid/i);
  });

  test('is missing with the reason when reading it hangs or fails', async () => {
    expect((await gathered(['sleep', '600'], 10)).missing).toEqual([
      { what: 'machine.json', because: 'reading it hangs' },
    ]);
    expect((await gathered(['/nowhere/node'], 60_000)).missing).toEqual([
      { what: 'machine.json', because: 'spawn /nowhere/node ENOENT' },
    ]);
    const failing = await gathered(['sh', '-c', 'echo no memory >&2; exit 1'], 60_000);
    expect(failing.missing).toEqual([{ what: 'machine.json', because: 'no memory' }]);
    expect(failing.files.size).toBe(0);
  });
});
