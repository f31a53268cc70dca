/** What an event takes on the disk. */

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startHub } from '../../testkit/hub-process.ts';
import { isIdle } from '../machine.ts';
import { liveAll } from './lives.ts';
import { atMost, grouped, type Scenario } from './scenario.ts';

const usualParcels = 40_000;
const bytesMax = 300;
/** Time for the search index to follow. */
const idleMaxMs = 40_000;

export const disk: Scenario = {
  name: 'disk',
  async run(share) {
    const parcels = Math.round(usualParcels * share);
    const data = await mkdtemp(join(tmpdir(), 'caps-bench-'));
    try {
      const hub = await startHub({ data });
      let events: number;
      try {
        events = await liveAll(hub, parcels);
        if (!(await isIdle(hub.pid, idleMaxMs))) throw new Error('the hub did not come to rest');
        // Brings the WAL into the file.
        await hub.stop();
      } finally {
        await hub.dispose();
      }
      const names = await readdir(data);
      const files = await Promise.all(
        names.map(async (name) => ({ name, bytes: (await stat(join(data, name))).size / events })),
      );
      const sum = files.reduce((all, { bytes }) => all + bytes, 0);
      const large = files.filter(({ bytes }) => bytes >= 0.5).toSorted((a, b) => b.bytes - a.bytes);
      return [
        {
          what: `whole lives of ${grouped(parcels)} parcels, ${grouped(events)} events, then a stop`,
          measured: `${sum.toFixed(0)} B an event`,
          beside: `${listOf(large)}; in caps.sqlite ${listOf(tablesIn(join(data, 'caps.sqlite'), events))}`,
          goals: [atMost('on disk', sum, bytesMax, 'B an event')],
        },
      ];
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
};

interface Part {
  readonly name: string;
  readonly bytes: number;
}

/** Tables and indexes, the largest first. */
function tablesIn(file: string, events: number): Part[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const sizes = db.prepare('SELECT name, sum(pgsize) AS size FROM dbstat GROUP BY name ORDER BY size DESC');
    const parts = sizes
      .all()
      .map((row) => ({ name: String(row['name']), bytes: Number(row['size']) / events }));
    return parts.filter(({ bytes }) => bytes >= 1);
  } finally {
    db.close();
  }
}

function listOf(parts: readonly Part[]): string {
  return parts.map(({ name, bytes }) => `${name} ${bytes.toFixed(0)}`).join(', ');
}
