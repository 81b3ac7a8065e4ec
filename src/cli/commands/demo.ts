import fs from 'node:fs';
import path from 'node:path';
import sea from 'node:sea';
import type { ScreenOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { type Captions, replay } from './replay.ts';

/** The recording in the single-file executable, which has no file beside it. */
const asset = 'demo/stop.zst';

/** Replays a real incident that ships with the program. Reads nothing on the machine. */
export async function demo(options: ScreenOptions): Promise<void> {
  if (sea.isSea()) await replay('demo', options, { captions, bytes: Buffer.from(sea.getRawAsset(asset)) });
  else await replay(demoFile(), options, { captions });
}

/** Beside the bundled program, or in a checkout. */
export function demoFile(): string {
  const here = import.meta.dirname;
  const places = [path.join(here, 'demo/stop.zst'), path.join(here, '../../../demo/stop.zst')];
  const found = places.find((place) => fs.existsSync(place));
  if (found === undefined)
    throw new ReportedError(`demo: no recording at ${places[0]}. Build again`, exitCodes.ownFault);
  return found;
}

/** What happens at each second of the incident that `test/engine/make-demo.ts` made. */
export const captions: Captions = [
  {
    second: 0,
    text: 'A real node with dockerd 20.10, recorded with "rtwatch record". It is healthy so far. space pauses, ← and → step.',
  },
  {
    second: 12,
    text: 'The volume of shop/orders-db is frozen, as if its disk stopped responding. Its writer is blocked in D state (pane 3).',
  },
  {
    second: 20,
    text: 'The container is stopped: SIGTERM, then SIGKILL a second later. Neither stops a process that is blocked in the kernel.',
  },
  {
    second: 23,
    text: 'The finding: the container cannot exit, which process is blocked, and on which mount. 0 and Enter open it.',
  },
  {
    second: 28,
    text: 'The kubelet retries. Every attempt leaves goroutines in dockerd (pane 1). dockerd 19.03 would never release them.',
  },
  {
    second: 62,
    text: 'The filesystem is thawed: the writer receives its SIGKILL and exits. The attempts return, and their goroutines exit.',
  },
  {
    second: 70,
    text: 'Resolved findings stay on the screen. [ and ] jump to where findings appeared and cleared.',
  },
];
