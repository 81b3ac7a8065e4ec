import { expect, test } from 'vitest';
import { emptyHistory, type History, reduce } from '../../src/model/history.ts';
import { derive } from '../../src/model/model.ts';
import * as scenes from '../support/scenes.ts';

/** The same history under another identity: nothing that was kept for the one is found for the other. */
const stranger = (history: History): History => ({ ...history });

test.each(Object.entries(scenes).filter((entry): entry is [string, scenes.Scene] => Array.isArray(entry[1])))(
  'what was joined while a Sample of %s was taken in is what deriving would join',
  (_, scene) => {
    let history = emptyHistory;
    for (const sample of scene) {
      history = reduce(history, sample);
      expect(derive(history)).toEqual(derive(stranger(history)));
    }
  },
);
