import { test } from './machines.ts';

const store = '1-206-flowers';
const payload = (orderID: string) => ({ store, orderID });
test('shots', async ({ hub, machine, troubles }) => {
  troubles.expect(/404/);
  const order = (orderID: string, more: object = {}) => ({
    event: 'pickup' as const,
    payload: { store, orderID, customer: 'Hulda Sophie Parker', address: '835 Meluk Pass\nSeattle', phone: '555', ...more },
  });
  const due = (min: number) => ({ dueAt: new Date(Date.now() + min * 60_000).toISOString() });
  const ids: Record<string, any[]> = {
    ready: [],
    claimed: [{ event: 'claimed' }],
    transit: [{ event: 'in-transit' }],
    late: [{ event: 'claimed' }, { event: 'in-transit' }],
    delivered: [{ event: 'in-transit' }, { event: 'delivered', details: { outcome: 'third-party', receivedBy: 'Mr Lee, next door' } }],
    failed: [{ event: 'in-transit' }, { event: 'attempt-failed', details: { reason: 'not-home' } }],
    again: [{ event: 'in-transit' }, { event: 'attempt-failed', details: { reason: 'no-access', text: 'The gate is locked' } }, { event: 'retried' }],
    returning: [{ event: 'in-transit' }, { event: 'attempt-failed', details: { reason: 'refused' } }, { event: 'returning', details: { reason: 'Three boxes were dented' } }],
    cancelled: [],
  };
  await hub.command({ role: 'vendor', store }, Object.keys(ids).map((id) => order(id, id === 'late' ? due(-5) : id === 'transit' || id === 'claimed' ? due(25) : {})) as any);
  for (const [id, steps] of Object.entries(ids)) await hub.command({ role: 'driver', driver: 'ana', name: 'Ana' }, steps.map((s) => ({ ...s, payload: payload(id) })));
  await hub.command({ role: 'vendor', store }, [{ event: 'cancelled', payload: payload('cancelled'), details: { reason: 'Out of roses, sorry' } }]);
  const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe-und-Söhne';
  await hub.command({ role: 'vendor', store: long }, [{ event: 'pickup', payload: { store: long, orderID: 'x'.repeat(60), customer: long + ' Maximiliane', address: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Road 1234, Staircase B' } }] as any);
  await hub.command({ role: 'driver', driver: 'z', name: long }, [{ event: 'in-transit', payload: { store: long, orderID: 'x'.repeat(60) } }]);
  const page = await (await machine()).newPage();
  const shot = async (name: string, url: string) => {
    await page.goto(url);
    await page.waitForTimeout(300);
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 390, 1280]) {
        if (width === 320 && name !== 'long') continue;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: width > 800 ? 860 : 844 });
        await page.screenshot({ path: `/tmp/shots-track/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
  };
  const link = async (s: string, id: string) => new URL(((await (await fetch(`${hub.url}/api/orders/${encodeURIComponent(s)}/${id}?as=store:${encodeURIComponent(s)}`)).json()) as any).tracking).pathname;
  for (const id of Object.keys(ids)) await shot(id, await link(store, id));
  await shot('long', await link(long, 'x'.repeat(60)));
  await shot('wrong', '/track/trk_wrong');
  const plain = await (await machine({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })).newPage();
  await plain.goto(await link(store, 'again'));
  await plain.screenshot({ path: '/tmp/shots-track/nojs.png', fullPage: true });
});
