import { describeDoor } from '../../testkit/contracts/door.contract.ts';
import { startKeyedHub } from '../../testkit/contracts/keyed.contract.ts';
import { visitByRest } from '../../testkit/contracts/rest.visitor.contract.ts';
import { visit, visitByTcp } from '../../testkit/contracts/visitors.contract.ts';

describeDoor('Socket.IO with keys', async () => {
  const hub = await startKeyedHub();
  return { connect: async (who) => visit(hub.url, await hub.keyed(who)), close: () => hub.close() };
});

describeDoor('TCP with keys', async () => {
  const hub = await startKeyedHub();
  return {
    connect: async (who) => visitByTcp(hub.tcpPort, await hub.keyed(who)),
    hangsUpOn: 'too many bytes',
    close: () => hub.close(),
  };
});

describeDoor('REST and SSE with keys', async () => {
  const hub = await startKeyedHub();
  return { connect: async (who) => visitByRest(hub.url, await hub.keyed(who)), close: () => hub.close() };
});
