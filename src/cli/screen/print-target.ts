import type { PrintTarget } from '../../app/actions/print-screen.ts';
import type { ScreenOptions } from '../options/options.ts';
import { selfCommand } from '../process/self.ts';

/** Where `P` prints to, and what it selects at first. */
export function printTarget({ printFormat }: ScreenOptions, folder: string): PrintTarget {
  return {
    folder,
    command: [...selfCommand(), 'new-file'],
    ...(printFormat === undefined ? {} : { format: printFormat }),
  };
}
