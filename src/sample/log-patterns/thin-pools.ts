import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** drivers/md/{dm-thin.c,persistent-data} from 3.10 to 6.18. */
export const thinPoolPatterns = {
  'thin-pool-full': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'filesystem-full',
    meaning: 'a thin pool is out of data space: writes to it wait, then fail',
    hints: ['out-of-data-space', 'no free space', 'no free metadata blocks', 'no free data space'],
    patterns: [
      /device-mapper: thin: (?<device>[\d:]+\d): .*(?:out-of-data-space|no free (?:data )?space|no free metadata blocks)/,
      // check_for_metadata_space() of dm-thin.c does not say which.
      /device-mapper: thin: No free metadata blocks/,
    ],
  },
  'thin-pool-failed': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'filesystem-full',
    meaning: 'a thin pool is read-only or has failed',
    hints: ['read_only or fail mode', 'pool to read-only mode', 'pool to fail'],
    patterns: [/device-mapper: thin: (?<device>[\d:]+\d): .*(?:READ_ONLY or FAIL mode|pool to (?:read-only|fail))/i],
  },
  // drivers/md/dm-thin.c, notify_of_pool_mode_change() and maybe_resize_{data,metadata}_dev(); dmeventd extends a pool by itself.
  'thin-pool-back': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'filesystem-full',
    meaning: 'a thin pool was extended, or can be written again',
    hints: ['device-mapper: thin'],
    patterns: [
      /device-mapper: thin: (?<device>[\d:]+\d): (?:switching pool to write mode|growing the (?:data|metadata) device)/,
    ],
  },
  // drivers/md/persistent-data/dm-{block-manager,space-map-common,btree-spine}.c: what it says of its own blocks. The pool then fails,
  // or becomes read-only. "space map metadata: unable to allocate" is no damage: no space is left for the metadata.
  'thin-metadata-damaged': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'the metadata of a thin pool (device-mapper) is damaged',
    hints: ['device-mapper: block manager', 'device-mapper: space map', 'device-mapper: btree', 'device-mapper: thin'],
    patterns: [
      /device-mapper: (?:block manager: (?:validator mismatch|recursive lock|\w+ validator check failed)|space map common: (?:unable to decrement|index_check failed|bitmap check failed)|btree spine: node_check failed)/,
      /device-mapper: thin: (?:(?<device>[\d:]+\d): )?(?:\w{1,40}: )?dm_thin_find_block\(\) failed/,
    ],
  },
  'thin-pool-low': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'filesystem-full',
    meaning: 'a thin pool is nearly full',
    hints: ['low water mark'],
    patterns: [/device-mapper: thin: (?<device>[\d:]+\d): reached low water mark/],
  },
} as const satisfies LogPatterns;
