import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { accessible } from '../src/axe.ts';
import { Person } from '../src/person.ts';
import { type Call, Receiver } from '../src/receiver.ts';
import { Server } from '../src/server.ts';
import { words as t } from '../src/words.ts';

let server: Server;
let other: Receiver;
let admin: Person;
let context: BrowserContext;
let page: Page;
let hook: string;

const form = {
  callback_id: 'order',
  title: 'Order a tree',
  introduction_text: 'We plant **every Friday**.',
  submit_label: 'Order',
  notify_on_cancel: true,
  state: 'first',
  elements: [
    { display_name: 'How many', name: 'count', type: 'text', subtype: 'number', placeholder: 'such as 3' },
    { display_name: 'Note', name: 'note', type: 'textarea', optional: true, help_text: 'Read by the gardener.' },
    {
      display_name: 'Kind',
      name: 'kind',
      type: 'select',
      options: [
        { text: 'Oak', value: 'oak' },
        { text: 'Lime', value: 'lime' },
      ],
    },
    { display_name: 'Species', name: 'species', type: 'select', data_source: 'dynamic' },
    { display_name: 'Who plants', name: 'who', type: 'select', data_source: 'users', multiselect: true },
    {
      display_name: 'Water',
      name: 'water',
      type: 'radio',
      options: [
        { text: 'Every day', value: 'day' },
        { text: 'Every week', value: 'week' },
      ],
    },
    { display_name: 'Gift', name: 'gift', type: 'bool', placeholder: 'It is a gift', optional: true },
    { display_name: 'Day', name: 'day', type: 'date', min_date: 'today', default: 'tomorrow' },
    { display_name: 'Call me', name: 'call', type: 'datetime', optional: true },
  ],
};

const next = {
  callback_id: 'place',
  title: 'Where to',
  state: 'second',
  elements: [{ display_name: 'Place', name: 'place', type: 'text', min_length: 3 }],
};

async function openForm(call: Call): Promise<void> {
  const { trigger_id } = JSON.parse(call.body);
  const body = JSON.stringify({ trigger_id, url: `${other.url}/submit`, dialog: form });
  const answer = await fetch(`${server.url}/api/v4/actions/dialogs/open`, { method: 'POST', body });
  expect(answer.status).toBe(200);
}

/** What the other program does with what was filled in. */
function judged({ body }: Call) {
  const { type, callback_id, submission } = JSON.parse(body);
  if (type === 'dialog_lookup') {
    const all = [
      { text: 'English oak', value: 'robur' },
      { text: 'Cork oak', value: 'suber' },
    ];
    return { body: { items: all.filter(({ text }) => text.toLowerCase().includes(submission.query.toLowerCase())) } };
  }
  if (callback_id === 'order' && submission.count === 40)
    return { body: { errors: { count: 'There are only 12 trees.' } } };
  return { body: callback_id === 'order' ? { type: 'form', form: next } : {} };
}

let opened: Promise<void> = Promise.resolve();

function answers(call: Call): { status?: number; body?: unknown } {
  switch (call.path) {
    case '/approve':
      return { body: { update: { message: 'Approved by **somebody**', props: {} } } };
    case '/size':
    case '/who':
      return { body: { ephemeral_text: `Only you see ${JSON.parse(call.body).context.selected_option}` } };
    case '/broken':
      return { status: 500 };
    case '/form':
      opened = openForm(call);
      return {};
    default:
      return judged(call);
  }
}

test.beforeEach(async ({ browser }) => {
  server = await Server.start();
  other = await Receiver.start(answers);
  admin = await Person.administrator(server.url);
  const team = await admin.client.createTeam({ name: 'garden', display_name: 'Garden', type: 'O' } as never);
  const square = await admin.client.getChannelByName(team.id, 'town-square');
  hook = (await admin.client.createIncomingWebhook({ channel_id: square.id, display_name: 'Gardener' } as never)).id;
  context = await admin.browse(browser);
  page = await context.newPage();
});

