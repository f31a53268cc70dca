/** The pages over HTTP: their files, and what they need to know about the hub. */

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
import { CapsError } from '../../../protocol/errors.ts';
import { pages } from '../../../protocol/pages.ts';
import { authorOf } from '../../../protocol/parcel.ts';
import { canonicalPath } from '../../../protocol/paths.ts';
import type { HubInfo } from '../../../protocol/rest.ts';
import type { Access } from '../../access/access.ts';
import { forwarded } from '../../edge/addresses.ts';
import { FixedText } from '../../edge/fixed-text.ts';
import { noSocketHere } from '../../edge/odd-requests.ts';
import type { OriginPolicy } from '../../edge/origin-policy.ts';
import { noOtherMethod, nothingHere, problems, toCapsError } from '../../edge/problems.ts';
import { readJson } from '../../edge/requests.ts';
import type { Presence } from '../../hub/presence.ts';
import { builtFiles, fileIn, isBuilt, readBuilt } from './files.ts';

/** The customer's page; empty without its parcel. */
const trackShell = 'track.html';
/** The documentation's page; empty without its text. */
const docsShell = 'docs.html';
const qrLengthMax = 512;
/** A month. */
const secureSeconds = 2_592_000;
const onlyRead = noOtherMethod('GET');
/** HTML documents by page. Each can show any page, but lists the files that its own page starts with. */
const documents: ReadonlyMap<string, string> = new Map(pages.map(({ path, name }) => [path, `${name}.html`]));

