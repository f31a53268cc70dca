/** Why a hub is `unavailable`: sentences of the hub that pages translate. Apart, so that English pages do not load them. */
export const unavailableReasons = {
  'cannot-record': 'The hub cannot record anything right now.',
  'database-away': 'The hub’s database does not answer. Try again in a moment.',
  stopping: 'The hub is stopping; it will be back.',
} as const;

export type UnavailableReason = keyof typeof unavailableReasons;
