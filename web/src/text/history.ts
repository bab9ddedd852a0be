/* The words of bringing a listening history, in both languages; they come with that part of the page. */
const s = (n: number) => (n === 1 ? '' : 's');
const sFr = (n: number) => (n < 2 ? '' : 's');
/* Of numbers that come as they are written. */
const sOf = (n: string) => (n === '1' ? '' : 's');
const sFrOf = (n: string) => (n === '0' || n === '1' ? '' : 's');

const en = {
  heading: 'Bring your listening history',
  lede: 'Any export of Spotify, Last.fm, ListenBrainz, Apple Music, Deezer, YouTube Music or Maloja, as you got it, zipped or not, several at once. No single play is kept, only sums, for a day.',
  choose: 'Choose exports',
  folder: 'Choose a folder',
  drop: 'Let go to read',
  replaces: 'It makes a profile of its own, without the artists that you chose.',
  soundsAside: (n: number) =>
    n === 1 ? 'One sound file was left aside: drop music by itself.' : `${n} sound files were left aside: drop music by itself.`,
  how: 'What to ask which service for',
  services: [
    { name: 'Spotify', text: 'Account, Privacy, “Extended streaming history”. It takes days to weeks and holds all your years.' },
    { name: 'Last.fm', text: 'A CSV or JSON of lastfm-to-csv, lastfmstats.com or ghan.nl.' },
    { name: 'ListenBrainz', text: 'Settings, “Export”: the zip.' },
    { name: 'Apple Music', text: 'privacy.apple.com, “Media Services information”: the whole zip, since one file names the artists of another.' },
    { name: 'Deezer', text: 'Settings, “My data”: the xlsx.' },
    { name: 'YouTube Music', text: 'Google Takeout, “YouTube and YouTube Music”, history as JSON.' },
    { name: 'Maloja', text: 'Its JSON export.' },
  ],
  sending: (percent: string, size: string) => `Sending: ${percent} of ${size}`,
  size: (mb: string) => `${mb} MB`,
  reading: 'Reading your plays',
  stop: 'Stop',
  wrong: 'No profile can be made from these files.',
  wrongDetail: 'The service says:',

  report: {
    heading: 'What was read',
    plays: (n: string) => `${n} play${sOf(n)} counted`,
    span: (from: string, to: string) => `From ${from} to ${to}.`,
    coverage: (percent: string, known: string, all: string) =>
      `${percent} of your plays are by artists known here: ${known} of ${all} artist${sOf(all)}.`,
    formatsLabel: 'From',
    formats: (name: string, rows: string) => `${name}: ${rows} row${sOf(rows)}`,
    skippedLabel: 'Left out',
    skippedNone: 'Nothing.',
    skipped: {
      podcast: 'podcasts',
      audiobook: 'audiobooks',
      video: 'videos',
      too_short: 'shorter than 30 seconds',
      duplicate: 'the same play twice',
      no_artist: 'no artist or no title',
      bad_date: 'no date that can be',
      private: 'private sessions',
      not_a_play: 'no plays at all',
      broken: 'unreadable',
      limit: 'beyond what one history holds',
    } as Record<string, string>,
    ignored: (n: number) => `${n} file${s(n)} held no listening history.`,
    cut: (n: number) => `${n} file${s(n)} broke off; what stood before is counted.`,
    notesLabel: 'Good to know',
    unknownLabel: (n: number) => `Not known here (${n})`,
    unknownText: 'They were heard most of those that we do not know. Their plays count in the calendar, not in the emotions.',
    unknownPlays: (n: string) => `${n} play${sOf(n)}`,
    go: 'See your profile',
    done: (n: string) => `Read. ${n} play${sOf(n)} counted.`,
  },
};

type HistoryText = typeof en;

