/** Process that writes a log of reading.bench.ts. Arguments: `folder kind records tree`. */

import { writeLog } from './log-writer.ts';
import { type LogKind, recordAt } from './reading-log.ts';

const [folder = '', kind = 'city', records = '0', tree = ''] = process.argv.slice(2);
const at = recordAt(kind as LogKind, Number(records));
await writeLog({ folder, records: Number(records), at, everyMs: 10, tree });
