import { expect, test } from 'vitest';
import { codeOf, files } from './source-files.ts';

/** What `app/ink/layout-node.ts`, yoga's stand-in in the bundle, obeys: the tests draw with yoga, and would not see the difference. */
const obeyed = ['flexDirection', 'width', 'height', 'display', 'padding', 'marginTop'];
/** What a text asks for by itself; the layout does not see it. */
const ofText = ['wrap', 'color', 'bold'];

test.each(files.filter((file) => file.endsWith('.tsx')))(
  '%s asks for no layout that the bundle does not obey',
  (file) => {
    const asked = [...codeOf(file).matchAll(/<(?:Box|Text)\b([^>]*)>/g)].flatMap(([, props = '']) => [
      ...[...props.matchAll(/(\w+)=/g)].map(([, name = '']) => name),
      ...(props.includes('{...') ? ['a spread of props, which cannot be judged'] : []),
    ]);
    expect(asked.filter((name) => ![...obeyed, ...ofText].includes(name))).toEqual([]);
  },
);
