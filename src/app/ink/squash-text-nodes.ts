// Stands in for ink/build/squash-text-nodes.js, which parses the whole text twice a frame.
import type { DOMElement, TextNode } from '../../../node_modules/ink/build/dom.js';
import original from '../../../node_modules/ink/build/squash-text-nodes.js';
import { frameLines } from './frame-line.ts';
import { LineMemo } from './line-memo.ts';
import { isPlainStyled } from './styled-line.ts';

/** A line that is not narrow, as Ink writes it; null where other lines have a part in that. */
const squashed = new LineMemo((line): { readonly text: string | null } => ({
  text: isPlainStyled(line) ? original(elementWith(line)) : null,
}));
const last = new WeakMap<TextNode, { readonly value: string; readonly text: string }>();

/** The text of an element: one string is squashed line by line, and anything else as Ink does it. */
export default function squashTextNodes(node: DOMElement): string {
  const [only, second] = node.childNodes;
  if (only?.nodeName !== '#text' || second !== undefined || node.nodeName !== 'ink-text') return original(node);
  const { nodeValue: value } = only as TextNode;
  const before = last.get(only as TextNode);
  if (before?.value === value) return before.text;
  const text = squashLines(value) ?? original(node);
  last.set(only as TextNode, { value, text });
  return text;
}

function squashLines(value: string): string | null {
  const lines = frameLines(value);
  // Of narrow lines Ink takes nothing: no control character, no mark that changes places with a style, no tab.
  if (lines.every(({ narrowColumns }) => narrowColumns !== null)) return value;
  const texts = lines.map(({ text, narrowColumns }) => (narrowColumns === null ? squashed.of(text).text : text));
  return texts.includes(null) ? null : texts.join('\n');
}

function elementWith(value: string): DOMElement {
  const text: TextNode = { nodeName: '#text', nodeValue: value, parentNode: undefined, style: {} };
  return { nodeName: 'ink-text', attributes: {}, childNodes: [text], parentNode: undefined, style: {} };
}
