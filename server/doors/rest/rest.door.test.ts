import { describeDoor } from '../../../testkit/contracts/door.contract.ts';
import { visitByRest } from '../../../testkit/contracts/rest.visitor.contract.ts';
import { startRealHub } from '../../../testkit/contracts/visitors.contract.ts';

describeDoor('REST and SSE', async () => {
  const hub = await startRealHub();
  return { connect: (who) => visitByRest(hub.url, who), close: () => hub.close() };
});
