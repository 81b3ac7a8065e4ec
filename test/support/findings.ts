import { type Finding, noSubjects, type Subjects } from '../../src/rules/engine/rule.ts';

/** A finding of a rule about something, and nothing else that matters. */
export const finding = (id: string, subjects: Partial<Subjects> = {}, change: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'critical',
  confidence: 'certain',
  title: `${id} of it`,
  summary: `It is ${id}.`,
  since: null,
  evidence: [],
  ruledOut: [],
  remedies: [],
  references: [],
  subjects: { ...noSubjects, ...subjects },
  ...change,
});

/** All that a finding says with its evidence, to search in. */
export const wordsOf = (one: Finding | undefined): string =>
  [one?.summary, ...(one?.evidence ?? []).map(({ text }) => text)].join('\n');
