import { expect, test } from 'vitest';
import { utc } from '../../../src/base/zone.ts';
import { chain } from '../../../src/rules/engine/chains.ts';
import { run, type Verdicts, withKeys } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { reportMarkdown } from '../../../src/view/report/markdown.ts';
import { finding } from '../../support/findings.ts';
import * as scenes from '../../support/scenes.ts';

test('the report as Markdown reads as before', async () => {
  const model = scenes.modelOf(scenes.stopLeak);
  const text = reportMarkdown(model, run(rules, model), utc);
  await expect(text).toMatchFileSnapshot('../../../snapshots/report/stop-leak.md');
});

test('a name of the node cannot become a mark, a tag or the end of a code block', () => {
  const hostile = 'web*[x](http://evil)<img>`';
  const verdicts: Verdicts = {
    findings: chain(
      withKeys([
        finding(
          'stuck-removal',
          {},
          { title: hostile, remedies: [{ text: hostile, command: "docker rm 'a```b'", risk: 'low' }] },
        ),
      ]),
    ),
    unknown: [],
  };
  const text = reportMarkdown(scenes.modelOf(scenes.healthy), verdicts, utc);
  expect(text).toContain('web\\*\\[x\\](http://evil)\\<img\\>\\`');
  expect(text).toContain("````sh\ndocker rm 'a```b'\n````");
});
