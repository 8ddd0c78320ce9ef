/** The events that a subscription may be told of, by their public names. */
export const eventNames = [
  'posted',
  'post_edited',
  'post_deleted',
  'reaction_added',
  'reaction_removed',
  'channel_created',
  'channel_updated',
  'channel_deleted',
  'user_added',
  'user_removed',
] as const;
