/* Les mots du profil au-dessous du premier écran : les mêmes clés que details.en.ts. */
import type { Details } from './details.en';

const s = (n: number) => (n < 2 ? '' : 's');

export const fr: Details = {
  emotion: (label, unsure) => (unsure ? `plutôt ${label}` : label),

  map: {
    heading: 'Où se trouve ta musique',
    lede: 'De gauche à droite, du désagréable à l’agréable ; de bas en haut, du calme à l’intense. L’anneau est le milieu de ta musique.',
    ledeArtists: 'Un artiste connu par ses genres seuls est une tache douce : la moitié de son étendue de chaque côté.',
    ledeTracks: 'Un point est un titre qui a ses propres nombres, dans la couleur de son émotion.',
    label: 'Carte des humeurs',
    pleasant: 'agréable',
    unpleasant: 'désagréable',
    calm: 'calme',
    intense: 'intense',
    centre: 'le milieu de ta musique',
    keys: 'Les flèches vont de l’un à l’autre.',
    table: 'La carte en tableau',
    columns: { name: 'Nom', emotion: 'Émotion', valence: 'Agréable', arousal: 'Intense', spread: 'Étendue' },
    artist: 'artiste, d’après ses genres',
  },

  radar: {
    heading: 'Comment elle sonne',
    lede: 'La ligne est ta moyenne ; la bande douce, jusqu’où tes titres s’en écartent.',
    label: 'Radar des caractéristiques',
    table: 'Les caractéristiques en tableau',
    columns: { feature: 'Caractéristique', mean: 'Moyenne', spread: 'Étendue habituelle' },
    range: (from, to) => `${from} à ${to}`,
    features: {
      energy: 'énergie',
      danceability: 'dansabilité',
      valence: 'positivité',
      acousticness: 'acoustique',
      instrumentalness: 'instrumental',
      speechiness: 'parole',
    },
    tempo: (bpm) => `${bpm} battements par minute`,
    loudness: (level, unit) => `${level} ${unit}`,
    unknown: 'inconnu',
  },

  genres: {
    heading: 'Genres',
    more: (n) => `${n} de plus`,
    none: 'Aucun genre n’est connu ici : le profil repose sur les nombres des titres eux-mêmes.',
    unknown: (list) => `Inconnus du modèle, donc non comptés : ${list}.`,
  },

  tracks: {
    heading: 'Titres',
    lede: 'Les titres les plus connus de chaque artiste parlent pour lui.',
    ledeFiles: 'Les titres que tu as déposés, par artiste.',
    ledeHistory: 'Les titres que tu as le plus écoutés, par artiste.',
    key: (key, mode) =>
      `${['do', 'do ♯', 'ré', 'mi ♭', 'mi', 'fa', 'fa ♯', 'sol', 'la ♭', 'la', 'si ♭', 'si'][key]}${mode === null ? '' : mode ? ' majeur' : ' mineur'}`,
    bpm: (bpm) => `${bpm} BPM`,
    none: 'Aucun titre connu. L’artiste compte par ses genres.',
  },

  worth: {
    heading: 'Ce que valent les nombres',
    confidenceLabel: 'À quel point c’est sûr',
    clearly: (a) => `Nettement : ${a}.`,
    plainly: (a) => `${a[0]?.toUpperCase()}${a.slice(1)}, devant le reste.`,
    rather: (a, b) => `Plutôt ${a} ou ${b} : trop proches pour trancher.`,
    perhaps: (a, b, c) => `Peut-être ${a}, ${b} ou ${c} : rien ne se détache.`,
    confidenceValue: (percent) => `Confiance : ${percent}.`,
    coverageLabel: 'Couverture',
    coverage: (measured, total) => `${measured} titre${s(measured)} sur ${total} mesuré${s(measured)}.`,
    others: {
      provider: (n) => `${n} donné${s(n)} par un service de musique`,
      dataset: (n) => `${n} lu${s(n)} dans une table de titres`,
      estimated: (n) => `${n} estimé${s(n)} d’après les genres`,
    },
    noTracks: 'Aucun titre n’est connu : tout est estimé d’après les genres des artistes.',
    sourcesLabel: 'D’où viennent les nombres',
    sources: {
      measured: { name: 'mesuré', text: 'Nous l’avons calculé dans le son lui-même.' },
      browser: { name: 'mesuré (dans ton navigateur)', text: 'Ton navigateur l’a calculé dans le son lui-même, qui n’a jamais quitté ton ordinateur.' },
      provider: { name: 'service', text: 'Un service de musique nous l’a dit.' },
      dataset: { name: 'données', text: 'Il vient d’une table de titres importée.' },
      estimated: { name: 'estimé', text: 'Personne n’a écouté le titre pour cela : les genres de l’artiste disent ce qui est probable.' },
    },
    tracks: (n) => `${n} titre${s(n)}`,
    ownNumbers: 'ses titres',
    artistsTable: 'Confiance pour chaque artiste',
    artistColumns: { artist: 'Artiste', genres: 'Lu dans', confidence: 'Confiance' },
    model: (model) => `Calculé par le modèle ${model} : la même musique donne toujours le même profil.`,
  },

  share: {
    heading: 'Partage ta carte',
    lede: 'L’image est dessinée dans ton navigateur. Ta session n’y figure pas.',
    format: 'Format',
    formats: {
      story: { name: 'Story', size: '1080 × 1920' },
      square: { name: 'Carré', size: '1080 × 1080' },
      link: { name: 'Lien', size: '1200 × 630' },
    },
    drawing: 'L’image se dessine',
    download: 'Télécharger le PNG',
    share: 'Partager…',
    copy: 'Copier les nombres',
    copied: 'Copié en JSON.',
    downloaded: 'L’image est dans tes téléchargements.',
    copyAlt: 'Copier le texte alternatif',
    altCopied: 'Texte alternatif copié.',
    failed: 'Ton navigateur ne l’a pas permis. Ton profil est gardé ; essaie le téléchargement.',
    alt: (emotion, then, genres, energy, dance) =>
      `Carte de profil musical. En tête : ${emotion}${then && `, ${then}`}. ${genres && `Genres : ${genres}. `}Énergie ${energy}, dansabilité ${dance}.`,
  },

  clock: {
    heading: 'À toi pour un jour',
    left: (time) => `Effacé dans ${time}`,
    at: (day, time) => `${day} à ${time}`,
    hours: (h, m) => (h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min` : 'moins d’une minute'),
    erase: 'Effacer maintenant',
    sure: 'Effacer ton profil et tes choix ? On ne peut pas revenir en arrière.',
    yes: 'Oui, tout effacer',
    no: 'Garder',
    erasing: 'Effacement',
  },
};
