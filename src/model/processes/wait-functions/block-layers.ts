import type { KernelFunctions } from './kernel-functions.ts';

/**
 * What lies between a filesystem and its disks: drivers/md/{dm-crypt,dm-snap,dm-thin,md,raid1,raid10,raid5}.c, drivers/md/bcache, and
 * DRBD's module. Its own functions say more than the wait for a disk below it.
 */
export const blockLayers: readonly KernelFunctions[] = [
  {
    kind: 'disk-encryption',
    functions: /^(?:crypt_convert|kcryptd_|crypt_(?:map|endio|write)|dmcrypt_)/,
    among: 'near',
  },
  {
    kind: 'drbd',
    functions:
      /^(?:_*drbd_|inc_ap_bio|_*(?:state_change_unlock|end_state_change|begin_state_change)|stable_state_change|change_cluster_wide_state|conn_(?:request_state|send_|disconnect)|dtr_free)/,
    among: 'near',
  },
  {
    kind: 'disk',
    functions:
      /^(?:md_(?:write_start|handle_request|make_request|flush_request|submit_bio|super_wait|update_sb|write_inc)|mddev_(?:suspend|lock)|_*md_stop|stop_sync_thread|(?:md_)?(?:idle|frozen|reap)_sync_thread|raid(?:0|1|10|5|456)_|_?wait_(?:read_)?barrier$|freeze_array|make_stripe_request|r5l_|r5c_)/,
    among: 'near',
    detail: 'a RAID array (md)',
  },
  {
    kind: 'disk',
    functions: /^(?:dm_suspend|__dm_suspend|dm_wait_for_(?:bios_)?completion|dm_swap_table|dev_suspend)$/,
    among: 'near',
    detail: 'a device-mapper device to finish its requests',
  },
  {
    kind: 'disk',
    functions: /^(?:thin_|dm_thin_|dm_pool_|pool_(?:ctr|suspend|postsuspend|presuspend|message)|process_thin_)/,
    among: 'near',
    detail: 'a thin pool (device-mapper)',
  },
  {
    kind: 'disk',
    functions: /^(?:snapshot_map|wait_for_in_progress|__origin_write|dm_kcopyd_|bch_|cached_dev_)/,
    among: 'near',
    detail: 'a snapshot or a cache of a disk (device-mapper, bcache)',
  },
];