export interface WebDoorOptions {
  readonly http: Server;
  readonly access: Access;
  readonly origins: OriginPolicy;
  readonly presence: Presence;
  readonly addressOf: (request: IncomingMessage) => string;
  /** Serves `/track`. */
  readonly track: {
    /** @param shell the page around a parcel's state; undefined while it is not built */
    router(shell: (url: string) => Promise<string | undefined>): Router;
    /** @returns the page for a request by a foreign address */
    turnedAway(shell: string, why: string, request: IncomingMessage): string;
  };
  /** Serves `/docs`, to everyone. */
  readonly docs: {
    /** @param shell the page around a document; undefined while it is not built */
    router(shell: (url: string) => Promise<string | undefined>): Router;
  };
  /** Routers without data, which answer any `Host` and `Origin`. */
  readonly open: readonly Router[];
  /** Routers that answer allowed origins only. */
  readonly guarded: readonly Router[];
  readonly version: string;
  /** Folder of the built app. */
  readonly dist: string;
  /** Source of the app, for a server that rebuilds on every change. */
  readonly source: string;
  readonly dev: boolean;
  /** Number of trusted proxies. */
  readonly proxies: number;
  /** The hub's addresses, the best first. */
  readonly addresses: () => readonly string[];
  /** Beginning of an outage; undefined while the hub can record. */
  readonly outageSince?: () => string | undefined;
  /** As set, for whoever comes through a proxy. */
  readonly publicUrl?: string | undefined;
  /** How it is reached by HTTPS; undefined where it is not. */
  readonly site?: SecureSite | undefined;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface WebDoor {
  readonly handler: Express;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export async function createWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const { origins, open, guarded, dev, addresses, onFault } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Only for `request.secure`; all doors find the client's address by themselves.
  app.set('trust proxy', options.proxies);

  // First, so that refusals have them, too.
  app.use(securityHeaders(dev));
  if (options.site) app.use(toHttps(options.site));
  app.use((request, _response, next) => next(noSocketHere(request)));
  app.use(toMeantPath);
  const served = dev ? await developed(options) : built(options);
  const docs = options.docs.router((url) => served.shell(docsShell, url));
  app.use(oursOrPublic(options, served, docs));
  // A browser names its page's origin only in a POST: so a page learns whether it may speak to the hub.
  app.route('/api/hub').get(sayHub).post(sayHub).all(noOtherMethod('GET', 'POST'));
  app.get('/qr.svg', async (request, response) => drawQrCode(request, response, request.query['url']));
  // A POST, because the encoded address may be a secret, like an access link.
  app.post('/qr.svg', async (request, response) => {
    const body = await readJson(request);
    const url = typeof body === 'object' && body !== null && 'url' in body ? body.url : undefined;
    await drawQrCode(request, response, url);
  });
  app.all('/qr.svg', noOtherMethod('GET', 'POST'));

  async function sayHub(request: Request, response: Response): Promise<void> {
    response
      .set('cache-control', 'no-store')
      .json({ ...(await hubFor(request, options)), ...outageOf(options) });
  }
  async function drawQrCode(request: Request, response: Response, wanted: unknown): Promise<void> {
    const url = typeof wanted === 'string' ? wanted : '';
    const isOurs = (origin: string) =>
      [origin, origin.replace(/^http:/, 'https:')].some((one) => addresses().includes(one)) ||
      origins.isOurOrigin(origin, request.headers.host);
    if (!URL.canParse(url) || url.length > qrLengthMax || !isOurs(new URL(url).origin))
      throw new CapsError('bad-message', 'A QR code is made of this hub’s addresses alone.');
    // Loaded when it is needed: a hub starts sooner.
    const { default: QRCode } = await import('qrcode');
    const svg = await QRCode.toString(url, { type: 'svg', margin: 2 });
    // Private: a customer's link is nobody else's business.
    response.type('image/svg+xml').set('cache-control', 'private, max-age=3600').send(svg);
  }
  for (const router of [...open, ...guarded]) app.use(router);
  app.use('/docs', docs);

  // Known paths in other capitals.
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

/**
 * What the hub tells about itself. A keyed hub tells strangers only that it is keyed, and a key's holder who they
 * are.
 */
async function hubFor(request: Request, options: WebDoorOptions): Promise<HubInfo> {
  const { access, version, addressOf } = options;
  const addresses = addressesFor(request, options);
  const said = options.site?.info();
  const https = said ? { https: said } : {};
  if (!access.isKeyed) return { version, access: 'open', addresses, ...https };
  const authorization = request.get('authorization');
  if (authorization === undefined) return { access: 'keyed', ...https };
  const caller = await access.identifyRequest(authorization, { address: addressOf(request), door: 'rest' });
  return { version, access: 'keyed', addresses, ...https, actor: authorOf(caller.actor({}, 'admin')) };
}

function outageOf({ outageSince }: WebDoorOptions): Pick<HubInfo, 'outage'> {
  const since = outageSince?.();
  return since === undefined ? {} : { outage: { since } };
}

/**
 * Addresses for links and QR codes, the best first. Behind a trusted proxy the hub's own are those of nobody: there it is the
 * address under which the proxy was asked, which any other hub behind it draws, too.
 */
function addressesFor(
  request: Request,
  { addresses, publicUrl, proxies }: WebDoorOptions,
): readonly string[] {
  const isProxied = ['x-forwarded-for', 'x-forwarded-proto'].some(
    (name) => forwarded(request, name, proxies) !== undefined,
  );
  if (!isProxied) return addresses();
  const asked = `${request.protocol}://${request.headers.host}`;
  return URL.canParse(asked)
    ? [...new Set([...(publicUrl ? [publicUrl] : []), new URL(asked).origin])]
    : addresses();
}

/** The part of the hub that knows its certificates. */
interface SecureSite {
  info(): HubInfo['https'];
  secureOrigin(host: string): string | undefined;
  isSecureForGood(host: string): boolean;
}

/**
 * Leads a person's browser to HTTPS where it trusts the certificate as it is; programs go on over plain HTTP. Not for good:
 * 307, because a certificate may be gone one day.
 */
function toHttps({ secureOrigin, isSecureForGood }: SecureSite): RequestHandler {
  return (request, response, next) => {
    const { host = '' } = request.headers;
    if (request.secure) {
      if (isSecureForGood(host)) response.set('strict-transport-security', `max-age=${secureSeconds}`);
      return next();
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const origin = isRead && isForPeople(request.path) ? secureOrigin(host) : undefined;
    if (origin === undefined) return next();
    response.set('cache-control', 'no-store').redirect(307, origin + request.originalUrl);
  };
}

/** Pages, but for the one that leads to HTTPS. */
function isForPeople(path: string): boolean {
  const page = canonicalPath(path) ?? path;
  return (documents.has(page) && page !== '/phone') || /^\/(docs|track)(\/|$)/.test(page);
}

interface PageSource {
  readonly files: RequestHandler;
  readonly page: RequestHandler;
  /** A built page with placeholders, for this address; undefined while it is not built. */
  shell(name: string, url: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Serves the output of `vite build`. */
function built({ dist }: WebDoorOptions): PageSource {
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

/** Serves the app from its source, with hot reload over the same port. */
async function developed({ http, source }: WebDoorOptions): Promise<PageSource> {
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
 * Serves a page for GET, even where there is none. Other methods get the allowed ones of a known address.
 * @param isFile whether a file has this path
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

/** These documents are served at their page's address only, or not without a parcel. */
function isDocument(path: string): boolean {
  return fileIn(path)?.endsWith('.html') === true;
}

function statusOf(path: string): number {
  return documents.has(path) ? 200 : 404;
}

/** Redirects common misspellings of a page's address. The browser keeps the part after `#`. */
const toMeantPath: RequestHandler = (request, response, next) => {
  const { method, path, originalUrl } = request;
  const meant = method === 'GET' || method === 'HEAD' ? canonicalPath(path) : undefined;
  if (meant === undefined) return next();
  const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '';
  response.set('cache-control', 'no-store').redirect(308, meant + query);
};

/** A browser of a refused origin gets the public files, and for everything else the reason. */
function oursOrPublic({ origins, open }: WebDoorOptions, served: PageSource, docs: Router): RequestHandler {
  const shown = express.Router();
  for (const router of open) shown.use(router);
  shown.use('/docs', docs);
  shown.use((request, _response, next) => next(isDocument(request.path) ? 'router' : undefined));
  shown.use(served.files);
  shown.get([...documents.keys()], served.page);
  return (request, response, next) => {
    if (origins.isOurs(request.headers)) return next();
    shown(request, response, (error?: unknown) => {
      if (error !== undefined && error !== null) return next(error);
      response.locals['isStranger'] = true;
      next(origins.refusalOf(request));
    });
  };
}

/** A customer's browser gets a page instead of a problem document. */
function refusedTracking({ track }: WebDoorOptions, served: PageSource): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const isShown = response.locals['isStranger'] === true && request.accepts(['json', 'html']) === 'html';
    const shell = isShown ? await served.shell(trackShell, request.originalUrl) : undefined;
    if (shell === undefined || !(error instanceof CapsError)) return next(error);
    const page = track.turnedAway(shell, error.message, request);
    response.status(403).type('html').set('cache-control', 'no-store').send(page);
  };
}

/** Counts every refusal over HTTP and tells dispatch. */
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
 * Strict, but without headers that need HTTPS: most users open a plain address of their LAN. No
 * `Strict-Transport-Security` even by HTTPS, because browsers apply it to every port of the name, and so to
 * everything else on `localhost` or that machine.
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
            // `blob:` for images that a page asked for with its key.
            imgSrc: ["'self'", 'blob:'],
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
