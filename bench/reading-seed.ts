/**
 * Process that writes a log of reading.bench.ts. Arguments: `folder kind records tree`, and the address of
 * a PostgreSQL database that takes it.
 */

import { writeLog } from './log-writer.ts';
import { type LogKind, recordAt } from './reading-log.ts';

const [folder = '', kind = 'city', records = '0', tree = '', databaseUrl] = process.argv.slice(2);
const at = recordAt(kind as LogKind, Number(records));
await writeLog({ folder, databaseUrl, records: Number(records), at, everyMs: 10, tree });
