// The shortest useful conversation with a fresh server. Usage: node scripts/smoke.mjs URL
const url = process.argv[2];
let token = '';

async function call(method, path, body) {
  const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(`${url}/api/v4${path}`, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return { answer, token: response.headers.get('Token') ?? '' };
}

function expect(what, is, wanted) {
  if (is !== wanted) throw new Error(`${what}: expected ${wanted}, got ${is}`);
  console.log(`ok  ${what}`);
}

const user = { username: 'first', email: 'first@example.com', password: 'Smoke-Passw0rd-1' };
const ping = await call('GET', '/system/ping');
expect('the server answers', ping.answer.status, 'OK');
const created = await call('POST', '/users', user);
expect('the first user signs up', created.answer.username, user.username);
const login = await call('POST', '/users/login', { login_id: user.username, password: user.password });
token = login.token;
expect('and logs in', login.answer.id, created.answer.id);
expect('as an administrator', login.answer.roles.includes('system_admin'), true);
const team = (await call('POST', '/teams', { name: 'smoke', display_name: 'Smoke', type: 'O' })).answer;
const square = (await call('GET', `/teams/${team.id}/channels/name/town-square`)).answer;
const post = (await call('POST', '/posts', { channel_id: square.id, message: 'hello' })).answer;
const page = (await call('GET', `/channels/${square.id}/posts`)).answer;
expect('a message is kept', page.posts[post.id]?.message, 'hello');
const web = await fetch(url);
expect('the web page is served', web.ok && (await web.text()).includes('Parley'), true);
