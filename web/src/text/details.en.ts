/* The words of the profile below its first screen. They come with that part of the page: see details.ts. */
const s = (n: number) => (n === 1 ? '' : 's');

export const en = {
  /** An artist's or a track's emotion; unsure: it is no more than likely. */
  emotion: (label: string, unsure: boolean) => (unsure ? `perhaps ${label}` : label),

  map: {
    heading: 'Where your music lies',
    lede: 'Left to right from unpleasant to pleasant, bottom to top from calm to intense. The ring is the middle of your music.',
    ledeArtists: 'An artist known by genre alone is a soft patch: half its spread each way.',
    ledeTracks: 'A dot is a track with numbers of its own, in its emotion’s colour.',
    label: 'Map of moods',
    pleasant: 'pleasant',
    unpleasant: 'unpleasant',
    calm: 'calm',
    intense: 'intense',
    centre: 'the middle of your music',
    keys: 'Arrow keys move from one to the next.',
    table: 'The map as a table',
    columns: { name: 'Name', emotion: 'Emotion', valence: 'Pleasant', arousal: 'Intense', spread: 'Spread' },
    artist: 'artist, from genres',
  },

  radar: {
    heading: 'How it sounds',
    lede: 'The line is your average, the soft band how far your tracks stray from it.',
    label: 'Radar of features',
    table: 'The features as a table',
    columns: { feature: 'Feature', mean: 'Average', spread: 'Usual range' },
    range: (from: string, to: string) => `${from} to ${to}`,
    features: {
      energy: 'energy',
      danceability: 'danceability',
      valence: 'positivity',
      acousticness: 'acousticness',
      instrumentalness: 'instrumental',
      speechiness: 'speech',
    },
    tempo: (bpm: string) => `${bpm} beats a minute`,
    loudness: (level: string, unit: string) => `${level} ${unit}`,
    unknown: 'unknown',
  },

  genres: {
    heading: 'Genres',
    more: (n: number) => `${n} more`,
    none: 'No genre is known here: the profile rests on the tracks’ own numbers.',
    unknown: (list: string) => `Not known to the model, so not counted: ${list}.`,
  },

  tracks: {
    heading: 'Tracks',
    lede: 'The best-known tracks of each artist stand for the artist.',
    ledeFiles: 'The tracks that you dropped, by artist.',
    ledeHistory: 'The tracks that you played most, by artist.',
    /** key: 0 = C to 11 = B */
    key: (key: number, mode: number | null) =>
      `${['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'][key]}${mode === null ? '' : mode ? ' major' : ' minor'}`,
    bpm: (bpm: string) => `${bpm} BPM`,
    none: 'No track known. The artist counts by its genres.',
  },

  worth: {
    heading: 'What the numbers are worth',
    confidenceLabel: 'How sure',
    clearly: (a: string) => `Clearly ${a}.`,
    plainly: (a: string) => `${a[0]?.toUpperCase()}${a.slice(1)}, ahead of the rest.`,
    rather: (a: string, b: string) => `Rather ${a} or ${b}: they lie too close to call.`,
    perhaps: (a: string, b: string, c: string) => `Perhaps ${a}, ${b} or ${c}: none of them stands out.`,
    confidenceValue: (percent: string) => `Confidence ${percent}.`,
    coverageLabel: 'Coverage',
    coverage: (measured: number, total: number) => `${measured} of ${total} tracks measured.`,
    others: {
      provider: (n: number) => `${n} told by a music service`,
      dataset: (n: number) => `${n} read from a table of tracks`,
      estimated: (n: number) => `${n} estimated from genres`,
    },
    noTracks: 'No track is known: all is estimated from the artists’ genres.',
    sourcesLabel: 'Where the numbers come from',
    sources: {
      measured: { name: 'measured', text: 'We computed it from the sound itself.' },
      browser: { name: 'measured (in your browser)', text: 'Your own browser computed it from the sound itself, which never left your computer.' },
      provider: { name: 'provider', text: 'A music service told us.' },
      dataset: { name: 'dataset', text: 'It comes from an imported table of tracks.' },
      estimated: { name: 'estimated', text: 'Nobody heard the track for this: its artist’s genres say what is likely.' },
    },
    tracks: (n: number) => `${n} track${s(n)}`,
    ownNumbers: 'its tracks',
    artistsTable: 'How sure for each artist',
    artistColumns: { artist: 'Artist', genres: 'Read from', confidence: 'Confidence' },
    model: (model: string) => `Computed by the model ${model}: the same music always gives the same profile.`,
  },

  share: {
    heading: 'Share your card',
    lede: 'The picture is drawn in your browser. Your session is not on it.',
    format: 'Format',
    formats: {
      story: { name: 'Story', size: '1080 × 1920' },
      square: { name: 'Square', size: '1080 × 1080' },
      link: { name: 'Link', size: '1200 × 630' },
    },
    drawing: 'Drawing the picture',
    download: 'Download PNG',
    share: 'Share…',
    copy: 'Copy the numbers',
    copied: 'Copied as JSON.',
    downloaded: 'The picture is in your downloads.',
    copyAlt: 'Copy the alt text',
    altCopied: 'Alt text copied.',
    failed: 'Your browser did not let us do that. Your profile is kept; try the download instead.',
    alt: (emotion: string, then: string, genres: string, energy: string, dance: string) =>
      `Music profile card. First: ${emotion}${then && `, ${then}`}. ${genres && `Genres: ${genres}. `}Energy ${energy}, danceability ${dance}.`,
  },

  clock: {
    heading: 'Yours for a day',
    left: (time: string) => `Erased in ${time}`,
    at: (day: string, time: string) => `on ${day} at ${time}`,
    hours: (h: number, m: number) => (h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min` : 'less than a minute'),
    erase: 'Erase now',
    sure: 'Erase your profile and your choices? This cannot be undone.',
    yes: 'Yes, erase everything',
    no: 'Keep it',
    erasing: 'Erasing',
  },
};

export type Details = typeof en;
