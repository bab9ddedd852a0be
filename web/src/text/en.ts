/* Every English word of the pages. fr.ts has the same keys: the compiler sees to it. */
const s = (n: number) => (n === 1 ? '' : 's');

export type Lang = 'en' | 'fr';

export const en = {
  lang: 'en' as Lang,
  locale: 'en-GB',
  site: 'Listening Intelligence',
  skip: 'Skip to the content',
  otherLanguage: { name: 'Français', lang: 'fr' as Lang },
  theme: { toDark: 'Dark theme', toLight: 'Light theme' },
  footer: {
    line: 'No account, no cookies. Everything you enter here is erased after 24 hours.',
  },

  home: {
    title: 'Listening Intelligence: your profile, from your artists',
    description:
      'Name five to ten artists you love and see which emotions their music carries, and why. No account; everything is gone in 24 hours.',
    heading: 'Your profile, from your artists.',
    lede: 'Name five to ten artists you love. See which emotions their music carries, and why.',
    start: 'Start with your artists',
    example: 'Try it with an example set',
    drop: 'Bring your play history or your music',
    back: 'Back to your profile',
    exampleLabel: 'Example card',
    exampleOf: (names: string) => `An example, computed from the genres of ${names}.`,
    promisesLabel: 'Three promises',
    promises: [
      { title: 'No account', text: 'No sign-up and no key. Your browser holds one random number, that is all.' },
      {
        title: 'Measured, not guessed',
        text: 'Where we can hear the music, we measure its sound. The rest is estimated from genres, and every number says which.',
      },
      { title: 'Gone in 24 hours', text: 'Everything is erased after a day. Or at once, when you say so.' },
    ],
  },

  choose: {
    title: 'Choose your artists · Listening Intelligence',
    description: 'Search for the artists you love and choose five to ten of them.',
    heading: 'Who do you listen to?',
    label: 'Search for an artist',
    placeholder: 'An artist’s name',
    hint: 'Choose five to ten artists.',
    keys: 'Arrow keys move through the results, Enter chooses.',
    results: 'Artists found',
    clear: 'Clear the search',
    popularity: (n: number) => `popularity ${n} of 100`,
    already: 'chosen',
    searching: 'Searching',
    found: (n: number) => (n === 0 ? 'No artist found.' : `${n} artist${s(n)} found.`),
    nobody: (words: string) => `No artist found for “${words}”.`,
    nobodyHint: 'Check the spelling, or try only the beginning of the name.',
    added: (name: string, n: number) => `${name} added. ${n} of 10.`,
    removed: (name: string, n: number) => `${name} removed. ${n} of 10.`,
    full: 'Ten artists is all there is room for. Remove one to add another.',
    alreadyChosen: (name: string) => `${name} is chosen already.`,
    chosen: 'Your artists',
    none: 'Nobody yet. Search for a name to begin.',
    remove: 'Remove',
    removeAll: 'Remove all',
    count: (n: number) => `${n} artist${s(n)} of five to ten`,
    more: (n: number) =>
      n === 0 ? 'Choose five to ten' : n < 5 ? `${5 - n} more to go` : n < 10 ? `Ready. Up to ${10 - n} more` : 'Ready. That is all ten',
    go: 'Make my profile',
    goWith: (n: number) => `Go on with ${n}`,
    example: 'Use an example',
    exampleAdded: (names: string) => `Example set: ${names}.`,
    files: {
      heading: 'Or drop your music',
      lede: 'Files or whole folders, measured in your browser: not one byte of sound leaves this computer.',
      choose: 'Choose files',
    },
  },

  making: {
    heading: 'Making your profile',
    stages: {
      session: 'Opening a session',
      extract: 'Finding the tracks of your artists',
      transform: 'Listening for features, or estimating them from genres',
      profile: 'Weighing the emotions',
    },
    tracks: (done: number, total: number) => `${done} of ${total} tracks`,
    artists: (n: number) => `${n} artist${s(n)}`,
    progress: 'Progress',
    open: 'Every colour is still possible. Yours come with the profile.',
    steady: 'Each track takes its moment. You can leave the page open; your choices are kept.',
    slow: 'This takes longer than usual. You can leave the page open; your choices are kept.',
  },

  profile: {
    title: 'Your profile · Listening Intelligence',
    description: 'Your emotional profile: the emotions your artists carry, and where each number comes from.',
    heading: 'Your profile',
    loading: 'Looking for your profile',
    updating: 'Working it out again',
    ready: (emotion: string) => `Your profile is ready. First: ${emotion}.`,

    card: {
      label: (emotion: string) => `Your card: ${emotion}`,
      then: (names: string[]) => `then ${names.join(' and ')}`,
      energy: 'energy',
      danceability: 'danceability',
      estimated: 'estimated from genres',
      partly: (n: number, total: number) => `${n} of ${total} tracks from sound or data`,
      told: 'from sound or data',
      measured: 'measured from sound',
    },

    emotions: {
      heading: 'Your emotions',
      lede: 'Sixteen emotions share your music. The bar is each one’s share; the tick is its ordinary share over all music.',
      usual: (times: string) => `${times} times its ordinary share`,
      why: 'Why?',
      all: (n: number) => `Show all ${n}`,
      fewer: 'Show fewer',
      kinds: {
        term: { title: 'Sound', text: 'What the sound of your measured tracks adds or takes away, in log-odds.' },
        genre: { title: 'Genres', text: 'Points above or below the ordinary share that a genre brings.' },
        artist: { title: 'Artists', text: 'Each artist’s part of this emotion.' },
        track: { title: 'Tracks', text: 'Each measured track’s part of this emotion.' },
      },
      points: (value: string) => `${value} points`,
      strength: (value: number) =>
        `${Math.abs(value) >= 0.5 ? 'strongly' : Math.abs(value) >= 0.2 ? 'clearly' : 'slightly'} ${value >= 0 ? 'for' : 'against'}`,
      nothing: 'No single reason stands out.',
    },

    files: {
      heading: 'Another one?',
      text: 'This profile was made from what you brought: no artist was chosen.',
      go: 'Choose artists or other files',
    },

    artists: {
      heading: 'What if?',
      lede: 'Remove an artist, or add one. Everything on this page is worked out again.',
      last: 'A profile needs one artist at least.',
    },

    empty: {
      heading: 'No profile here yet',
      text: 'This browser holds no profile. Choose a few artists and it is made in seconds.',
      go: 'Choose artists',
    },
    gone: {
      heading: 'This profile is gone',
      text: 'A day has passed, or it was erased. Nothing of it is left with us.',
      kept: (n: number) => `Your choice of ${n} artist${s(n)} is still in this browser.`,
      again: 'Make it again',
      other: 'Choose others',
    },
    erased: {
      heading: 'Erased',
      text: 'Your profile, your session and your choices are gone, here and with us.',
      go: 'Start again',
    },
  },

  errors: {
    kept: 'Your choices are kept.',
    retry: 'Try again',
    change: 'Change the artists',
    detail: 'What the service said',
    offline: { what: 'You are offline.', todo: 'Try again when the connection is back.' },
    network: { what: 'The service cannot be reached.', todo: 'Check your connection, then try again.' },
    timeout: { what: 'The service took too long to answer.', todo: 'Try again in a moment.' },
    busy: { what: 'Too many are asking just now.', todo: 'Wait a few seconds, then try again.' },
    full: { what: 'The service has no room to store a new profile.', todo: 'Try again later.' },
    server: { what: 'Something broke on our side.', todo: 'Try again; if it stays so, come back later.' },
    invalid: { what: 'The service did not accept this choice.', todo: 'Change the artists, then try again.' },
    unknown: { what: 'One of these artists is no longer known.', todo: 'Change the artists, then try again.' },
    gone: { what: 'This profile has expired or was erased.', todo: 'Make it again.' },
  },

  notFound: {
    title: 'Nothing here · Listening Intelligence',
    heading: 'Nothing here',
    text: 'This page does not exist, or no longer does.',
    go: 'To the start',
  },
};

export type Text = typeof en;
