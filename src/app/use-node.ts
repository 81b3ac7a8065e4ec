import { useEffect, useRef, useState } from 'react';
import type { Sample } from '../sample/sample.ts';
import { type Judged, NodeFollower } from '../timeline/node-follower.ts';
import type { TimelineMark } from '../view/terminal/timeline.ts';
import { type Link, type LinkState, type OpenLink, startingState } from '../wire/link.ts';

/** The node as it is known now, and how it is known. */
export interface NodeView extends Judged {
  readonly link: LinkState;
  /** When the newest Sample came, by this process's clock (performance.now). */
  readonly heardAt: number;
  /** When findings came and went. */
  readonly marks: readonly TimelineMark[];
}

/** Samples that come together are shown together. */
const gatherMs = 30;
/** The screen is drawn anew this often at most, however many Samples come. */
const shortestFrameMs = 250;

/**
 * Follows a link: every Sample goes into the history, the screen gets the outcome a few times a second.
 *
 * @param onSample gets each Sample, with the node before it
 */
export function useNode(
  open: OpenLink,
  onSample: (sample: Sample, before: NodeFollower) => void,
): { node: NodeView; link: Link | null } {
  const [node, setNode] = useState<NodeView>(firstView);
  const link = useRef<Link | null>(null);
  useEffect(() => {
    const follower = new NodeFollower();
    let state = startingState;
    let heardAt = performance.now();
    let shownAt = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const show = (): void => {
      timer = undefined;
      // A frame without figures does not hold up the first one that has some.
      if (follower.hasBegun) shownAt = performance.now();
      setNode({ ...follower.judge(), link: state, heardAt, marks: follower.marks });
    };
    const soon = (): void => {
      timer ??= setTimeout(show, Math.max(gatherMs, shownAt + shortestFrameMs - performance.now()));
    };
    link.current = open({
      onSample: (sample) => {
        heardAt = performance.now();
        onSample(sample, follower);
        follower.take(sample);
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
  }, [open, onSample]);
  return { node, link: link.current };
}

function firstView(): NodeView {
  return { ...new NodeFollower().judge(), link: startingState, heardAt: performance.now(), marks: [] };
}
