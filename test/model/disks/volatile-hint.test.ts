import { describe, expect, test } from 'vitest';
import { unpackHint } from '../../../src/model/disks/volatile-hint.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const unmounting = make.blocked(
  23_743,
  { comm: 'containerd-shim' },
  { wchan: 'wb_wait_for_completion', stack: ['wb_wait_for_completion', 'cleanup_mnt', '__x64_sys_umount'] },
);
const fsync = make.blocked(7, {}, { wchan: 'folio_wait_bit', stack: ['folio_wait_bit', 'do_fsync'] });

function hint(change: { version?: string; volatile?: number; total?: number; waiting?: typeof fsync } = {}) {
  const { version = '1.6.20', volatile = 0, total = 5, waiting = unmounting } = change;
  return unpackHint(
    modelOf([
      make.sampleAt(0, {
        daemons: ok(make.daemons(make.containerd({ version: ok({ version, goVersion: null, product: null }, 1) })), 1),
        processes: ok(make.processes([waiting]), 1),
        disks: ok(
          make.disks([make.disk('vda')], { topology: make.topology([], [], { taskOverlays: { total, volatile } }) }),
          1,
        ),
        writers: ok(make.writers({ processes: [make.writer(50, { comm: 'unpigz' }), make.writer(51)] }), 1),
      }),
    ]),
  );
}

test('programs that unpack layers are reported, not other writers', () => {
  expect(hint().unpackers).toEqual([{ pid: 50, comm: 'unpigz' }]);
});

describe('the advice to mount volatile', () => {
  test('is given where an unmount waits for write-back', () => {
    expect(hint()).toMatchObject({ volatileMounts: 'none', canBeVolatile: false });
    expect(hint().text).toContain('mount_options = ["volatile"]');
    expect(hint().text).toContain('containerd 1.6.20 does not have it: 1.6.24, 1.7.4 and 2.0 do');
  });

  test.each([
    ['1.5.18', false],
    ['1.6.23', false],
    ['1.6.24', true],
    ['1.7.3', false],
    ['1.7.4', true],
    ['v2.0.0', true],
    ['2.1.4', true],
    ['1.8.0-beta.0', true],
    ['unknown', null],
  ])('knows whether containerd %s has the setting', (version, can) => {
    expect(hint({ version }).canBeVolatile).toBe(can);
  });

  test('is not given where all are volatile, where only an fsync waits, or where there is nothing to judge by', () => {
    expect(hint({ volatile: 5 })).toMatchObject({ volatileMounts: 'all', text: null });
    expect(hint({ volatile: 2 })).toMatchObject({ volatileMounts: 'some', text: expect.any(String) });
    expect(hint({ waiting: fsync }).text).toBeNull();
    expect(hint({ total: 0 })).toMatchObject({ volatileMounts: null, text: null });
  });
});
