/** A time of day, the ring buffer's seconds, or the head of klog or logrus: something wrote the line when it happened. */
const written = /\b\d\d:\d\d:\d\d\b|\[ {0,11}\d{1,12}\.\d{3,6}[\]@]|^[IWEF]\d{4} |\b(?:time|ts|level|msg)=/;

/** What a program's text has and its output has not. */
const signs: readonly RegExp[] = [
  // printf(3) and Go's fmt: `"task %s:%d blocked for more than %ld seconds"`.
  /%[-+#0]?\d{0,2}(?:\.\d{1,2})?(?:ll?|z|h{1,2})?[sdvwqxuXp](?![A-Za-z0-9])/,
  // A regular expression: `waiting for \w+ to become free`, `Shutting down filesystem.?`.
  /\\{1,2}[SdwsDW](?:[+*{?)]|\b)|\(\?(?:[:=!]|<[\w=!])|\[\^|[^.]\.[*+]|[a-z]\.\?/,
  // A call or a statement, with the text as a literal.
  /^\s*(?:return|case|throw|raise|elif|func|def|const|var|let)\s|^\s*(?:if|for|while|switch|else if)\s*\(/,
  /\b(?:printk|pr_[a-z]{2,8}|dev_[a-z]{2,8}|\w*[Pp]rintf?|[A-Za-z]*[Ee]rrorf?|fmt\.\w+|klog\.\w+|logrus\.\w+)\(\s*(?:KERN_\w+\s*)?["'`]/,
  // A literal in a list; a key before it makes it the field of a status.
  /^\s*(?!"[\w.@-]{1,60}"\s*:)["'`].{4,}["'`]\s*[,;)]+\s*$/,
  /^\s*\w{1,40}: \[["'`/]|^\s*"(?:pattern|regexp?|match)"\s*:/,
  /^\s*\/.*\/[gimsuy]{0,4},?\s*$/,
  /^\s*(?:\/\/|\/\*|<!--)/,
  // Markup around the whole line: a rule, a cell, a heading.
  /^\s*<([a-z]\w{0,15})(?: [^>]{0,200})?>.*<\/\1>\s*$/i,
];

/** The text of a program, of its configuration or of its documentation, which quotes a message without having written it. */
export function isSourceLine(line: string): boolean {
  return !written.test(line) && signs.some((sign) => sign.test(line));
}
