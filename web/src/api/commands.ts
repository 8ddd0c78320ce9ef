/** Slash commands: what a team has, how a typed one may go on, and running one. */
import { get, post } from './http';

/** ServerCommand is a command as it is offered; what only its managers may know is blank. */
export type ServerCommand = {
  trigger: string;
  display_name: string;
  auto_complete_desc: string;
  auto_complete_hint: string;
};

/** CommandSuggestion is a way to go on; `Complete` is the whole input then, without its slash. */
export type CommandSuggestion = {
  Complete: string;
  Suggestion: string;
  Hint: string;
  Description: string;
  IconData: string;
};

/** CommandAnswer is what running one came to; its words arrive as messages. */
export type CommandAnswer = { goto_location: string; text: string; response_type: string; trigger_id: string };

export const getTeamCommands = (teamId: string, signal?: AbortSignal): Promise<ServerCommand[]> =>
  get(`/teams/${teamId}/commands/autocomplete`, undefined, signal);

/** CommandPlace is where a command is typed. */
export type CommandPlace = { teamId: string; channelId: string; rootId?: string };

/** getCommandSuggestions says how what is typed, with its slash, may go on. */
export const getCommandSuggestions = (
  { teamId, channelId, rootId = '' }: CommandPlace,
  typed: string,
  signal?: AbortSignal,
): Promise<CommandSuggestion[]> =>
  get(
    `/teams/${teamId}/commands/autocomplete_suggestions`,
    { user_input: typed, channel_id: channelId, root_id: rootId },
    signal,
  );

/** MessageCommand is a command of an integration that is offered in the menu of messages. */
export type MessageCommand = { id: string; team_id: string; trigger: string; display_name: string };

export const getMessageCommands = (teamId: string): Promise<MessageCommand[]> =>
  get(`/parley/teams/${teamId}/commands/on_posts`);

/** runOnPost runs a command on a message. It fails with an `ApiError` that says what is wrong. */
export const runOnPost = (commandId: string, postId: string): Promise<CommandAnswer> =>
  post(`/parley/commands/${commandId}/on_post`, { post_id: postId });

/** executeCommand runs what somebody typed. It fails with an `ApiError` that says what is wrong. */
export const executeCommand = (
  { teamId, channelId, rootId = '' }: CommandPlace,
  command: string,
): Promise<CommandAnswer> =>
  post('/commands/execute', { command, channel_id: channelId, team_id: teamId, root_id: rootId });
