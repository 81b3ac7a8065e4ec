import { Text } from 'ink';
import { memo, type ReactNode } from 'react';

/** The rows as one finished text: Ink lays out one element, however many rows there are, and none when no cell changed. */
export const Painted = memo(function Painted({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});
