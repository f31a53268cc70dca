/** Plain HTTP: the app's pages and files, and what they need to know of the hub. */

import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import helmet from 'helmet';
import QRCode from 'qrcode';
import { CapsError } from '../../../protocol/errors.ts';
import { pages } from '../../../protocol/pages.ts';
import { authorOf } from '../../../protocol/parcel.ts';
import { canonicalPath } from '../../../protocol/paths.ts';
import type { HubInfo } from '../../../protocol/rest.ts';
import type { Access } from '../../access/access.ts';
import { FixedText } from '../../edge/fixed-text.ts';
import { noSocketHere } from '../../edge/odd-requests.ts';
import type { Gate } from '../../edge/origin-policy.ts';
import { noOtherMethod, nothingHere, problems, toCapsError } from '../../edge/problems.ts';
import { readJson } from '../../edge/requests.ts';
import type { Presence } from '../../hub/presence.ts';
import { builtFiles, fileIn, isBuilt, readBuilt } from './files.ts';

/** The customer's page, which is none without its parcel. */
const trackShell = 'track.html';
/** The documentation's, which is none without its text. */
const docsShell = 'docs.html';
const qrLengthMax = 512;
const onlyRead = noOtherMethod('GET');
/** The pages' documents. Every one shows any page; its own names all files that the page begins with. */
const documents: ReadonlyMap<string, string> = new Map(pages.map(({ path, name }) => [path, `${name}.html`]));

export interface WebDoorOptions {
  readonly http: Server;
  readonly access: Access;
  readonly gate: Gate;
  readonly presence: Presence;
  /** From where a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Serves `/track`. */
  readonly track: {
    /** @param shell the page that a parcel's state is put into; undefined while that is not built */
    router(shell: (url: string) => Promise<string | undefined>): Router;
    /** @returns the page where the hub is asked under an address that is not its own */
    turnedAway(shell: string, why: string, request: IncomingMessage): string;
  };
  /** Serves `/docs`, to everyone as well. */
  readonly docs: {
    /** @param shell the page that a document is put into; undefined while that is not built */
    router(shell: (url: string) => Promise<string | undefined>): Router;
  };
  /** Doors of HTTP that answer everyone, whatever `Host` and `Origin` they name: there is no data behind them. */
  readonly open: readonly Router[];
  /** Those that answer only whom the gate lets in. */
  readonly guarded: readonly Router[];
  readonly version: string;
  /** Folder of the built app. */
  readonly dist: string;
  /** Folder of the app's source, for a server that rebuilds on every change. */
  readonly source: string;
  readonly dev: boolean;
  /** In front of the hub and to be believed. */
  readonly proxies: number;
  /** Where this hub is reached, the best address first. */
  readonly addresses: () => readonly string[];
  readonly onFault: (error: unknown, what: string) => void;
}

export interface WebDoor {
  readonly handler: Express;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export async function createWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const { gate, open, guarded, dev, addresses, onFault } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Says whether a request came by HTTPS. Whom it is from is asked elsewhere, of all doors alike.
  app.set('trust proxy', options.proxies);

  // First, so that refusals have them as well.
  app.use(securityHeaders(dev));
  app.use((request, _response, next) => next(noSocketHere(request)));
  app.use(toMeantPath);
  const served = dev ? await developed(options) : built(options);
  const docs = options.docs.router((url) => served.shell(docsShell, url));
  app.use(oursOrPublic(options, served, docs));
  // A browser says its page's origin with a POST alone: so a page learns whether it may speak to the hub.
  app.route('/api/hub').get(sayHub).post(sayHub).all(noOtherMethod('GET', 'POST'));
  app.get('/qr.svg', async (request, response) => drawQrCode(request, response, request.query['url']));
  // For an address that is itself a secret, an access link say.
  app.post('/qr.svg', async (request, response) => {
    const body = await readJson(request);
    const url = typeof body === 'object' && body !== null && 'url' in body ? body.url : undefined;
    await drawQrCode(request, response, url);
  });
  app.all('/qr.svg', noOtherMethod('GET', 'POST'));

