import { type Figures, lineAfter } from './line-after.ts';

/** `/proc/meminfo` (proc_meminfo(5)): bytes by name. */
export const parseMeminfo = (text: string): Figures => ({
  get: (name) => {
    const [, value, unit] = /^\s+(\d+)( kB)?$/.exec(lineAfter(text, `${name}:`) ?? '') ?? [];
    return value === undefined ? undefined : Number(value) * (unit === undefined ? 1 : 1024);
  },
});
