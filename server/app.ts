/** The composition root: only this file names a door, and besides `upkeep.ts` a concrete store. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import pkg from '../package.json' with { type: 'json' };
import type { ParcelId } from '../protocol/orders.ts';
import { type Access, createAccess } from './access/access.ts';
import { watchRevocations } from './access/revocation-watch.ts';
import { triedWords } from './access/wrong-keys.ts';
import { type ChoreNews, newsOf, startChores } from './chores.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { DeviceRegistry } from './devices/device-registry.ts';
import { PeerDevices } from './devices/peer-devices.ts';
import { createDocsDoor } from './doors/docs/docs.ts';
import { createDocumentsDoor } from './doors/docs/documents.ts';
import { createWebDoor } from './doors/pages/pages.ts';
import { createPhoneDoor } from './doors/phone/phone.ts';
import { createHealthDoor, createMetricsDoor } from './doors/rest/health.ts';
import { createReferenceDoor } from './doors/rest/reference.ts';
import { createRestDoor } from './doors/rest/rest.ts';
import { createSocketIoDoor } from './doors/socketio/socketio.ts';
import { createTcpDoor, type TcpDoor } from './doors/tcp/tcp.ts';
import { createTrackDoor } from './doors/track/track.ts';
import { senderOf } from './edge/addresses.ts';
import { Answers } from './edge/answers.ts';
import { guardConnections } from './edge/connection-guard.ts';
import { ConnectionLimiter, tooManyConnections } from './edge/connection-limiter.ts';
import { Drain } from './edge/drain.ts';
import { addressesOf, type Deadlines, type Listener, listenTcp, ownUrl, portOf } from './edge/listening.ts';
import { createOriginPolicy, type OriginPolicy } from './edge/origin-policy.ts';
import { Rates } from './edge/rate.ts';
import { clockFault, watchClock } from './hub/clock-watch.ts';
import type { Door } from './hub/commit.ts';
import { damageFault, watchDamage } from './hub/damage-watch.ts';
import { DriverLiveness } from './hub/driver-liveness.ts';
import { createHub, type Hub } from './hub/hub.ts';
import { Presence } from './hub/presence.ts';
import { Turns } from './hub/turns.ts';
import { PlainClients } from './legacy/plain-clients.ts';
import { createOutbound, type Outbound, type OutboundOptions } from './outbound/outbound.ts';
import { Faults } from './output/faults.ts';
import { createMetrics, type Metrics } from './output/metrics.ts';
import { type Output, type Printer, printEvents } from './output/printer.ts';
import { openListener, siteOf, watchCertificates } from './secure.ts';
import type { Bell } from './store/postgres/bell.ts';
import { openSearch } from './store/search/search.ts';
import type { SearchIndex } from './store/search-index.ts';
import { startSqlitePatrol } from './store/sqlite/patrol.ts';
import { withReader } from './store/sqlite/reader.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';
import type { Patrol, Store } from './store/store.ts';
import { type Certificates, openCertificates } from './tls/certificates.ts';

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Closed with the app. Defaults to the SQLite file in the config's folder. */
  readonly store?: Store;
  readonly clock?: Clock;
  /** HTTP deadlines; defaults to the usual ones. */
  readonly deadlines?: Deadlines;
  /** Called when the log has a new epoch: this app must be closed, and another one created. */
  readonly onReplaced?: ((reason: string) => void) | undefined;
  /** Serves the pages from their source, with hot reload. */
  readonly dev?: boolean;
}

