export const messages = () => ({
  title: 'There is no page at this address.',
  hint: 'Perhaps the link was cut short, or has a letter too many.',
  toStart: 'To the start page',
});

export type Words = ReturnType<typeof messages>;
