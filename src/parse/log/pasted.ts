/** Quotation marks of a mail or of Markdown, the stars of `minikube logs`, a code mark, indentation, and the number that `grep -n`, `cat -n` and editors put before a line. */
const marks = /^(?:[ \t]{0,16}[>*]){0,4}[ \t]{0,40}`?(?:\d{1,9}(?:[:-]|[ \t]{1,8}))?/;

/** The line without what a paste put before it; null when that is nothing. */
export function withoutPasteMarks(line: string): string | null {
  const length = marks.exec(line)?.[0].length ?? 0;
  return length === 0 ? null : line.slice(length);
}
