import { describe, expect, test } from 'vitest';
import { absent, ok } from '../../../../src/sample/reading.ts';
import type { ViewState } from '../../../../src/view/terminal/state/state.ts';
import { paneText, screenText } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import { modelOf, slowDisk } from '../../../support/scenes.ts';

const snapshot = (name: string): string => `../../../../snapshots/terminal/disks/${name}.txt`;
const slow = modelOf(slowDisk);

describe('the pane of disks on a node whose disk is slow', () => {
  test.each(['60x10', '80x14', '120x16', '120x30'])('matches its snapshot at %s', async (size) => {
    await expect(paneText('disks', slow, size)).toMatchFileSnapshot(snapshot(`slow-disk.${size}`));
  });

  test('matches its snapshot on a low screen', async () => {
    await expect(paneText('disks', slow, '80x4', true)).toMatchFileSnapshot(snapshot('slow-disk.80x4'));
  });

  test('shows the top writers only where there is room for more than the disks', () => {
    expect(paneText('disks', slow, '120x30')).toMatch(/postgres +web-1/);
    expect(paneText('disks', slow, '120x10')).not.toContain('postgres');
  });

  test('alone on a large screen has every writer that is known', () => {
    const [writer] = slow.writers?.list ?? [];
    if (slow.writers === null || writer === undefined) throw new Error('the scene has no writer');
    const list = Array.from({ length: 20 }, (_, index) => ({ ...writer, pid: 500 + index, comm: `writer-${index}` }));
    const model = { ...slow, writers: { ...slow.writers, list } };
    const rows = (state: Partial<ViewState>): number =>
      (screenText(model, '200x60', { state }).match(/ writer-\d+ /g) ?? []).length;
    expect(rows({ focus: 'disks', zoomed: true })).toBe(20);
    // Beside the other panes it leaves them their rows.
    expect(rows({})).toBeLessThan(20);
  });

  test.each(['vda', 'dm-0'])('shows all details of %s', async (key) => {
    const page = { kind: 'details' as const, pane: 'disks' as const, key, scroll: 0 };
    await expect(screenText(slow, '100x30', { state: { page } })).toMatchFileSnapshot(
      snapshot(`details-${key}.100x30`),
    );
  });
});

test('on a kernel without pressure the pane says what stands for it', async () => {
  const look = (second: number) =>
    make.sampleAt(second, {
      disks: ok(
        make.disks([make.disk('sda', { busyMs: 8000 + second * 700 })], {
          pressure: absent('this kernel has no pressure stall information'),
          cpu: { ioWait: 100 + second * 90, total: 1000 + second * 400 },
          procsBlocked: 5,
        }),
        1,
      ),
    });
  const model = modelOf([0, 1, 2, 3].map(look));
  await expect(paneText('disks', model, '80x6')).toMatchFileSnapshot(snapshot('no-pressure.80x6'));
});

test('a filesystem that became read-only is said in the title', () => {
  const topology = make.topology([], [make.diskMount('/data', { filesystemReadOnly: true })]);
  const model = modelOf([make.sampleAt(0, { disks: ok(make.disks([make.disk('vda')], { topology }), 1) })]);
  const [title, ...rest] = paneText('disks', model, '100x8').split('\n');
  expect(title).toContain('read-only');
  expect(rest.join('\n')).toContain('read-only · /data');
});

test('names of devices and mounts cannot write to the terminal', () => {
  const evil = 'evil\u001b[2J\nnext';
  const topology = make.topology(
    [make.blockDevice('vda', { label: evil, kind: 'dm' })],
    [make.diskMount(`/${evil}`, { stopped: true, type: evil })],
  );
  const scene = [
    make.sampleAt(0, {
      disks: ok(make.disks([make.disk('vda')], { topology }), 1),
      writers: ok(make.writers({ processes: [make.writer(5, { comm: evil })] }), 1),
    }),
  ];
  const page = { kind: 'details' as const, pane: 'disks' as const, key: 'vda', scroll: 0 };
  // Rendering checks every character.
  expect(paneText('disks', modelOf(scene), '120x20')).toContain('evil·[2J·next');
  expect(screenText(modelOf(scene), '100x30', { state: { page } })).toContain('evil·[2J·next');
});
