// Reads `go test -json`, prints a line a package and everything a failing test said, then a count.
// Exits with 1 when a test or a package failed, or when nothing ran.
import { createInterface } from 'node:readline';

const said = new Map(); // output of tests and packages that have not passed yet
const count = { pass: 0, fail: 0, skip: 0 };
let packages = 0;
let failed = 0;

function close(key, show) {
  if (show) process.stdout.write((said.get(key) ?? []).join(''));
  said.delete(key);
}

function ended(event, key) {
  if (event.Test) {
    count[event.Action]++;
    close(key, event.Action === 'fail');
    return;
  }
  if (event.Action === 'fail') failed++;
  if (event.Action !== 'skip') {
    packages++;
    console.log(`${event.Action === 'fail' ? 'FAIL' : 'ok  '} ${event.Package} ${(event.Elapsed ?? 0).toFixed(1)}s`);
  }
  close(key, event.Action === 'fail');
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith('{')) {
    console.log(line);
    continue;
  }
  const event = JSON.parse(line);
  const key = `${event.Package ?? event.ImportPath} ${event.Test ?? ''}`;
  if (event.Action === 'output' || event.Action === 'build-output') {
    said.set(key, [...(said.get(key) ?? []), event.Output]);
  } else if (event.Action === 'build-fail') {
    close(key, true);
  } else if (['pass', 'fail', 'skip'].includes(event.Action)) {
    ended(event, key);
  }
}
console.log(`= ${packages} packages, ${count.pass} passed, ${count.fail} failed, ${count.skip} skipped`);
process.exit(failed > 0 || count.fail > 0 || packages === 0 ? 1 : 0);
