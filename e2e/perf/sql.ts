import { spawnSync } from 'node:child_process';
import { author, type Fill, minute, type Order, sentence, texts } from './seed.ts';

/** bySql fills the rooms of a Parley that isn't running, in seconds, by what its own database would hold. */
export function bySql(database: string): Fill {
  return async (orders, writers) => {
    const sql = ['BEGIN;', turns(writers.map((w) => w.id)), ...orders.map(fillRoom), 'COMMIT;'].join('\n');
    const { status, stderr, error } = spawnSync('sqlite3', ['-bail', database], { input: sql, encoding: 'utf8' });
    if (error || status !== 0) throw new Error(`sqlite3: ${error?.message ?? stderr}`);
  };
}

/** What repeats: the texts, and who writes them. Both repeat after as many posts as there are pairs of them. */
function turns(authors: string[]): string {
  const period = Math.ceil(authors.length * 2.5 * texts.length);
  const rows = Array.from({ length: period }, (_, i) => {
    const text = sentence(i).replace(/ \(\d+\)$/, '');
    return `(${i}, '${authors[author(i) % authors.length]}', '${text.replace(/'/g, "''")}')`;
  });
  return `CREATE TEMP TABLE turns (turn INTEGER PRIMARY KEY, author TEXT, words TEXT);
    INSERT INTO turns VALUES ${rows.join(',\n')};`;
}

function fillRoom({ channel, posts, begin }: Order): string {
  return `
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${posts})
    INSERT INTO posts (id, createat, updateat, deleteat, userid, channelid, rootid, originalid, message, type, props,
      hashtags, filenames, fileids, hasreactions, editat, ispinned)
    SELECT lower(hex(randomblob(13))), ${begin} + i * ${minute}, ${begin} + i * ${minute}, 0, author, '${channel}', '', '',
      words || ' (' || (i + 1) || ')', '', '{}', '', '[]', '[]', false, 0, false
    FROM n JOIN turns ON turn = i % (SELECT count(*) FROM turns);
    UPDATE channels SET totalmsgcount = totalmsgcount + ${posts}, totalmsgcountroot = totalmsgcountroot + ${posts}
    WHERE id = '${channel}';
    UPDATE channelmembers SET msgcount = msgcount + ${posts}, msgcountroot = msgcountroot + ${posts}
    WHERE channelid = '${channel}';`;
}
