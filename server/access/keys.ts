/**
 * Issues, finds and revokes access keys. A key is 192 random bits behind a prefix that names its role. It is shown
 * once, to the admin who issued it; the hub stores only its hash.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CapsError } from '../../protocol/errors.ts';
import type { IssuedKey, KeyRequest, ListedKey } from '../../protocol/rest.ts';
import type { Clock } from '../clock.ts';
import type { Keys, StoredKey } from '../store/store.ts';

/** Includes revoked keys; the oldest of these is evicted first. */
const keysMax = 10_000;
const keyBytes = 24;
const prefixes = { vendor: 'ven_', driver: 'drv_', admin: 'adm_' } as const;
/** Characters of the key's end in its hint. */
const endShown = 4;

/** The holder of a valid key. */
export interface KeyHolder {
  /** Undefined for the admin key from the settings, which cannot be revoked. */
  readonly id: string | undefined;
  readonly role: StoredKey['role'];
  readonly owner: string;
  readonly name: string;
}

// ---- the ring ----

export class KeyRing {
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #adminHash: Buffer;

  constructor(keys: Keys, clock: Clock, adminKey: string) {
    this.#keys = keys;
    this.#clock = clock;
    this.#adminHash = hashOf(adminKey);
  }

  /** @throws CapsError too-large when the hub has as many keys as it can */
  async issue(wanted: KeyRequest): Promise<IssuedKey> {
    await this.#makeRoom();
    const { role } = wanted;
    const key = prefixes[role] + randomBytes(keyBytes).toString('base64url');
    const stored: StoredKey = {
      ...{ id: randomBytes(8).toString('hex'), hash: hashOf(key), role, name: wanted.name ?? '' },
      owner: role === 'vendor' ? wanted.store : role === 'driver' ? wanted.driver : '',
      hint: `${prefixes[role]}…${key.slice(-endShown)}`,
      createdAt: this.#now(),
    };
    await this.#keys.add(stored);
    return { ...said(stored), key };
  }

  async #makeRoom(): Promise<void> {
    const all = await this.#keys.list();
    if (all.length < keysMax) return;
    const oldest = all.findLast(({ revokedAt }) => revokedAt !== undefined);
    if (!oldest) throw new CapsError('too-large', `There are ${keysMax} keys; revoke one first.`);
    await this.#keys.forget(oldest.id);
  }

  /** The newest first. */
  async list(): Promise<ListedKey[]> {
    return (await this.#keys.list()).map((key) => ({
      ...said(key),
      hint: key.hint,
      ...(key.revokedAt === undefined ? {} : { revokedAt: key.revokedAt }),
    }));
  }

  /** False if there is no such key. */
  async revoke(id: string): Promise<boolean> {
    return this.#keys.revoke(id, this.#now());
  }

  /** Which of these keys are revoked. */
  revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    return this.#keys.revokedAmong(ids);
  }

  /** The holder, if this is the key from the settings. */
  findAdmin(key: string): KeyHolder | undefined {
    const isIt = timingSafeEqual(hashOf(key), this.#adminHash);
    return isIt ? { id: undefined, role: 'admin', owner: '', name: '' } : undefined;
  }

  /** The holder of an issued key. Undefined for any other, revoked ones included. */
  async find(key: string): Promise<KeyHolder | undefined> {
    const hash = hashOf(key);
    if (!/^(ven|drv|adm)_[\w-]{32}$/.test(key)) return undefined;
    const known = await this.#keys.find(hash);
    return known && known.revokedAt === undefined && timingSafeEqual(hash, known.hash) ? known : undefined;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** A key's public fields, without the key or its hash. */
function said({ id, role, owner, name, createdAt }: StoredKey): Omit<ListedKey, 'hint'> {
  return {
    ...{ id, role },
    ...(role === 'vendor' ? { store: owner } : role === 'driver' ? { driver: owner } : {}),
    ...(name === '' ? {} : { name }),
    createdAt,
  };
}
