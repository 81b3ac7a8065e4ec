/**
 * How many caches `memory.kmem.slabinfo` of a control group lists (kernel mm/slab_common.c,
 * Documentation/cgroup-v1/memory.txt). One or more: kernel memory is accounted in that group. Since 5.9 the file is always
 * empty and says nothing.
 */
export function countSlabCaches(text: string): number {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('slabinfo - ') && !line.startsWith('#')).length;
}