const fr: HistoryText = {
  heading: 'Apporte ton historique d’écoute',
  lede: 'Tout export de Spotify, Last.fm, ListenBrainz, Apple Music, Deezer, YouTube Music ou Maloja, tel que tu l’as reçu, zippé ou non, plusieurs à la fois. Aucune écoute n’est gardée une à une, seulement des sommes, pour un jour.',
  choose: 'Choisir des exports',
  folder: 'Choisir un dossier',
  drop: 'Lâche pour lire',
  replaces: 'Il fait un profil à lui, sans les artistes que tu as choisis.',
  soundsAside: (n) =>
    n === 1 ? 'Un fichier son a été laissé de côté : dépose la musique à part.' : `${n} fichiers son ont été laissés de côté : dépose la musique à part.`,
  how: 'Quoi demander à quel service',
  services: [
    { name: 'Spotify', text: 'Compte, Confidentialité, « Historique de streaming étendu ». Il met des jours ou des semaines et contient toutes tes années.' },
    { name: 'Last.fm', text: 'Un CSV ou JSON de lastfm-to-csv, lastfmstats.com ou ghan.nl.' },
    { name: 'ListenBrainz', text: 'Réglages, « Export » : le zip.' },
    { name: 'Apple Music', text: 'privacy.apple.com, « Informations sur les services multimédias » : le zip entier, car un fichier nomme les artistes d’un autre.' },
    { name: 'Deezer', text: 'Paramètres, « Mes données » : le xlsx.' },
    { name: 'YouTube Music', text: 'Google Takeout, « YouTube et YouTube Music », historique en JSON.' },
    { name: 'Maloja', text: 'Son export JSON.' },
  ],
  sending: (percent, size) => `Envoi : ${percent} de ${size}`,
  size: (mb) => `${mb} Mo`,
  reading: 'Lecture de tes écoutes',
  stop: 'Arrêter',
  wrong: 'Aucun profil ne peut être fait de ces fichiers.',
  wrongDetail: 'Le service dit, en anglais :',

  report: {
    heading: 'Ce qui a été lu',
    plays: (n) => `${n} écoute${sFrOf(n)} comptée${sFrOf(n)}`,
    span: (from, to) => `Du ${from} au ${to}.`,
    coverage: (percent, known, all) => `${percent} de tes écoutes sont d’artistes connus ici : ${known} artiste${sFrOf(known)} sur ${all}.`,
    formatsLabel: 'Venu de',
    formats: (name, rows) => `${name} : ${rows} ligne${sFrOf(rows)}`,
    skippedLabel: 'Laissé de côté',
    skippedNone: 'Rien.',
    skipped: {
      podcast: 'podcasts',
      audiobook: 'livres audio',
      video: 'vidéos',
      too_short: 'moins de 30 secondes',
      duplicate: 'la même écoute deux fois',
      no_artist: 'sans artiste ou sans titre',
      bad_date: 'sans date possible',
      private: 'sessions privées',
      not_a_play: 'pas des écoutes',
      broken: 'illisibles',
      limit: 'au-delà de ce que tient un historique',
    },
    ignored: (n) => `${n} fichier${sFr(n)} sans historique d’écoute.`,
    cut: (n) => `${n} fichier${sFr(n)} ${n < 2 ? 's’interrompt' : 's’interrompent'} ; ce qui précède est compté.`,
    notesLabel: 'Bon à savoir',
    unknownLabel: (n) => `Pas connus ici (${n})`,
    unknownText: 'Les plus écoutés de ceux que nous ne connaissons pas. Leurs écoutes comptent dans le calendrier, pas dans les émotions.',
    unknownPlays: (n) => `${n} écoute${sFrOf(n)}`,
    go: 'Voir ton profil',
    done: (n) => `C’est lu. ${n} écoute${sFrOf(n)} comptée${sFrOf(n)}.`,
  },
};

export const historyText = { en, fr };

/** What the service recognised, by the name of whom it is from. */
export const FORMAT_NAMES: Record<string, string> = {
  spotify_extended: 'Spotify',
  spotify_account: 'Spotify',
  lastfm_pages: 'Last.fm',
  lastfm_stats: 'Last.fm',
  lastfm_table: 'Last.fm',
  lastfm_stats_table: 'Last.fm',
  lastfm_plain: 'Last.fm',
  listenbrainz: 'ListenBrainz',
  maloja: 'Maloja',
  apple_activity: 'Apple Music',
  apple_daily: 'Apple Music',
  apple_tracks: 'Apple Music',
  apple_library: 'Apple Music',
  deezer: 'Deezer',
  youtube: 'YouTube Music',
};
