import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../src/server.ts';

/** Figure is one measured number and, where there is one, what it must not exceed (`most`) or fall below (`least`). */
export type Figure = { name: string; value: number; unit: string; most?: number; least?: number };

/** report prints the figures as a table and writes them to e2e/results/perf.json. */
export async function report(figures: Figure[]): Promise<void> {
  const rows = figures.map((f) => [f.name, `${round(f.value)} ${f.unit}`, bound(f), verdict(f)]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  console.log('');
  for (const [name = '', value = '', limit = '', good = ''] of rows) {
    console.log(`  ${name.padEnd(width(0))}  ${value.padStart(width(1))}  ${limit.padEnd(width(2))}  ${good}`);
  }
  const folder = join(root, 'e2e/results');
  await mkdir(folder, { recursive: true });
  const machine = { cores: cpus().length, model: cpus()[0]?.model };
  const text = JSON.stringify({ at: new Date().toISOString(), url: process.env.PARLEY_URL, machine, figures }, null, 2);
  await writeFile(join(folder, 'perf.json'), `${text}\n`);
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function bound({ most, least, unit }: Figure): string {
  if (most !== undefined) return `≤ ${most} ${unit}`;
  return least === undefined ? '' : `≥ ${least} ${unit}`;
}

function verdict({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Figure): string {
  return value <= most && value >= least ? '' : 'MISSED';
}
