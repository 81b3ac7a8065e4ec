import { setTimeout as pause } from 'node:timers/promises';
import { goHome } from '../reliability/keys.ts';
import type { Pty } from '../reliability/pty.ts';
import type { Random } from '../reliability/random.ts';

const esc = '\u001b';
const [up, down, pageDown, backTab] = ['[A', '[B', '[6~', '[Z'].map((end) => `${esc}${end}`) as [
  string,
  string,
  string,
  string,
];

/** What a reader does on the screen; each begins and ends at the panes of the live node. */
const excursions: Readonly<Record<string, readonly string[]>> = {
  container: ['2', down, down, '\r', pageDown, pageDown, esc],
  inspect: ['2', down, 'i', pageDown, esc],
  log: ['2', down, 'l', pageDown, esc],
  goroutines: ['1', 'x', pageDown, esc],
  heap: ['1', 'h', esc],
  daemon: ['1', '\r', pageDown, esc],
  finding: ['0', '\r', pageDown, esc, esc],
  processes: ['3', 's', 'c', 'S', 'T', down, '\r', esc, 'T'],
  mounts: ['4', 'G', up, '\r', esc],
  disks: ['5', '\r', esc],
  filter: ['2', '/', 'web', '\r', esc],
  palette: [':', 'mounts', '\r', esc],
  zoom: ['z', '\t', backTab, 'z'],
  past: ['{', '{', '[', ']', '\u001b[D', '\u001b[D', '2', down, '\r', esc, ' '],
  seek: ['t', '50%', '\r', '[', ' '],
  print: ['P', 'u', 'y', 'u'],
  record: ['r', down, down, 'r'],
};

/** Does one of them, by chance; its name. */
export async function goOut(pty: Pty, random: Random): Promise<string> {
  const name = random.pick(Object.keys(excursions) as [string, ...string[]]);
  for (const keys of excursions[name] ?? []) {
    pty.press(keys);
    await pause(random.between(150, 600));
  }
  await goHome(pty);
  return name;
}
