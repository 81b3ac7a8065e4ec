/** What people write behind a function: `Get(0xc004) --> needs the lock`, `Lock() <======`. */
const remark = /\)\s+(?:-+>|<-+|=+>|<=+|←|→|\/\/).*$/;

const space = 0x20;
const bracket = 0x5b;

/** The colours of a terminal. */
const colours = /\p{Cc}\[[\d;]{0,16}m/gu;
export const escapeCharacter = '\u001b';

export function withoutColours(text: string): string {
  return text.includes(escapeCharacter) ? text.replace(colours, '') : text;
}

/** A function without what a person wrote behind it. */
export function withoutRemark(line: string): string {
  return line.replace(remark, ')');
}

/** Whether a line from `start` up to `end` is one for `withoutLinks`; decided by its first characters where it is not. */
export function beginsWithLink(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && text.charCodeAt(at) <= space) at++;
  if (text.charCodeAt(at) !== bracket) return false;
  const middle = text.indexOf('](http', at);
  return middle >= 0 && middle < end;
}

/** A line in which a web page made links of what looks like an address: `[net/x.go:9](http://net/x.go:9) +0x1f`. */
export function withoutLinks(line: string): string {
  let plain = '';
  let from = 0;
  for (let tries = 0; tries < 8; tries++) {
    const open = line.indexOf('[', from);
    const middle = open < 0 ? -1 : line.indexOf('](http', open);
    if (middle < 0) break;
    const text = line.slice(open + 1, middle);
    plain += line.slice(from, open) + text;
    from = endOfAddress(line, middle + 2, text);
  }
  return plain + line.slice(from);
}

/** Behind the parenthesis that ends the address. It repeats the text, which can have parentheses of its own. */
function endOfAddress(line: string, start: number, text: string): number {
  const first = line.indexOf(')', start);
  for (let at = first, tries = 0; at >= 0 && tries < 20; at = line.indexOf(')', at + 1), tries++) {
    const address = line.slice(start, at).replace(/^https?:\/\//, '');
    if (address === text || decoded(address) === text) return at + 1;
  }
  return first < 0 ? line.length : first + 1;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
