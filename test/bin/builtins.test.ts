import { expect, test } from 'vitest';
import { builtinsOnDemand, takeBuiltins } from '../../bin/builtins.js';

const load = (name: string): string => `get('${name}')`;

test('each form of an import of a built-in module is taken out', () => {
  const code = `import fs,{open as a}from"node:fs";import*as util from"util";import"node:net";b();`;
  expect(takeBuiltins(code, load)).toEqual({
    heads: [`const fs=get('node:fs');`, `const{open:a}=get('node:fs');`, `const util=get('util');`],
    rest: 'b();',
  });
});

test('other imports stay, and so does a text that looks like one', () => {
  const code = `import{a}from"./a.js";const b='import fs from"node:fs"';export{a,b};`;
  expect(takeBuiltins(code, load)).toEqual({ heads: [], rest: code });
});

test('a chunk of the bundle reads of a built-in module what it uses', () => {
  const chunk = { type: 'chunk', code: `import{inspect as i}from"node:util";i();` };
  const { generateBundle } = builtinsOnDemand() as unknown as {
    readonly generateBundle: (options: null, bundle: object) => void;
  };
  generateBundle(null, { 'a.js': chunk });
  expect(chunk.code).toBe(`const{inspect:i}=process.getBuiltinModule("node:util");i();`);
});
