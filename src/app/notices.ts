import type { Verdicts } from '../rules/engine/run.ts';
import { clean } from '../view/text.ts';

/** How the terminal is made to call for attention. */
export type NoticeForm = 'bell' | 'osc9' | 'osc777';

const longest = 200;
/** Findings that are remembered, the newest: a node may have a new one every minute, for weeks. */
const maxSeen = 1000;

/**
 * The control sequence: BEL; OSC 9 (iTerm2, Windows Terminal, kitty, WezTerm); OSC 777 (rxvt-unicode, foot, Ghostty). The text
 * cannot end the sequence, and no semicolon of it is one.
 */
export function noticeSequence(form: NoticeForm, text: string): string {
  const shown = clean(text).replaceAll(';', ',').slice(0, longest);
  switch (form) {
    case 'bell':
      return '\u0007';
    case 'osc9':
      return `\u001b]9;${shown}\u0007`;
    case 'osc777':
      return `\u001b]777;notify;rtwatch;${shown}\u0007`;
  }
}

/** Remembers which critical findings it has seen: each calls once, however often it comes back. */
export class Notices {
  readonly #seen = new Set<string>();

  /** A text for the critical findings that are new and follow from no other; null if there are none. */
  take({ findings }: Verdicts, host: string | null): string | null {
    const critical = findings.filter(
      ({ severity, lifecycle }) => severity === 'critical' && (lifecycle?.state ?? 'found') === 'found',
    );
    const fresh = critical.filter(({ key }) => !this.#seen.has(key));
    for (const { key } of critical) {
      // To the end, which is forgotten last.
      this.#seen.delete(key);
      this.#seen.add(key);
    }
    for (const key of [...this.#seen].slice(0, -maxSeen)) this.#seen.delete(key);
    const [first, ...more] = fresh.filter(({ causes }) => causes.length === 0);
    if (first === undefined) return null;
    const others = more.length === 0 ? '' : ` (+${more.length} more)`;
    return `${host === null ? '' : `${host}: `}${first.title}${others}`;
  }
}
