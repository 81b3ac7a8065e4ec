import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCniEnvironment } from '../../../src/parse/cri/cni-environment.ts';

describe('the environment of a CNI plugin', () => {
  test('names command, sandbox and pod', () => {
    const id = 'ab'.repeat(32);
    const text = `CNI_COMMAND=DEL\0CNI_CONTAINERID=${id}\0CNI_ARGS=K8S_POD_NAME=web-0;K8S_POD_NAMESPACE=shop\0`;
    expect(parseCniEnvironment(text)).toEqual({ command: 'DEL', sandboxId: id, pod: 'shop/web-0' });
  });

  test('may name neither', () => {
    expect(parseCniEnvironment('CNI_COMMAND=ADD\0CNI_CONTAINERID=x\0CNI_ARGS=K8S_POD_NAME=a b\0')).toEqual({
      command: 'ADD',
      sandboxId: null,
      pod: null,
    });
  });

  test('is that of another program without a command', () => {
    expect(parseCniEnvironment('PATH=/bin\0XCNI_COMMAND=ADD\0')).toBeNull();
    expect(parseCniEnvironment('CNI_COMMAND=rm -rf\0')).toBeNull();
    expect(parseCniEnvironment('')).toBeNull();
  });

  test('gives away nothing but words of pods, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const found = parseCniEnvironment(words.join('\0'));
        expect(found === null || /^[A-Z]+$/.test(found.command)).toBe(true);
      }),
    );
  });
});