test.afterEach(async () => {
  await admin.close();
  await server.stop();
  other.close();
  expect(admin.errors, 'thrown in a page').toEqual([]);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const called = (path: string) => other.calls.filter((call) => call.path === path).map(({ body }) => JSON.parse(body));

/** The other program writes a message with buttons and menus. */
async function ask(): Promise<void> {
  const to = (path: string) => ({ integration: { url: `${other.url}${path}`, context: { tree: 7 } } });
  const actions = [
    { name: 'Approve', style: 'primary', ...to('/approve') },
    { name: 'Well done', style: 'good', tooltip: 'Tells the gardener', ...to('/broken') },
    { name: 'Careful', style: 'warning', ...to('/form') },
    { name: 'Reject', style: 'danger', ...to('/broken') },
    { name: 'Violet', style: '#7744dd', ...to('/form') },
    { name: 'Pale', style: '#ffffee', disabled: true, tooltip: 'Not today', ...to('/form') },
    {
      name: 'Size',
      type: 'select',
      options: [
        { text: 'Small', value: 's' },
        { text: 'Large', value: 'l' },
      ],
      ...to('/size'),
    },
    { name: 'Gardener', type: 'select', data_source: 'users', ...to('/who') },
  ];
  const attachments = [{ color: 'good', title: 'A tree for the yard', text: 'Shall it be planted?', actions }];
  const answer = await fetch(`${server.url}/hooks/${hook}`, {
    method: 'POST',
    body: JSON.stringify({ text: 'A request', attachments }),
  });
  expect(await answer.text()).toBe('ok');
  await page.goto(`${server.url}/garden/channels/town-square`);
  await expect(button('Approve')).toBeVisible();
}

test('buttons and menus ask their program, which changes the message or answers one alone', async () => {
  await ask();
  await accessible(page, 'actions message');
  await expect(button('Pale')).toBeDisabled();
  await button('Reject').click();
  await expect(page.getByRole('alert').filter({ hasText: /\w/ }).first()).toBeVisible();
  await accessible(page, 'actions failed');
  await button('Size').click();
  await expect(page.getByRole('option', { name: 'Large' })).toBeVisible();
  await accessible(page, 'actions menu');
  await page.keyboard.type('lar');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Only you see l')).toBeVisible();
  await expect(button('Size: Large')).toBeFocused();
  await button('Gardener').click();
  await page.keyboard.type(admin.profile.username);
  await page.getByRole('option', { name: admin.profile.username }).click();
  await expect(page.getByText(`Only you see ${admin.id}`)).toBeVisible();
  expect(called('/size')).toMatchObject([{ type: 'select', user_id: admin.id, context: { tree: 7 } }]);
  await button('Approve').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Approved by somebody')).toBeVisible();
  await expect(button('Approve')).toHaveCount(0);
  expect(called('/approve')).toMatchObject([{ context: { tree: 7 }, user_id: admin.id }]);
});

test('a dialog is filled in, refused, accepted, and goes on to another', async () => {
  await ask();
  await button('Violet').click();
  await expect(dialog().getByRole('heading', { name: 'Order a tree' })).toBeVisible();
  await opened;
  const field = (name: string) => dialog().getByLabel(name, { exact: true });
  await expect(field('How many')).toBeFocused();
  await accessible(page, 'actions dialog');
  await dialog().getByRole('button', { name: 'Order', exact: true }).click();
  await expect(dialog().getByText(t('messages.interactive.required')).first()).toBeVisible();
  await accessible(page, 'actions dialog errors');
  expect(called('/submit').filter((one) => one.type === 'dialog_submission')).toEqual([]);
  await field('How many').fill('40');
  await field('Kind').selectOption('lime');
  await field('Species').fill('cork');
  await page.getByRole('option', { name: 'Cork oak' }).click();
  await field('Who plants').fill(admin.profile.username);
  await page.getByRole('option', { name: admin.profile.username }).click();
  await dialog().getByRole('radio', { name: 'Every week' }).check();
  await dialog().getByRole('checkbox', { name: 'It is a gift' }).check();
  await dialog().getByRole('button', { name: 'Order', exact: true }).click();
  await expect(dialog().getByText('There are only 12 trees.')).toBeVisible();
  await expect(field('How many')).toBeFocused();
  await accessible(page, 'actions dialog refused');
  await field('How many').fill('4');
  await field('How many').press('Enter');
  await expect(dialog().getByRole('heading', { name: 'Where to' })).toBeVisible();
  await field('Place').fill('Yard');
  await dialog()
    .getByRole('button', { name: t('messages.interactive.submit'), exact: true })
    .click();
  await expect(dialog()).toHaveCount(0);
  const sent = called('/submit').filter((one) => one.type === 'dialog_submission');
  expect(sent.at(-2)).toMatchObject({
    callback_id: 'order',
    state: 'first',
    user_id: admin.id,
    cancelled: false,
    submission: {
      count: 4,
      note: '',
      kind: 'lime',
      species: 'suber',
      who: [admin.id],
      water: 'week',
      gift: true,
      call: null,
    },
  });
  expect(sent.at(-2).submission.day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(sent.at(-1)).toMatchObject({ callback_id: 'place', state: 'second', submission: { place: 'Yard' } });
});

test('a dialog appears in the page that asked for it only, and a cancelled one is told of', async () => {
  const second = await context.newPage();
  await ask();
  await second.goto(`${server.url}/garden/channels/town-square`);
  await expect(second.getByRole('button', { name: 'Violet', exact: true })).toBeVisible();
  await button('Violet').click();
  await expect(dialog().getByRole('heading', { name: 'Order a tree' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
  await expect.poll(() => called('/submit').filter((one) => one.cancelled)).toMatchObject([{ state: 'first' }]);
  await expect(button('Violet')).toBeFocused();
  await expect(second.getByRole('dialog')).toHaveCount(0);
});
