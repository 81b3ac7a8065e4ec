import type { DumpEnd, Goroutine, GoroutineForm, RepeatedGoroutine } from '../../../sample/goroutines.ts';
import { isPprofListing } from '../listing.ts';
import { frameAtStart } from './begins-inside.ts';
import { Debug1Parser } from './debug1.ts';
import { Debug2Parser } from './debug2.ts';
import { Debug2Bytes } from './debug2-bytes.ts';
import { isDebuggerListing, parseDebugger } from './debugger.ts';
import { isLogDocument, parseLogDocument } from './document.ts';
import { parseListing } from './listing.ts';
import { withoutColours } from './markup.ts';
import { parseGoroutineProto } from './proto.ts';
import { isReversed, parseReversed } from './reversed.ts';
import { beginsInHeader } from './shape.ts';

/** How far a dump may be from the beginning of the log that holds it. */
const headBytes = 64 * 1024;
const maxWholeBytes = 256 * 1024 * 1024;

/** Takes the bytes of a dump as they come; `end` returns the result. */
interface GoroutineParser {
  /** @throws when a binary profile is larger than 256 MiB */
  feed(bytes: Uint8Array): void;
  /** @throws when a binary profile, or a listing, is none of goroutines */
  end(): DumpEnd;
}

/** What a dump is read as: one of the forms, or what has to be turned into one. */
type DumpKind = GoroutineForm | 'debugger' | 'document' | 'reversed';

/**
 * Which form the dump has that begins with these bytes: `gzip` must be unpacked first, null is none that rtwatch knows. A
 * text may have lines of a log before it, within the first 64 KiB.
 */
export function detectForm(head: Uint8Array): DumpKind | 'gzip' | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  // The first field is a sample type or, as Go writes it, the period type: a short message that begins with a number.
  if ((head[0] === 0x0a || head[0] === 0x5a) && (head[1] ?? 0xff) <= 24 && head[2] === 0x08) return 'proto';
  const text = withoutColours(new TextDecoder().decode(head.subarray(0, headBytes)));
  const found =
    /(?:^|[\s"n`'(>|2@\0:+-]|(?:panic|fatal error): [^\n]{1,300}[^\s/])goroutine(?: (?:\d{1,20}|\.\.\.|…|[NX?]{1,8}) [^\n[\]]{0,80}\[[^\n\]]{1,200}(?:\][^\n]{0,200}?:|$|\n)|(?:leak)? profile: total \d)/.exec(
      text,
    );
  if (found === null) return formOfExcerpt(text);
  if (found[0].includes(' profile: ')) return 'debug1';
  if (isLogDocument(text)) return 'document';
  return isReversed(text) ? 'reversed' : 'debug2';
}

/**
 * A page of a dump without any header. Frames of a `debug=1` profile that were cut out of it, as grep does; a heap has the same, and a header of its own. Or the end of a
 * program of which only the stack of the Go runtime was pasted.
 */
function formOfExcerpt(text: string): DumpKind | null {
  if (beginsInHeader(text)) return 'debug2';
  if (frameAtStart(firstLine(text)) !== null && (text.match(/\.(?:go|s):\d{1,6} \+0x[\da-f]+/g)?.length ?? 0) > 1) {
    return 'debug2';
  }
  if (isPprofListing(text)) return 'listing';
  if (isDebuggerListing(text)) return 'debugger';
  if (/\bfatal error: /.test(text) && /(?:^|\s|\\n)runtime stack:(?:\s*$|\\+n)/m.test(text)) return 'debug2';
  const hasFrames = /^\W{0,12}?#[ \t]+0x[\da-f]{3,16}[ \t]+\S+\+0x[\da-f]+[ \t]/m.test(text);
  return hasFrames && !text.includes('heap profile: ') ? 'debug1' : null;
}

const firstLine = (text: string): string => text.slice(0, 2000).split('\n', 1)[0] ?? '';

/**
 * A parser for a dump of this form.
 *
 * @param onRepeat takes the goroutines whose stack came before, in forms that list each; without it all are parsed
 */
export function openGoroutineParser(
  form: DumpKind,
  onGoroutine: (goroutine: Goroutine) => void,
  onRepeat?: (goroutine: RepeatedGoroutine) => void,
): GoroutineParser {
  if (form === 'proto') return wholeParser((bytes) => parseGoroutineProto(bytes, onGoroutine));
  if (form === 'listing') return wholeParser((bytes) => parseListing(new TextDecoder().decode(bytes), onGoroutine));
  if (form === 'debugger') return wholeParser((bytes) => parseDebugger(new TextDecoder().decode(bytes), onGoroutine));
  if (form === 'document')
    return wholeParser((bytes) => parseLogDocument(new TextDecoder().decode(bytes), onGoroutine));
  if (form === 'reversed') return wholeParser((bytes) => parseReversed(new TextDecoder().decode(bytes), onGoroutine));
  if (form === 'debug2' && onRepeat !== undefined) return new Debug2Bytes({ onGoroutine, onRepeat });
  const text = form === 'debug1' ? new Debug1Parser(onGoroutine) : new Debug2Parser(onGoroutine);
  const decoder = new TextDecoder();
  return {
    feed: (bytes) => text.feed(decoder.decode(bytes, { stream: true })),
    end: () => {
      text.feed(decoder.decode());
      return text.end();
    },
  };
}

function wholeParser(parse: (bytes: Uint8Array) => DumpEnd): GoroutineParser {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    feed: (bytes) => {
      length += bytes.length;
      if (length > maxWholeBytes) throw new Error('a profile of more than 256 MiB');
      chunks.push(bytes.slice());
    },
    end: () => {
      const whole = new Uint8Array(length);
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      return parse(whole);
    },
  };
}
