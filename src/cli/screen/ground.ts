import type tty from 'node:tty';

/** Whether a terminal writes on a dark or a light background. */
export type Ground = 'dark' | 'light';

/** By COLORFGBG, as rxvt, Konsole and others set it: `15;0`, `0;default;15`. Null if it says nothing. */
export function groundOfEnv(env: NodeJS.ProcessEnv): Ground | null {
  const last = /;(\d{1,2})$/.exec(env['COLORFGBG'] ?? '')?.[1];
  if (last === undefined || Number(last) > 15) return null;
  // White and the bright colours but bright black are light (Vim reads it so: term.c, `term_bg_default`).
  return last === '7' || Number(last) > 8 ? 'light' : 'dark';
}

const query = '\u001b]11;?\u001b\\';
const answer =
  /(?:\u001b)?\]11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?(?:\u0007|\u001b\\)/i;
/** The beginning of an answer at the end of what has arrived. A lone escape is a key. */
const begun = /\u001b\](?:1(?:1(?:;[^\u0007\u001b]{0,40}\u001b?)?)?)?$/;

/** Terminals that answer do so within a few milliseconds; on a slow line the answer is not worth waiting for. */
const deadlineMs = 100;
/** A later answer is still kept from the keys. */
const lateMs = 10_000;

/**
 * Asks the terminal for its background (OSC 11). Keys that arrive meanwhile stay to be read, and an answer that comes late is no
 * key: it is taken out of what standard input gives.
 *
 * @returns null if there was no answer in time
 */
export async function askGround(stdin: tty.ReadStream, write: (sequence: string) => void): Promise<Ground | null> {
  const wasRaw = stdin.isRaw;
  // Otherwise the terminal shows the answer, and gives it with the next line only.
  stdin.setRawMode(true);
  const arrived = await new Promise<string>((resolve) => {
    let text = '';
    const end = (): void => {
      clearTimeout(deadline);
      stdin.off('readable', read);
      resolve(text);
    };
    const read = (): void => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) text += String(chunk);
      if (answer.test(text)) end();
    };
    // While modules load, nothing is read: what arrived in that time is, before the end.
    const deadline = setTimeout(() => setImmediate(() => setImmediate(end)), deadlineMs);
    stdin.on('readable', read);
    write(query);
  });
  const found = answer.exec(arrived);
  const keys = found === null ? arrived : arrived.replace(answer, '');
  if (found === null) dropLateAnswer(stdin);
  else stdin.setRawMode(wasRaw);
  if (keys !== '') stdin.unshift(keys);
  return found === null ? null : groundOfColour(found.slice(1, 4));
}

/** By the luminance of the colour (ITU-R BT.709), each part of one to four hexadecimal digits. */
function groundOfColour(parts: readonly string[]): Ground {
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}

function dropLateAnswer(stdin: tty.ReadStream): void {
  const read = stdin.read.bind(stdin);
  const until = performance.now() + lateMs;
  let held = '';
  const giveBack = (): void => {
    stdin.read = read;
  };
  stdin.read = (size?: number) => {
    const chunk: unknown = read(size);
    if (chunk === null) return null;
    const text = held + String(chunk);
    held = '';
    if (answer.test(text)) {
      giveBack();
      return text.replace(answer, '');
    }
    if (performance.now() > until) {
      giveBack();
      return text;
    }
    held = begun.exec(text)?.[0] ?? '';
    return text.slice(0, text.length - held.length);
  };
}
