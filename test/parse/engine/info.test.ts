import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEngineSettings, parseInfoGoroutines } from '../../../src/parse/engine/info.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const info =
  '{"ID":"7TRN","Containers":6,"Debug":false,"NFd":54,"OomKillDisable":true,"NGoroutines":59,"NEventsListener":1}';

test('the engine shows how many goroutines it has', () => {
  expect(parseInfoGoroutines(info)).toBe(59);
});

test.each(['{}', '[]', '7', '"x"', 'null', '{"NGoroutines":"59"}', '{"NGoroutines":null}'])(
  'an answer that is %s is refused, and says what is missing',
  (json) => {
    expect(() => parseInfoGoroutines(json)).toThrow('no NGoroutines in the answer to GET /info');
  },
);

test('an answer that is not JSON is refused', () => {
  expect(() => parseInfoGoroutines('page not found')).toThrow(SyntaxError);
});

test('any JSON gives a number or an error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (NGoroutines) => {
      const json = JSON.stringify({ NGoroutines });
      if (typeof NGoroutines === 'number') expect(parseInfoGoroutines(json)).toBe(JSON.parse(json).NGoroutines);
      else expect(() => parseInfoGoroutines(json)).toThrow('no NGoroutines');
    }),
    { numRuns: 300 },
  );
});

test('any text gives a number or an error', () => expectToBear(parseInfoGoroutines, [info]));

test('no text takes long', () => expectNoHang(parseInfoGoroutines, [info, '[', '"']));

describe('the settings in an info', () => {
  const engineInfo = {
    DockerRootDir: '/var/lib/docker',
    Driver: 'overlay2',
    LoggingDriver: 'json-file',
    CgroupDriver: 'cgroupfs',
    CgroupVersion: '1',
    LiveRestoreEnabled: true,
    Debug: true,
  };

  test('are those that decide what can go wrong', () => {
    expect(parseEngineSettings(JSON.stringify(engineInfo))).toEqual({
      rootDir: '/var/lib/docker',
      storageDriver: 'overlay2',
      loggingDriver: 'json-file',
      cgroupDriver: 'cgroupfs',
      cgroupVersion: '1',
      liveRestore: true,
      debug: true,
    });
  });

  test('of an old engine lack the version of control groups', () => {
    const { CgroupVersion: _, ...old } = engineInfo;
    expect(parseEngineSettings(JSON.stringify(old)).cgroupVersion).toBeNull();
  });

  test.each(['{}', '[]', 'null', '7', '{"DockerRootDir":7}'])('in %s are refused', (json) => {
    expect(() => parseEngineSettings(json)).toThrow('no DockerRootDir in the answer to GET /info');
  });

  test('of any shape give settings of the right types, or an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (DockerRootDir, LiveRestoreEnabled, Driver) => {
        const json = JSON.stringify({ DockerRootDir, LiveRestoreEnabled, Driver });
        if (typeof DockerRootDir !== 'string') {
          expect(() => parseEngineSettings(json)).toThrow('no DockerRootDir');
          return;
        }
        const settings = parseEngineSettings(json);
        expect(typeof settings.liveRestore).toBe('boolean');
        expect(typeof settings.storageDriver).toBe('string');
      }),
      { numRuns: 300 },
    );
  });

  test('any text gives settings or an error', () => expectToBear(parseEngineSettings, [JSON.stringify(engineInfo)]));
});
