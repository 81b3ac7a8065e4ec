import type { ChildEnd } from '../child/child.ts';

/** Characters of what ssh said. */
const longestReason = 200;
/** The exit code of a shell that does not find a program. */
const notFound = 127;

/**
 * Why a connection ended: the last line that the program wrote to standard error with what to do, or how it exited.
 *
 * @param complaints what it wrote to standard error
 */
export function endReason(
  { error, code, signal }: Pick<ChildEnd, 'error' | 'code' | 'signal'>,
  complaints: string,
): string {
  const lines = complaints.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line !== '')?.replace(/^rtwatch: |\.$/g, '');
  if (said !== undefined) {
    const advice = adviceFor(said, lines, code);
    return [said.length > longestReason ? `${said.slice(0, longestReason)}…` : said, advice].join('');
  }
  if (error !== null) return error.message;
  return signal === null ? `the connection ended (exit code ${code ?? 'unknown'})` : `the connection ended (${signal})`;
}

/** What the last line alone does not say; empty for nothing. */
function adviceFor(said: string, lines: readonly string[], code: number | null): string {
  if (code === notFound && /\brtwatch\b/.test(said)) return '. Install rtwatch on the node, or let --copy bring it';
  if (!said.startsWith('Host key verification failed')) return '';
  // ssh's banner is twelve lines, of which these say what is wrong and where.
  if (!lines.some((line) => line.includes('REMOTE HOST IDENTIFICATION HAS CHANGED'))) {
    return ': its host key is not known. Connect once with ssh by hand';
  }
  const place = lines
    .map((line) => /^Offending \S+ key in (.+?)$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  return `: its host key has changed${place === undefined ? '' : ` (known is ${place})`}. Find out why before you remove the known key`;
}
