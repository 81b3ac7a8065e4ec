/**
 * Reads JSON. The words of the error are for people: JavaScript's own quote the text, which may be bytes of anything.
 *
 * @param what is read: `the answer to GET /info`
 * @throws when the text is not JSON
 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(text === '' ? `${what} is empty` : `${what} is not JSON`);
  }
}
