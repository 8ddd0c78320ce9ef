// Waits until a URL answers 200, or until the process that should answer is gone, or a minute has passed.
// Usage: node scripts/wait.mjs URL PID
import { setTimeout as pause } from 'node:timers/promises';

const [url, pid] = process.argv.slice(2);
const deadline = Date.now() + 60_000;

function alive() {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

async function answers() {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

while (!(await answers())) {
  if (!alive()) {
    console.error('the server has ended');
    process.exit(1);
  }
  if (Date.now() > deadline) {
    console.error(`no answer from ${url} within a minute`);
    process.exit(1);
  }
  await pause(50);
}
