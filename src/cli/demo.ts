import fs from 'node:fs';
import path from 'node:path';
import { exitCodes, ReportedError } from './exit-codes.ts';
import type { LookOptions } from './options.ts';
import { type Captions, replay } from './replay.ts';

/** Plays a real incident that ships with the program: nothing on the machine is looked at. */
export async function demo(options: LookOptions): Promise<void> {
  await replay(demoFile(), options, captions);
}

/** Beside the bundled program, or in a checkout. */
export function demoFile(): string {
  const here = import.meta.dirname;
  const places = [path.join(here, 'demo/stop.zst'), path.join(here, '../../demo/stop.zst')];
  const found = places.find((place) => fs.existsSync(place));
  if (found === undefined)
    throw new ReportedError(`the demo's recording is not at ${places[0]}: build again`, exitCodes.ownFault);
  return found;
}

/** What happens when: `test/engine/make-demo.ts` made it happen. */
export const captions: Captions = [
  {
    second: 0,
    text: 'A real node with dockerd 20.10, as "rtwatch record" recorded it. All is well so far. space holds it, ← and → step.',
  },
  {
    second: 12,
    text: 'The filesystem of the volume of shop/orders-db is frozen, as by a disk that answers no more. Its writer waits in D (pane 3).',
  },
  {
    second: 20,
    text: 'Somebody stops the container: SIGTERM, a second later SIGKILL. Neither can end a process that waits in the kernel.',
  },
  {
    second: 23,
    text: 'rtwatch says so: the container cannot exit, because of which process, which waits for which mount. 0 and Enter open it.',
  },
  {
    second: 28,
    text: 'A kubelet tries again and again. Every attempt leaves goroutines in dockerd (pane 1). dockerd 19.03 would keep them for ever.',
  },
  {
    second: 62,
    text: 'The filesystem is back: the writer goes on, takes its SIGKILL and is gone; the attempts end, and their goroutines with them.',
  },
  {
    second: 70,
    text: 'Resolved, and still on the screen for whoever looked away. [ and ] go to where findings came and went.',
  },
];
