/** Below the first page nothing lives: such a word is a number, or nil. */
const firstAddress = 4096;
/** Go prints at most ten words of a frame. */
const maxWords = 10;

/** The first word, when it is an exact address: one with `?` is whatever was left in its register. */
export function exactAddress(args: string | null): number | null {
  const word = args === null ? undefined : /^0x([\da-f]{1,16})(?=,|$)/.exec(args)?.[1];
  return word === undefined ? null : asAddress(word);
}

/**
 * All exact addresses, those in braces too. The first place is that of the first word, where a method has its receiver: it
 * is 0 when that word is not exact.
 */
export function exactAddresses(args: string | null): readonly number[] {
  if (args === null || !args.includes('0x')) return none;
  const found: number[] = [exactAddress(args) ?? 0];
  const from = args.search(/,|$/);
  for (const [, word = ''] of args.slice(from).matchAll(/0x([\da-f]{4,16})(?![\da-f?])/g)) {
    const address = asAddress(word);
    if (address !== null && found.length < maxWords) found.push(address);
  }
  return found;
}

const none: readonly number[] = [];

function asAddress(word: string): number | null {
  const address = Number.parseInt(word, 16);
  return address >= firstAddress && Number.isSafeInteger(address) ? address : null;
}