export interface App {
  /** For this machine, e.g. `http://localhost:3000`. */
  readonly url: string;
  /** For other machines, the best address first. */
  readonly addresses: readonly string[];
  /** Port of the TCP door; undefined while it is closed. */
  readonly tcpPort: number | undefined;
  /** Whether clients need a key. */
  readonly isKeyed: boolean;
  /** Where the log is and which of the hubs on it this one is; undefined if the log is in the data folder. */
  readonly share: { readonly place: string; readonly hub: string } | undefined;
  /** Fingerprint of the hub's own certificate authority; undefined if it has none. */
  readonly fingerprint: string | undefined;
  /** Prints every event from the app's start to its end; prints nothing in keyed mode. */
  print(output: Output): void;
  /**
   * Is not ready any more, works on for the time that is set, and sends long connections to other hubs meanwhile. Resolves
   * when it is time to close, or when `close` is called.
   */
  drain(): Promise<void>;
  /** Stops accepting, then commits and answers what waits. Safe to call twice. */
  close(): Promise<void>;
}

interface Log {
  readonly store: Store;
  readonly index?: SearchIndex;
  readonly patrol?: Patrol;
}

/** @throws StoreError */
async function openLog({ store: given, config, log }: AppOptions, faults: Faults): Promise<Log> {
  if (given) return { store: given };
  const folder = config.dataFolder;
  const onFault = faults.report;
  const { databaseUrl, redisUrl } = config;
  if (databaseUrl !== undefined) {
    // Their drivers are as many files as the hub: a hub with a SQLite log starts without them.
    const { openPostgresStore } = await import('./store/postgres/postgres.ts');
    const tell = (words: string) => log.warn(words);
    const store = await openPostgresStore({
      ...{ url: databaseUrl, folder, tell },
      settings: JSON.stringify([config.adminKey, config.claimTimeoutMs]),
      ...(redisUrl === undefined ? {} : { bell: await openRedisBell(redisUrl, faults) }),
    });
    return {
      store,
      index: openSearch({ folder, databaseUrl, epoch: store.epoch, onFault, ...watching(store) }),
    };
  }
  const store = withReader(
    openSqliteStore(folder, (words) => log.warn(words)),
    { folder, onFault },
  );
  const index = openSearch({ folder, epoch: store.epoch, onFault, ...watching(store) });
  const onDamaged = (name: string) => store.damage.found(name);
  return { store, index, patrol: startSqlitePatrol({ folder, onDamaged }) };
}

/** The certificates after the log, whose folder is then this hub's alone. @throws ConfigError, StoreError */
async function openFiles(options: AppOptions, faults: Faults) {
  const opened = await openLog(options, faults);
  const { config, log, clock = systemClock } = options;
  const tell = (words: string) => log.warn(words);
  try {
    return {
      ...opened,
      certificates: await openCertificates({ config, clock, tell, onFault: faults.report }),
    };
  } catch (error) {
    await Promise.all([opened.index?.close(), opened.patrol?.close()]);
    await opened.store.close();
    throw error;
  }
}

function watching({ damage }: Store) {
  return { onDamaged: (seq: number) => damage.found(`record ${seq}`) };
}

async function openRedisBell(url: string, faults: Faults): Promise<Bell> {
  const { RedisBell } = await import('./store/postgres/redis-bell.ts');
  return new RedisBell({ url, onFault: faults.report, onMended: faults.mended });
}

