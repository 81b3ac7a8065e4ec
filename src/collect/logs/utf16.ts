export type Utf16 = 'utf16le' | 'utf16be';

/** Two bytes a character: of so many pairs at least, nearly all have a zero byte on the same side. */
const fewestPairs = 16;
const latinShare = 0.4;
const otherShare = 0.02;
const examinedBytes = 4096;

/**
 * Whether a text is in UTF-16, as PowerShell writes what is redirected (`> FILE`): by its mark, or, where a tool took that off,
 * by the zero bytes beside Latin letters.
 */
export function utf16Of(head: Uint8Array): Utf16 | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf16le';
  if (first === 0xfe && second === 0xff) return 'utf16be';
  const pairs = Math.floor(Math.min(head.length, examinedBytes) / 2);
  if (pairs < fewestPairs) return null;
  const zeros = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const isSide = (many: number, few: number): boolean => many > pairs * latinShare && few < pairs * otherShare;
  if (isSide(odd, even)) return 'utf16le';
  return isSide(even, odd) ? 'utf16be' : null;
}

/** Makes UTF-8 of UTF-16 that comes in pieces. */
export class Utf16Text {
  readonly #isBigEndian: boolean;
  #decoder = new TextDecoder('utf-16le');
  #odd: Buffer = Buffer.alloc(0);

  constructor(form: Utf16) {
    this.#isBigEndian = form === 'utf16be';
  }

  /** The same text in UTF-8, without the mark. The bytes are not kept. */
  take(chunk: Uint8Array): Buffer {
    const bytes = Buffer.concat([this.#odd, chunk]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
    this.#odd = Buffer.from(bytes.subarray(whole.length));
    if (this.#isBigEndian) whole.swap16();
    return Buffer.from(this.#decoder.decode(whole, { stream: true }));
  }

  /** What is left at the end. */
  end(): Buffer {
    return Buffer.from(this.#decoder.decode());
  }

  /** Forgets a partial character, e.g. when the file begins anew. */
  reset(): void {
    this.#decoder = new TextDecoder('utf-16le');
    this.#odd = Buffer.alloc(0);
  }
}
