/** PowerShell writes what is redirected (`> FILE`) in UTF-16, with a mark at the beginning. */
export function isUtf16(head: Uint8Array): boolean {
  const [first, second] = head;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The same text in UTF-8, without the mark. */
export async function* utf8OfUtf16(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-16le');
  let isBigEndian: boolean | null = null;
  let odd: Uint8Array = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([odd, chunk]);
    const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
    odd = Buffer.from(bytes.subarray(whole.length));
    if (isBigEndian === null && whole.length > 0) isBigEndian = whole[0] === 0xfe;
    if (isBigEndian === true) whole.swap16();
    yield Buffer.from(decoder.decode(whole, { stream: true }));
  }
  yield Buffer.from(decoder.decode());
}
