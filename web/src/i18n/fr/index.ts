import admin from './admin.json';
import app from './app.json';
import channels from './channels.json';
import composer from './composer.json';
import drafts from './drafts.json';
import emoji from './emoji.json';
import files from './files.json';
import groups from './groups.json';
import integrations from './integrations.json';
import markdown from './markdown.json';
import messages from './messages.json';
import moderation from './moderation.json';
import notify from './notify.json';
import oauth from './oauth.json';
import people from './people.json';
import search from './search.json';
import settings from './settings.json';
import sidebar from './sidebar.json';
import signin from './signin.json';
import statistics from './statistics.json';
import switcher from './switcher.json';
import teams from './teams.json';
import threads from './threads.json';
import topics from './topics.json';
import ui from './ui.json';
import welcome from './welcome.json';

export default {
  ...admin,
  ...app,
  ...channels,
  ...composer,
  ...drafts,
  ...emoji,
  ...files,
  ...groups,
  ...integrations,
  ...markdown,
  ...messages,
  ...moderation,
  ...notify,
  ...oauth,
  ...people,
  ...search,
  ...settings,
  ...sidebar,
  ...signin,
  ...statistics,
  ...switcher,
  ...teams,
  ...threads,
  ...topics,
  ...ui,
  ...welcome,
};