/** @throws ConfigError, StoreError in one sentence for the operator */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, log, clock = systemClock } = options;
  const faults = new Faults(log, clock);
  const onFault = faults.report;
  const { store, index, patrol, certificates } = await openFiles(options, faults);
  const origins = createOriginPolicy(config.origins, (words) => log.warn(words));
  const listener = openListener({ ...options, clock, origins, certificates });
  const metrics = createMetrics(pkg.version);
  let hub: Hub | undefined;
  let outbound: Outbound | undefined;
  let doors: Doors | undefined;
  let printer: Printer | undefined;
  /** What the hub does by itself. */
  const chores: { close(): void }[] = [];
  const close = async () => {
    doors?.drain.end();
    const hangUp = listener.stop();
    for (const chore of chores) chore.close();
    certificates?.close();
    await outbound?.close();
    await hub?.close();
    const unprinted = printer?.close();
    await doors?.close();
    await hangUp();
    const events = await unprinted;
    if (events) log.warn({ events }, 'these events were not printed: the output stands still');
    await Promise.all([index?.close(), patrol?.close()]);
    await store.close();
    faults.close();
  };
  try {
    const liveness = new DriverLiveness();
    const turns = new Turns(clock);
    const told = toldOf(options, faults, liveness);
    hub = await createHub({ store, clock, metrics, index, turns, ...told });
    const { head } = hub;
    // Measures the disk before the first command.
    void hub.ready();
    const access = createAccess({ adminKey: config.adminKey, keys: store.keys, links: hub.read, clock });
    outbound = outboundOf({ ...options, hub, store, access, listener, clock, onFault });
    const made = { hub, store, access, origins, listener, certificates, metrics, outbound };
    const parts = { ...made, clock, onFault, liveness };
    doors = await createDoors({ ...options, ...parts });
    await listener.listen(config);
    certificates?.start();
    const tcpPort = await listenTcp(doors.tcp, config);
    chores.push(...startChores({ ...parts, turns }, config, doors.news));
    let closing: Promise<void> | undefined;
    return {
      url: ownUrl(config, listener.http),
      addresses: addressesOf(config, listener.http),
      tcpPort,
      isKeyed: access.isKeyed,
      share: shareOf(store),
      fingerprint: certificates?.root?.fingerprint,
      print: (output) => {
        if (access.isKeyed) return;
        printer ??= hub && printEvents({ hub, clock, output, from: head, style: config.print });
      },
      drain: async () => doors?.drain.start(),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function toldOf({ onReplaced }: AppOptions, faults: Faults, liveness: DriverLiveness) {
  const onAssigned = (parcel: ParcelId) => liveness.assigned(parcel);
  return { onFault: faults.report, onMended: faults.mended, onAssigned, onReplaced };
}

/** The hub's own ports are known once they are open. */
function outboundOf({
  listener,
  ...parts
}: Omit<OutboundOptions, 'ownPort'> & Pick<DoorsOptions, 'listener'>): Outbound {
  return createOutbound({ ...parts, ownPort: () => portOf(listener.http) });
}

interface Doors {
  readonly tcp: TcpDoor;
  readonly drain: Drain;
  readonly news: ChoreNews;
  close(): Promise<void>;
}

interface DoorsOptions extends AppOptions {
  readonly hub: Hub;
  readonly store: Store;
  readonly access: Access;
  readonly origins: OriginPolicy;
  readonly listener: Listener;
  readonly certificates: Certificates | undefined;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
  readonly liveness: DriverLiveness;
  readonly outbound: Outbound;
}

function createPresence(options: DoorsOptions) {
  const { hub, store, access, certificates, metrics, clock, liveness, log, onFault } = options;
  const { damage, peers } = store;
  const standing = () => wordsOf(clockFault(hub), damageFault(damage), certificates?.fault);
  const presence = new Presence(clock, onFault, metrics, liveness, standing, peers);
  watchDamage(damage, log, presence);
  presence.learnNames(store).catch((error: unknown) => onFault(error, 'who is known could not be read'));
  access.wrongKeys.listen(({ address, door }) =>
    presence.notice('fault', door, triedWords, { code: 'too-fast', who: address }),
  );
  const warn = (words: string) => {
    log.warn(words);
    presence.notice('hub', 'hub', words);
  };
  const endCertificates = certificates
    ? watchCertificates({
        ...{ certificates, clock },
        onFault(words, isExpired) {
          if (isExpired) log.error(words);
          else log.warn(words);
          presence.notice('hub', 'hub', words);
        },
        onRight: () => log.info('The certificates are in order again.'),
      })
    : () => {};
  const endWatch = watchClock({
    hub,
    clock,
    onFault: warn,
    onRight: () => log.info('The machine’s clock is where the log is.'),
  });
  const endRevocations = store.growth ? watchRevocations({ access, clock }) : () => {};
  return {
    presence,
    endWatch() {
      endWatch();
      endCertificates();
      endRevocations();
    },
  };
}

function shareOf({ place, peers }: Store): App['share'] {
  return place === undefined || !peers ? undefined : { place, hub: peers.hub };
}

function createFleet({ store: { peers }, clock, onFault }: DoorsOptions) {
  // Tells hubs apart. Each start has another.
  const serverId = peers?.hub ?? randomUUID().slice(0, 8);
  const directory = new PeerDevices({ clock, peers });
  return { serverId, directory, devices: new DeviceRegistry({ serverId, directory, clock, onFault }) };
}

/** Creates all doors; they stay closed until the ports are opened. */
async function createDoors(options: DoorsOptions): Promise<Doors> {
  const { config, hub, access, origins, certificates, metrics, clock, outbound, onFault } = options;
  const { http } = options.listener;
  const { presence, endWatch } = createPresence(options);
  const rates = new Rates(config.ratePerSecond, clock);
  const proxies = config.trustProxy;
  const addressOf = (request: IncomingMessage) => senderOf(request, proxies);
  const answers = new Answers({ clock, addressOf });
  const track = createTrackDoor({ hub, presence, rates, addressOf, answers, clock, onFault });
  const limiter = new ConnectionLimiter(config.connectionsPerAddress);
  const fleet = createFleet(options);
  const shared = { hub, access, presence, rates, clock };
  const { publicUrl, drainMs } = config;
  const rest = createRestDoor({ ...shared, ...fleet, addressOf, answers, publicUrl, outbound });
  const here = () => [socketIo, tcp, rest, track].flatMap(({ connections }) => connections);
  const drain = new Drain({ clock, http, drainMs, here });
  const web = await createWebDoor({
    http,
    access,
    origins,
    presence,
    addressOf,
    track,
    docs: createDocsDoor(fileURLToPath(new URL('..', import.meta.url))),
    open: openRouters(options, fleet.serverId, drain),
    guarded: [
      createMetricsDoor({ hub, access, presence, metrics, answers, outbound, addressOf }),
      rest.router,
    ],
    version: pkg.version,
    dist: fileURLToPath(new URL('../dist', import.meta.url)),
    source: fileURLToPath(new URL('../web', import.meta.url)),
    dev: options.dev === true,
    proxies,
    addresses: () => addressesOf(config, http),
    publicUrl,
    outageSince: () => hub.outage.since,
    site: siteOf(config, certificates),
    onFault,
  });
  http.on('request', web.handler);
  track.serveSockets(http, origins);
  const plain = new PlainClients(hub, presence, clock);
  const programs = { ...shared, plain, onFault };
  const socketIo = createSocketIoDoor({ http, origins, addressOf, ...programs });
  const onTooMany = (door: Door) => (who: string) =>
    presence.notice('refused', door, tooManyConnections, { code: 'busy', who });
  const tcp = createTcpDoor({ ...programs, ...fleet, proxies, limiter, onTooMany: onTooMany('tcp') });
  const besideTls = certificates && { ...origins, servesPlain: config.plainHttp };
  guardConnections({ http, limiter, proxies, clock, plain: besideTls, onTooMany: onTooMany('rest') });
  return {
    tcp,
    drain,
    news: newsOf(presence),
    async close() {
      endWatch();
      presence.close();
      socketIo.close();
      track.close();
      rest.close();
      await Promise.all([tcp.close(), web.close()]);
      fleet.devices.close();
    },
  };
}

/** For everyone, whatever `Host` they name. */
function openRouters({ hub, store, certificates }: DoorsOptions, serverId: string, drain: Drain) {
  const { damage } = store;
  return [
    createPhoneDoor({
      root: certificates?.root?.bytes,
      answerTo: (token) => certificates?.answerTo(token),
    }),
    createHealthDoor({ hub, damage, serverId, drain, more: () => certificates?.fault }),
    createReferenceDoor(pkg.version),
    createDocumentsDoor(pkg.version),
  ];
}

function wordsOf(...faults: readonly (string | undefined)[]): string | undefined {
  const said = faults.filter((fault) => fault !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}
