/**
 * Runs the hub for as long as the process lives. When its log gets a new epoch, the app ends, with all connections, and
 * another one takes its place: everybody comes back and is told of the epoch.
 */

import { type App, type AppOptions, createApp } from './app.ts';

/** Delay before another app is tried, e.g. because the database is away again. */
const againMs = 1_000;

export interface Service {
  /** The one that runs. */
  readonly app: App;
  close(): Promise<void>;
}

/**
 * @param reopened called with each app that takes another one's place
 * @throws ConfigError, StoreError if the first one cannot be created
 */
export async function startService(
  options: Omit<AppOptions, 'onReplaced'>,
  reopened: (app: App) => void,
): Promise<Service> {
  const { log } = options;
  const closing = new AbortController();
  const onReplaced = (reason: string) => {
    // An app may lose its log before it is open.
    turn = turn.then(
      () => replace(reason),
      () => {},
    );
  };
  const open = () => createApp({ ...options, onReplaced });
  let reported = '';
  const report = (error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    // The same, second by second, says nothing new.
    if (words !== reported) log.error({}, words);
    reported = words;
  };
  const replace = async (reason: string) => {
    log.warn(`The log has a new epoch: ${reason}. Everybody starts again with it.`);
    await app.close().catch(report);
    while (!closing.signal.aborted) {
      try {
        app = await open();
        reopened(app);
        reported = '';
        return;
      } catch (error) {
        report(error);
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  };
  const first = open();
  /** The latest replacement, behind those before it. */
  let turn: Promise<unknown> = first;
  let app = await first;
  return {
    get app() {
      return app;
    },
    async close() {
      closing.abort();
      await turn;
      await app.close();
    },
  };
}
