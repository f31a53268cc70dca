import { useEffect, useState } from 'react';
import type { ParcelId } from '../../../protocol/orders.ts';
import { keyedRoles, keyOf } from '../../app/access-key.ts';
import { fetchHubInfo, wasKeyed } from '../../app/hub-info.ts';
import { parcelIn } from '../../app/parcel-link.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { Shell } from '../../ui/shell.tsx';
import { scanWords as words } from '../../words/scan.ts';
import styles from './scan-page.module.css';
import { type BrowserOwner, linkFor, scanRoles } from './scan-roles.ts';

/**
 * What the code on a parcel's label opens. It shows nothing of the parcel and does nothing with it: it leads on to the page
 * of whoever this browser belongs to.
 */
export function Page() {
  const [parcel] = useState(() => parcelIn(location.search));
  const owner = useOwner();
  return (
    <Shell page="scan">
      <div className={styles['page']}>
        {parcel ? (
          owner && <Ways owner={owner} parcel={parcel} />
        ) : (
          <>
            <h2>{words().noParcel}</h2>
            <p>{words().noParcelHint}</p>
          </>
        )}
      </div>
    </Shell>
  );
}

/** @returns undefined until the hub has said whether it asks for keys; offline, what it said last counts */
function useOwner(): BrowserOwner | undefined {
  const [access, setAccess] = useState<BrowserOwner['access']>();
  useEffect(() => {
    let isStale = false;
    fetchHubInfo().then(
      (info) => !isStale && setAccess(info.access),
      () => !isStale && setAccess(wasKeyed() ? 'keyed' : 'open'),
    );
    return () => {
      isStale = true;
    };
  }, []);
  if (access === undefined) return undefined;
  return {
    access,
    keys: keyedRoles.filter((role) => keyOf(role) !== undefined),
    driver: safeLocalStorage.read('driver'),
    store: safeLocalStorage.read('store'),
  };
}

/** Goes on where there is one way; asks where there are several; says what this is where there is none. */
function Ways({ owner, parcel }: { owner: BrowserOwner; parcel: ParcelId }) {
  const roles = scanRoles(owner, parcel);
  const [first, ...others] = roles;
  const only = others.length === 0 ? first?.link : undefined;
  useEffect(() => {
    if (only !== undefined) location.replace(only);
  }, [only]);
  if (only !== undefined) return <p>{words().opening}</p>;
  if (first) {
    return (
      <>
        <h2>{words().ask}</h2>
        <p>{words().askHint}</p>
        <ul className={styles['ways']}>
          {roles.map(({ role, name, link }) => (
            <li key={role}>
              <a href={link}>{role === 'admin' ? words().as.admin : words().as[role](name)}</a>
            </li>
          ))}
        </ul>
      </>
    );
  }
  const isKeyed = owner.access === 'keyed';
  const names = isKeyed ? words().signIn : words().role;
  return (
    <>
      <h2>{words().stranger}</h2>
      <p>{isKeyed ? words().keyedHint : words().strangerHint}</p>
      <ul className={styles['ways']}>
        {(['driver', 'vendor', 'admin'] as const).map((role) => (
          <li key={role}>
            <a href={linkFor(role, parcel)}>{names[role]}</a>
          </li>
        ))}
      </ul>
      <p className={styles['hint']}>{words().customer}</p>
    </>
  );
}