  async function sayHub(request: Request, response: Response): Promise<void> {
    response.set('cache-control', 'no-store').json(await hubFor(request, options));
  }
  async function drawQrCode(request: Request, response: Response, wanted: unknown): Promise<void> {
    const url = typeof wanted === 'string' ? wanted : '';
    const isOurs = (origin: string) =>
      addresses().includes(origin) || gate.isOurOrigin(origin, request.headers.host);
    if (!URL.canParse(url) || url.length > qrLengthMax || !isOurs(new URL(url).origin))
      throw new CapsError('bad-message', 'A QR code is made of this hub’s addresses alone.');
    const svg = await QRCode.toString(url, { type: 'svg', margin: 2 });
    // Private, because a customer's link is nobody else's business.
    response.type('image/svg+xml').set('cache-control', 'private, max-age=3600').send(svg);
  }
  for (const router of [...open, ...guarded]) app.use(router);
  app.use('/docs', docs);

  // In other letters than the doors know it.
  app.use(['/api', '/pickup'], nothingHere);
  app.use(
    '/track',
    options.track.router((url) => served.shell(trackShell, url)),
  );
  app.use(served.files);
  app.use(served.page);
  app.use(noticed(options));
  app.use('/track', refusedTracking(options, served));
  app.use(problems(onFault));
  return { handler: app, close: served.close };
}

/** What the hub says of itself. Of a keyed one, who has no key learns that it is keyed; who has one, whose it is. */
async function hubFor(request: Request, options: WebDoorOptions): Promise<HubInfo> {
  const { access, version, addresses, addressOf } = options;
  if (!access.isKeyed) return { version, access: 'open', addresses: addresses() };
  const authorization = request.get('authorization');
  if (authorization === undefined) return { access: 'keyed' };
  const caller = await access.identifyRequest(authorization, { address: addressOf(request), door: 'rest' });
  return { version, access: 'keyed', addresses: addresses(), actor: authorOf(caller.actor({}, 'admin')) };
}

interface Served {
  readonly files: RequestHandler;
  readonly page: RequestHandler;
  /** A built page that something is put into, for this address; undefined while it is not built. */
  shell(name: string, url: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The app as `vite build` left it. */
function built({ dist }: WebDoorOptions): Served {
  const documentOf = (name: string) => {
    const html = readBuilt(dist, name);
    return html === undefined ? undefined : new FixedText('text/html; charset=utf-8', () => html);
  };
  const page = documentOf('index.html');
  const ofPages = new Map(Array.from(documents, ([path, name]) => [path, documentOf(name)]));
  const shells = new Map([trackShell, docsShell].map((name) => [name, readBuilt(dist, name)]));
  const files = builtFiles(dist);
  return {
    files: (request, response, next) => (isDocument(request.path) ? next() : files(request, response, next)),
    shell: async (name) => shells.get(name),
    page: readAt(
      (path) => !isDocument(path) && isBuilt(dist, path),
      async (request, response) => {
        if (page === undefined) {
          response.status(503).type('text').send('The pages are not built yet: run "npm run build".\n');
          return;
        }
        const shown = ofPages.get(request.path) ?? page;
        await shown.send(request, response.status(statusOf(request.path)));
      },
    ),
    close: async () => {},
  };
}

/** The app straight from its source, with hot reload over the same port. */
async function developed({ http, source }: WebDoorOptions): Promise<Served> {
  const { createServer } = await import('vite');
  const shell = (name: string, url: string) =>
    vite.transformIndexHtml(url, readFileSync(join(source, name), 'utf8'));
  const vite = await createServer({
    root: source,
    appType: 'custom',
    server: { middlewareMode: true, hmr: { server: http } },
  });
  return {
    files: vite.middlewares,
    shell,
    page: readAt(
      () => false,
      async (request, response) => {
        const page = await shell('index.html', request.originalUrl);
        response.status(statusOf(request.path)).type('html').send(page);
      },
    ),
    close: () => vite.close(),
  };
}

/**
 * A page for whoever reads, also where there is none. Other methods are told what an address knows, if it is one of ours.
 * @param isFile what is found by this path, beside the pages
 */
function readAt(
  isFile: (path: string) => boolean,
  page: (request: Request, response: Response) => Promise<void>,
): RequestHandler {
  // `*` is the whole hub.
  const isKnown = (path: string) =>
    path === '*' || documents.has(canonicalPath(path) ?? path) || isFile(path);
  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead) return page(request, response);
    return (isKnown(request.path) ? onlyRead : nothingHere)(request, response, next);
  };
}

