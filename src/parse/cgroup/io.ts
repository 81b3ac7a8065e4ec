/** Bytes that a control group read and wrote since it was made, all devices together. */
export interface CgroupBytes {
  readonly readBytes: number;
  readonly writeBytes: number;
}

/**
 * `io.stat` of cgroup v2: `8:0 rbytes=4096 wbytes=0 rios=1 …` per device. A device that lies on others (dm, md, loop) has a
 * line beside theirs, and the same bytes in both.
 */
export function parseIoStat(text: string): CgroupBytes {
  return { readBytes: sum(text, /(?<= )rbytes=(\d+)/g), writeBytes: sum(text, /(?<= )wbytes=(\d+)/g) };
}

/**
 * `blkio.throttle.io_service_bytes` and `…_recursive` of cgroup v1: `8:0 Read 4096` per device and kind, then `Total`.
 * Writes through the page cache are missing: v1 does not attribute them to any group.
 */
export function parseIoServiceBytes(text: string): CgroupBytes {
  return {
    readBytes: sum(text, /^\d+:\d+ Read (\d+)$/gm),
    writeBytes: sum(text, /^\d+:\d+ Write (\d+)$/gm),
  };
}

function sum(text: string, pattern: RegExp): number {
  let total = 0;
  for (const [, bytes] of text.matchAll(pattern)) total += Number(bytes);
  return total;
}
