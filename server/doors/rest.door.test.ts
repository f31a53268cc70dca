import { describeDoor } from './door.contract.ts';
import { visitByRest } from './rest.visitor.contract.ts';
import { startRealHub } from './visitors.contract.ts';

describeDoor('REST and SSE', async () => {
  const hub = await startRealHub();
  return { connect: (who) => visitByRest(hub.url, who), close: () => hub.close() };
});
