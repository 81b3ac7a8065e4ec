import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEngineVersion } from '../../../src/parse/engine/version.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const engine = { Name: 'Engine', Version: '20.10.24+dfsg1', Details: { ApiVersion: '1.41' } };
const answer = (containerd: string): string =>
  JSON.stringify({
    Platform: { Name: '' },
    Components: [engine, { Name: 'containerd', Version: containerd }, { Name: 'runc', Version: '1.1.5+ds1' }],
    Version: '20.10.24+dfsg1',
    ApiVersion: '1.41',
    GoVersion: 'go1.19.8',
    KernelVersion: '6.1.0-13-amd64',
  });
const old = '{"Version":"17.03.2-ce","ApiVersion":"1.27","GitCommit":"f5ec1e2","GoVersion":"go1.7.5","Os":"linux"}';

describe('the engine', () => {
  test('gives its version, its Go and its containerd', () => {
    expect(parseEngineVersion(answer('1.6.20~ds1'))).toEqual({
      own: { version: '20.10.24+dfsg1', goVersion: 'go1.19.8', product: null },
      containerd: { version: '1.6.20~ds1', goVersion: null, product: null },
    });
  });

  test.each([
    ['v1.7.27', '1.7.27'],
    ['1.2.13', '1.2.13'],
    ['vendor', 'vendor'],
  ])('says %s of its containerd, which is %s', (commit, version) => {
    expect(parseEngineVersion(answer(commit)).containerd?.version).toBe(version);
  });

  test('that is not Docker’s is called what it calls itself', () => {
    const podman = {
      Platform: { Name: 'linux/amd64/debian-12' },
      Components: [{ Name: 'Podman Engine', Version: '4.3.1' }, { Name: 'Conmon' }, { Name: 'OCI Runtime (crun)' }],
      Version: '4.3.1',
      GoVersion: 'go1.19.8',
    };
    expect(parseEngineVersion(JSON.stringify(podman)).own).toEqual({
      version: '4.3.1',
      goVersion: 'go1.19.8',
      product: 'Podman Engine',
    });
  });

  test('before API 1.35 does not say its containerd', () => {
    expect(parseEngineVersion(old)).toEqual({
      own: { version: '17.03.2-ce', goVersion: 'go1.7.5', product: null },
      containerd: null,
    });
  });

  test.each(['null', '[]', '{}', '"20.10"', '7', '{"message":"page not found"}', '{"Version":20}'])(
    'that answers %s is refused',
    (json) => {
      expect(() => parseEngineVersion(json)).toThrow('no Version');
    },
  );

  test.each([
    ['null', { Version: '1', Components: null }],
    ['an object', { Version: '1', Components: {} }],
    ['a list of nulls', { Version: '1', Components: [null, {}, { Name: 'containerd' }] }],
  ])('may have %s for components', (_, body) => {
    expect(parseEngineVersion(JSON.stringify(body)).containerd).toBeNull();
  });
});

test('any JSON gives a version or an error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (Components, GoVersion) => {
      const { own } = parseEngineVersion(JSON.stringify({ Version: '1', Components, GoVersion }));
      expect(own.version).toBe('1');
    }),
    { numRuns: 300 },
  );
});

test('any text gives a version or an error', () => expectToBear(parseEngineVersion, [answer('1.6'), old]));

test('no text takes long', () => expectNoHang(parseEngineVersion, [old, '[', '"v']));
