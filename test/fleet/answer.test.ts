import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadAnswer, parseAnswer } from '../../src/fleet/answer.ts';

const success = (data: unknown): string => JSON.stringify({ status: 'success', data });

test('a vector has one point for each series, a matrix all of them', () => {
  const vector = { resultType: 'vector', result: [{ metric: { a: 'x' }, value: [1, '2.5'] }] };
  expect(parseAnswer(success(vector), 200, null).series).toEqual([{ labels: { a: 'x' }, points: [[1, 2.5]] }]);
  const values = [
    [1, '2'],
    [2, 'NaN'],
    [3, '+Inf'],
  ];
  const matrix = { resultType: 'matrix', result: [{ metric: {}, values }] };
  expect(parseAnswer(success(matrix), 200, null).series).toEqual([
    {
      labels: {},
      points: [
        [1, 2],
        [2, null],
        [3, null],
      ],
    },
  ]);
});

describe('says what came instead of an answer', () => {
  test.each([
    ['<html>login</html>', 200, 'text/html', 'HTTP 200 with text/html is no answer of Prometheus’ API'],
    ['404 page not found', 404, 'text/plain', 'HTTP 404 with text/plain is no answer'],
    ['', 502, null, 'HTTP 502 with no content type is no answer'],
    ['{"status":"green"}', 200, 'application/json', 'HTTP 200 with application/json is no answer'],
    ['{"status":"error","errorType":"bad_data","error":"parse error"}', 400, null, 'bad_data: parse error'],
    [success({ resultType: 'scalar', result: [1, '1'] }), 200, null, 'the answer is scalar, not a list of series'],
    [success({ resultType: 'vector', result: [{ value: [1, '1'] }] }), 200, null, 'has no labels'],
    [success({ resultType: 'vector', result: [{ metric: {} }] }), 200, null, 'is no pair'],
    [success({ resultType: 'matrix', result: [{ metric: {} }] }), 200, null, 'has no values'],
    [success({ resultType: 'vector', result: [{ metric: {}, value: ['1', 1] }] }), 200, null, 'is no pair'],
    [success(null), 200, null, 'not a list of series'],
  ])('%s', (body, status, type, words) => {
    expect(() => parseAnswer(body, status, type)).toThrow(BadAnswer);
    expect(() => parseAnswer(body, status, type)).toThrow(words);
  });
});

test('whatever arrives is series, or an error that says so', () => {
  const some = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((data) => success(data)),
    fc.array(fc.jsonValue()).map((result) => success({ resultType: 'vector', result })),
    fc.array(fc.jsonValue()).map((values) => success({ resultType: 'matrix', result: [{ metric: {}, values }] })),
  );
  fc.assert(
    fc.property(some, (body) => {
      try {
        for (const { labels, points } of parseAnswer(body, 200, null).series) {
          for (const value of Object.values(labels)) expect(typeof value).toBe('string');
          for (const [at, value] of points)
            expect(typeof at === 'number' && (value === null || Number.isFinite(value))).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(BadAnswer);
      }
    }),
  );
});

test('a label named __proto__ is a label', () => {
  const body =
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__proto__":"x"},"value":[1,"1"]}]}}';
  const [first] = parseAnswer(body, 200, null).series;
  expect(Object.entries(first?.labels ?? {})).toEqual([['__proto__', 'x']]);
});

test('a warning of an answer is kept: Thanos gives one when a store does not answer', () => {
  const data = { resultType: 'vector', result: [] };
  const body = (warnings: unknown): string => JSON.stringify({ status: 'success', data, warnings });
  expect(parseAnswer(body(['store-2: context deadline exceeded', 'b']), 200, null).warning).toBe(
    'it warns: store-2: context deadline exceeded',
  );
  expect(parseAnswer(body([]), 200, null).warning).toBeNull();
  expect(parseAnswer(body([7]), 200, null).warning).toBe('it warns: no reason given');
});
