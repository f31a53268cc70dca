import { describeDoor } from '../../testkit/contracts/door.contract.ts';
import { startKeyedHub } from '../../testkit/keyed-hub.ts';
import { openRestClient } from '../../testkit/rest-client.ts';
import { openClient, openTcpClient } from '../../testkit/test-client.ts';

describeDoor('Socket.IO with keys', async () => {
  const hub = await startKeyedHub();
  return { connect: async (who) => openClient(hub.url, await hub.keyed(who)), close: () => hub.close() };
});

describeDoor('TCP with keys', async () => {
  const hub = await startKeyedHub();
  return {
    connect: async (who) => openTcpClient(hub.tcpPort, await hub.keyed(who)),
    hangsUpOn: 'too many bytes',
    close: () => hub.close(),
  };
});

describeDoor('REST and SSE with keys', async () => {
  const hub = await startKeyedHub();
  return { connect: async (who) => openRestClient(hub.url, await hub.keyed(who)), close: () => hub.close() };
});
