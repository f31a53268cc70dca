/** Gets a certificate for a public name by ACME (RFC 8555). */

import * as acme from 'acme-client';
import { AuthorityAwayError, type Challenges } from './challenges.ts';
import { type Pair, pairIn, readIfThere, writeOwn } from './pairs.ts';

export interface OrderOptions {
  /** The name for which the certificate is. */
  readonly name: string;
  /** The authority's directory. */
  readonly directory: string;
  /** File of the account's key. */
  readonly accountFile: string;
  readonly challenges: Challenges;
}

/** In the order in which they are tried: the first needs port 443 alone, which the pages need, too. */
const kinds = ['tls-alpn-01', 'http-01'] as const;
type ChallengeKind = (typeof kinds)[number];

const answerMaxMs = 20_000;
/** Of one request; the caller tries the whole again later. */
const triesMax = 1;

interface AcmeDefaults {
  timeout?: number | undefined;
  acmeSettings?: { retryMaxAttempts: number };
}

/** @throws AuthorityAwayError, or an Error with the authority's words */
export async function orderCertificate(options: OrderOptions): Promise<Pair> {
  const defaults: AcmeDefaults = acme.axios.defaults;
  defaults.timeout = answerMaxMs;
  if (defaults.acmeSettings) defaults.acmeSettings.retryMaxAttempts = triesMax;
  const client = await signIn(options);
  let failure: unknown;
  for (const kind of kinds) {
    try {
      return await reached(orderBy(kind, client, options));
    } catch (error) {
      if (error instanceof AuthorityAwayError) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function orderBy(
  kind: ChallengeKind,
  client: acme.Client,
  { name, challenges }: OrderOptions,
): Promise<Pair> {
  const order = await client.createOrder({ identifiers: [{ type: 'dns', value: name }] });
  for (const authorization of await client.getAuthorizations(order)) {
    // Proven a while ago.
    if (authorization.status === 'valid') continue;
    const challenge = authorization.challenges.find(({ type }) => type === kind);
    if (!challenge) throw new Error(`the certificate authority does not offer ${kind}`);
    const answer = await client.getChallengeKeyAuthorization(challenge);
    const takeBack =
      kind === 'http-01'
        ? challenges.say(challenge.token, answer)
        : challenges.show(await alpnPair(authorization, answer));
    try {
      await client.completeChallenge(challenge);
      await client.waitForValidStatus(challenge);
    } finally {
      takeBack();
    }
  }
  const key = await acme.crypto.createPrivateEcdsaKey('P-256');
  const [, request] = await acme.crypto.createCsr({ commonName: name, altNames: [name] }, key);
  const done = await client.finalizeOrder(order, request);
  return pairIn(`${await client.getCertificate(done)}\n${key}`);
}

async function alpnPair(authorization: acme.Authorization, answer: string): Promise<Pair> {
  const [key, cert] = await acme.crypto.createAlpnCertificate(authorization, answer);
  return { cert: String(cert), key: String(key) };
}

interface Account {
  readonly key: string;
  readonly url: string;
}

/** With the account of before, or a new one. */
async function signIn({ directory, accountFile }: OrderOptions): Promise<acme.Client> {
  const known = accountIn(accountFile);
  if (known) {
    const client = clientFor(directory, known);
    try {
      // Changes nothing, and says whether the authority still knows it.
      await reached(client.updateAccount());
      return client;
    } catch (error) {
      if (error instanceof AuthorityAwayError) throw error;
    }
  }
  const key = String(await acme.crypto.createPrivateEcdsaKey('P-256'));
  const client = clientFor(directory, { key });
  await reached(client.createAccount({ termsOfServiceAgreed: true }));
  writeOwn(accountFile, JSON.stringify({ key, url: client.getAccountUrl() }));
  return client;
}

function clientFor(directory: string, { key, url }: Pick<Account, 'key'> & Partial<Account>): acme.Client {
  return new acme.Client({
    ...{ directoryUrl: directory, accountKey: key },
    ...(url === undefined ? {} : { accountUrl: url }),
    ...{ backoffMin: 1_000, backoffMax: 10_000, backoffAttempts: 15 },
  });
}

/** @returns undefined if there is none, or its file is damaged: then there will be a new one */
function accountIn(file: string): Account | undefined {
  try {
    const said: unknown = JSON.parse(readIfThere(file) ?? '');
    const isAccount = typeof said === 'object' && said !== null && 'key' in said && 'url' in said;
    return isAccount ? { key: String(said.key), url: String(said.url) } : undefined;
  } catch {
    return undefined;
  }
}

async function reached<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (cause) {
    const isAway = cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
    if (isAway) throw new AuthorityAwayError(cause.message, { cause });
    throw cause;
  }
}
