import { type BrowserContext, expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, isStill, paceNews } from '../testkit/browser/pages.ts';
import { expectFound } from '../testkit/browser/seen.ts';

const rounds = 5;

/** A network that can delay the hub's messages, so that both drivers press before either page knows. */
class Network {
  #held: (() => void)[] | undefined;

  join(machine: BrowserContext): Promise<void> {
    return machine.routeWebSocket(/\/socket\.io\//, (page) => {
      const hub = page.connectToServer();
      page.onMessage((message) => hub.send(message));
      hub.onMessage((message) => {
        if (this.#held) this.#held.push(() => page.send(message));
        else page.send(message);
      });
    });
  }

  hold(): void {
    this.#held = [];
  }

  letGo(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const send of held) send();
  }
}

test('[C1] two drivers press Claim at the same moment: one gets the parcel, the other reads who has it', async ({
  hub,
  machine,
}) => {
  const ids = await hub.seed('red', rounds);
  const network = new Network();
  const drivers = await Promise.all(
    ['ana', 'ben'].map(async (name) => {
      const context = await machine();
      await network.join(context);
      // The message stays for seconds, which a busy machine needs to see it.
      await context.addInitScript(paceNews, 100);
      const page = await context.newPage();
      await page.goto(`/driver?driver=${name}&auto=off`);
      return { name, page: new DriverPage(page) };
    }),
  );
  for (const id of ids) {
    await Promise.all(drivers.map(({ page }) => expect(page.claimButton(id)).toBeEnabled()));
    await Promise.all(drivers.map(({ page }) => isStill(page.page)));
    network.hold();
    await Promise.all(drivers.map(({ page }) => page.claimButton(id).click()));
    network.letGo();

    await expect.poll(() => hub.life(id)).toEqual(['pickup', 'claimed']);
    const { holder } = (await hub.orders('red')).find(({ payload }) => payload.orderID === id) ?? {};
    for (const { name, page } of drivers) {
      if (name === holder?.id) {
        await page.openStop(id);
        await expectFound(page.stepButton(id, 'Picked up'));
        await expect(page.offer(id)).toHaveCount(0);
      } else {
        await expect(page.offer(id)).toContainText(`Taken by ${holder?.id}.`);
        await expect(page.parcel(id)).toHaveCount(0);
      }
    }
  }
  expect((await hub.events()).filter(({ event }) => event === 'claimed')).toHaveLength(rounds);
});
