import { useEffect, useRef, useState } from 'react';
import { emptyHistory, reduce } from '../model/history.ts';
import { derive, type Model } from '../model/model.ts';
import { rules } from '../rules/rules.ts';
import { run, type Verdicts } from '../rules/run.ts';
import { type Link, type LinkState, type OpenLink, startingState } from '../wire/link.ts';

/** The node as it is known now, and how it is known. */
export interface NodeView {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly link: LinkState;
  /** When the newest Sample came, by this process's clock (performance.now). */
  readonly heardAt: number;
}

/** Samples that come together are shown together. */
const gatherMs = 30;
/** The screen is drawn anew this often at most, however many Samples come. */
const shortestFrameMs = 250;

/** Follows a link: every Sample goes into the history, the screen gets the outcome a few times a second. */
export function useNode(open: OpenLink): { node: NodeView; link: Link | null } {
  const [node, setNode] = useState<NodeView>(firstView);
  const link = useRef<Link | null>(null);
  useEffect(() => {
    let history = emptyHistory;
    let state = startingState;
    let heardAt = performance.now();
    let shownAt = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const show = (): void => {
      timer = undefined;
      // A frame without figures does not hold up the first one that has some.
      if (history.at !== 0) shownAt = performance.now();
      const model = derive(history);
      setNode({ model, verdicts: run(rules, model), link: state, heardAt });
    };
    const soon = (): void => {
      timer ??= setTimeout(show, Math.max(gatherMs, shownAt + shortestFrameMs - performance.now()));
    };
    link.current = open({
      onSample: (sample) => {
        heardAt = performance.now();
        history = reduce(history, sample);
        // A line that only says what is looked at next changes nothing on the screen.
        if (Object.keys(sample.readings).length > 0) soon();
      },
      onState: (next) => {
        state = next;
        soon();
      },
    });
    return () => {
      clearTimeout(timer);
      link.current?.close();
    };
  }, [open]);
  return { node, link: link.current };
}

function firstView(): NodeView {
  const model = derive(emptyHistory);
  return { model, verdicts: run(rules, model), link: startingState, heardAt: performance.now() };
}