/** A page's document is known by the page's address alone, or is none without its parcel. */
function isDocument(path: string): boolean {
  return fileIn(path)?.endsWith('.html') === true;
}

function statusOf(path: string): number {
  return documents.has(path) ? 200 : 404;
}

/** A page is found under what a hand or a mail makes of its address. Behind the `#` the browser keeps what there was. */
const toMeantPath: RequestHandler = (request, response, next) => {
  const { method, path, originalUrl } = request;
  const meant = method === 'GET' || method === 'HEAD' ? canonicalPath(path) : undefined;
  if (meant === undefined) return next();
  const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '';
  response.set('cache-control', 'no-store').redirect(308, meant + query);
};

/** Whom the gate does not let in gets what is nobody's secret, the pages' own files among it, and for the rest words. */
function oursOrPublic({ gate, open }: WebDoorOptions, served: Served, docs: Router): RequestHandler {
  const shown = express.Router();
  for (const router of open) shown.use(router);
  shown.use('/docs', docs);
  shown.use((request, _response, next) => next(isDocument(request.path) ? 'router' : undefined));
  shown.use(served.files);
  shown.get([...documents.keys()], served.page);
  return (request, response, next) => {
    if (gate.isOurs(request.headers)) return next();
    shown(request, response, (error?: unknown) => {
      if (error !== undefined && error !== null) return next(error);
      response.locals['isStranger'] = true;
      next(gate.refusalOf(request));
    });
  };
}

/** A customer's browser shows a page, not a document for programs. */
function refusedTracking({ track }: WebDoorOptions, served: Served): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const isShown = response.locals['isStranger'] === true && request.accepts(['json', 'html']) === 'html';
    const shell = isShown ? await served.shell(trackShell, request.originalUrl) : undefined;
    if (shell === undefined || !(error instanceof CapsError)) return next(error);
    const page = track.turnedAway(shell, error.message, request);
    response.status(403).type('html').set('cache-control', 'no-store').send(page);
  };
}

/** Has every refusal counted, whichever door of HTTP it is of, and dispatch told of it. */
function noticed({ presence, addressOf }: WebDoorOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { code, message } = toCapsError(error) ?? new CapsError('internal');
    const known: unknown = response.locals['who'];
    const who = typeof known === 'string' ? known : addressOf(request);
    presence.notice('refused', 'rest', message, { code, who });
    next(error);
  };
}

/**
 * Strict, and without what a browser only takes from HTTPS: most users open a plain address of their LAN. No
 * `Strict-Transport-Security` even by HTTPS, because browsers hold it against every port of that name, for as long as
 * they were told: `localhost`, or a machine that serves other things too.
 */
function securityHeaders(dev: boolean): RequestHandler {
  const [plain, secure] = [helmetOf(dev, false), helmetOf(dev, true)];
  return (request, response, next) => (request.secure ? secure : plain)(request, response, next);
}

function helmetOf(dev: boolean, isSecure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: dev
      ? false
      : {
          useDefaults: false,
          directives: {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'"],
            imgSrc: ["'self'"],
            fontSrc: ["'self'"],
            connectSrc: ["'self'"],
            workerSrc: ["'self'"],
            manifestSrc: ["'self'"],
            baseUri: ["'none'"],
            formAction: ["'self'"],
            frameAncestors: ["'none'"],
            ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
          },
        },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
