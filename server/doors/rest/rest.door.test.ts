import { describeDoor } from '../../../testkit/contracts/door.contract.ts';
import { startRealHub } from '../../../testkit/real-hub.ts';
import { openRestClient } from '../../../testkit/rest-client.ts';

describeDoor('REST and SSE', async () => {
  const hub = await startRealHub();
  return { connect: (who) => openRestClient(hub.url, who), close: () => hub.close() };
});
