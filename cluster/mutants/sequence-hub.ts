/** A mutant of the order proof: a hub that takes its numbers from a sequence, without the lock of the head. */

import { Connection, type Statement } from '../../server/store/postgres/connection.ts';

const { all } = Connection.prototype;
/** Numbers per commit. */
const block = 256;

Connection.prototype.all = async function run(this: Connection, statements) {
  if (statements.some(({ name }) => name === 'try-head'))
    await all.call(this, [{ text: `CREATE SEQUENCE IF NOT EXISTS numbers INCREMENT BY ${block} START 1` }]);
  return all.call(this, statements.map(withSequence));
};

function withSequence(statement: Statement): Statement {
  const { name, text } = statement;
  if (name === 'try-head' || name === 'lock-head') {
    return {
      ...statement,
      text: text.replace(', seq,', ", nextval('numbers') - 1 AS seq,").replace(/FOR UPDATE.*/, ''),
    };
  }
  return name === 'move-head'
    ? { ...statement, text: text.replace('seq = $1', 'seq = greatest(seq, $1)') }
    : statement;
}

await import('../../server/main.ts');
