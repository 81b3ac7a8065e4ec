import { expect, test, vi } from 'vitest';
import { goroutineProfile } from '../../src/capture/profile-source.ts';
import { DebugClient } from '../../src/collect/daemons/debug-client.ts';

test('an endpoint that does not answer is said so, with the time that was waited', async () => {
  const client = DebugClient.forUrl('unix:///run/x.sock');
  vi.spyOn(client, 'get').mockRejectedValue(new DOMException('The operation was aborted', 'TimeoutError'));
  await expect(goroutineProfile(client, 'dockerd', false)).rejects.toThrow('no answer within 5s');
});
