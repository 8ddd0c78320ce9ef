/**
 * Makes the emoji data of the client from emojibase-data: `node scripts/emoji.mjs`.
 *
 * The names are exactly those that the server knows (internal/model/emoji_names.txt); what is written is
 *
 * - src/markdown/glyphs.json: each emoji with its names, grouped and ordered as pickers do, and the glyphs with skin
 *   tones that don't follow from the rule in glyphs.ts;
 * - src/features/emoji/words/<locale>.json: the label and keywords of each emoji, in the same order.
 *
 * The files stand in the repository; run this again when the names of the server or emojibase-data change.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const locales = ['en', 'fr'];
const toneNames = ['light', 'medium_light', 'medium', 'medium_dark', 'dark'];
const toneMarks = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];
/** The groups of emojibase that a picker shows; its components (bare skin tones) only have names. */
const shownGroups = [0, 1, 3, 4, 5, 6, 7, 8, 9];

const readJson = (path) => JSON.parse(readFileSync(`${root}node_modules/emojibase-data/${path}`, 'utf8'));

/** The server's names and how many skin tones each can be given. */
const served = new Map(
  readFileSync(`${root}../internal/model/emoji_names.txt`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name, tones]) => [name, Number(tones ?? 0)]),
);

const shortcodes = readJson('en/shortcodes/iamcal.json');
const data = readJson('en/data.json');

function namesOf(hexcode) {
  return [shortcodes[hexcode] ?? []].flat().filter((name) => served.has(name));
}

/** The rule of glyphs.ts: a tone follows each person, in the place of a mark of presentation. */
function toned(glyph, tone) {
  return [...glyph]
    .map((c, i, all) => {
      if (c === '\uFE0F' && i > 0 && /\p{Emoji_Modifier_Base}/u.test(all[i - 1])) return '';
      return /\p{Emoji_Modifier_Base}/u.test(c) ? c + toneMarks[tone] : c;
    })
    .join('');
}

/** Pairs: for names of two people, the glyph with 1 and 2 in the places of their tones. */
const pairs = {};
/** Glyphs with one tone that don't follow the rule. */
const exceptions = {};

function noteTones(emoji, names) {
  for (const skin of emoji.skins ?? []) {
    const tones = [skin.tone].flat();
    for (const name of names.filter((name) => served.get(name) >= tones.length)) {
      if (tones.length === 2) notePair(name, skin.emoji, tones);
      else if (toned(emoji.emoji, tones[0] - 1) !== skin.emoji)
        exceptions[`${name}_${toneNames[tones[0] - 1]}_skin_tone`] = skin.emoji;
    }
  }
}

function notePair(name, glyph, tones) {
  let place = 0;
  const pattern = [...glyph].map((c) => (toneMarks.includes(c) ? ++place : c)).join('');
  pairs[name] ??= pattern;
  const [first, second] = tones.map((t) => toneMarks[t - 1]);
  if (pairs[name].replace('1', first).replace('2', second) !== glyph) throw new Error(`${name} has no one pattern`);
}

/** Names by the version of Unicode's emojis that brought them, from the first that fonts in use may lack. */
const versions = {};
const firstVersion = 14;

const used = new Set();
const groups = shownGroups.map(() => []);
const words = Object.fromEntries(locales.map((locale) => [locale, shownGroups.map(() => [])]));
const byLocale = Object.fromEntries(
  locales.map((locale) => [locale, new Map(readJson(`${locale}/data.json`).map((e) => [e.hexcode, e]))]),
);
const hidden = [];

for (const emoji of data.sort((a, b) => (a.order ?? 1e6) - (b.order ?? 1e6))) {
  const names = namesOf(emoji.hexcode);
  if (names.length === 0) continue;
  for (const name of names) used.add(name);
  if (emoji.version >= firstVersion) {
    versions[emoji.version] ??= [];
    versions[emoji.version].push(names[0]);
  }
  noteTones(emoji, names);
  const tones = Math.max(...names.map((name) => served.get(name)));
  const line = [emoji.emoji, ...names].join(' ') + (tones ? ` ${tones}` : '');
  const group = shownGroups.indexOf(emoji.group);
  if (group < 0) {
    hidden.push(line);
    continue;
  }
  groups[group].push(line);
  for (const locale of locales) {
    const local = byLocale[locale].get(emoji.hexcode) ?? emoji;
    const label = local.label.trim();
    const tags = [...new Set((local.tags ?? []).map((t) => t.trim()))].filter((t) => t && !label.includes(t));
    words[locale][group].push([label, ...tags].join('|'));
  }
}

// The one name of the protocol that no character has.
hidden.push('\u{1F4AC} mattermost');
used.add('mattermost');

const missing = [...served.keys()].filter((name) => !used.has(name));
if (missing.length > 0) throw new Error(`emojibase-data has no glyph for: ${missing.join(' ')}`);

function write(path, value) {
  writeFileSync(`${root}${path}`, `${JSON.stringify(value, null, 2)}\n`);
}
mkdirSync(`${root}src/features/emoji/words`, { recursive: true });
write('src/markdown/glyphs.json', { groups, hidden, pairs, toned: exceptions, versions });
for (const locale of locales) write(`src/features/emoji/words/${locale}.json`, words[locale]);
