import { type Utf16, Utf16Text } from '../collect/logs/utf16.ts';

/** The same text in UTF-8, without the mark. */
export async function* utf8OfUtf16(chunks: AsyncIterable<Uint8Array>, form: Utf16): AsyncGenerator<Buffer> {
  const text = new Utf16Text(form);
  for await (const chunk of chunks) yield text.take(chunk);
  yield text.end();
}
