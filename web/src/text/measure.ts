/* The words of measuring in the browser, in both languages; they come with that part of the pages. */
const s = (n: number) => (n === 1 ? '' : 's');
const sFr = (n: number) => (n < 2 ? '' : 's');

const en = {
  drop: 'Let go to measure',
  kinds: 'MP3, M4A, FLAC, Ogg, Opus or WAV. Up to 15 minutes and 100 MB a file: your browser holds a whole song in memory to read it.',
  replaces: 'They make a profile of their own. The artists that you chose can be added when you keep it.',
  folder: 'Choose a folder',
  looking: 'Looking through the folder',
  nothing: 'There is no sound file in it.',
  aside: (n: number) =>
    n === 1 ? 'One other file was left aside: drop a listening history by itself.' : `${n} other files were left aside: drop a listening history by itself.`,
  progress: 'Measuring',
  starting: 'Getting ready to listen',
  done: (done: number, all: number) => `${done} of ${all} file${s(all)}`,
  rate: (perMinute: number) => `${perMinute} a minute`,
  left: (minutes: number) => (minutes < 1 ? 'less than a minute left' : `about ${minutes} min left`),
  pausing: 'paused',
  pause: 'Pause',
  resume: 'Go on measuring',
  stop: 'Stop',
  list: 'What was measured',
  problems: 'What could not be measured',
  more: (n: number) => `and ${n} more`,
  sentences: {
    kind: 'Not a sound file.',
    empty: 'The file is empty.',
    many: 'One file too many: 2,000 are measured at a time.',
    long: 'Longer than 15 minutes or larger than 100 MB: too much for a browser’s memory.',
    short: 'Shorter than three seconds.',
    silent: 'There is nothing but silence in it.',
    unreadable: 'Your browser cannot read it.',
  },
  some: (good: number, all: number) => `${good} of ${all} file${s(all)} measured.`,
  none: 'None of these files could be measured. Try others.',
  go: (n: number) => `Go on with ${n} file${s(n)}`,
  failed: 'The measuring could not start in this browser.',
  unable: 'This browser cannot measure sound by itself.',

  local: {
    heading: 'Only in your browser',
    text: (n: number) => `Your browser measured ${n} file${s(n)} and made this profile. Nothing was sent to us.`,
    keep: 'Keep this as a session to share it',
    keepText: 'That sends names and numbers, never sound. They are erased after a day.',
    some: (n: number) => `A session holds ${n} tracks: they are taken evenly out of yours.`,
    mix: (names: string) => `Together with ${names}`,
    keeping: 'Keeping it',
    csv: 'Export CSV',
    json: 'Export JSON',
    exported: (name: string) => `${name} is in your downloads.`,
    other: 'Choose artists or other files',
  },
};

type MeasureText = typeof en;

const fr: MeasureText = {
  drop: 'Lâche pour mesurer',
  kinds: 'MP3, M4A, FLAC, Ogg, Opus ou WAV. Jusqu’à 15 minutes et 100 Mo par fichier : pour lire un titre, ton navigateur le tient tout entier en mémoire.',
  replaces: 'Ils font un profil à eux. Les artistes que tu as choisis peuvent s’y ajouter quand tu le gardes.',
  folder: 'Choisir un dossier',
  looking: 'Parcours du dossier',
  nothing: 'Il n’y a aucun fichier son dedans.',
  aside: (n) =>
    n === 1 ? 'Un autre fichier a été laissé de côté : dépose un historique à part.' : `${n} autres fichiers ont été laissés de côté : dépose un historique à part.`,
  progress: 'Mesure',
  starting: 'Préparation de l’écoute',
  done: (done, all) => `${done} fichier${sFr(done)} sur ${all}`,
  rate: (perMinute) => `${perMinute} par minute`,
  left: (minutes) => (minutes < 1 ? 'moins d’une minute encore' : `encore ${minutes} min environ`),
  pausing: 'en pause',
  pause: 'Mettre en pause',
  resume: 'Reprendre la mesure',
  stop: 'Arrêter',
  list: 'Ce qui a été mesuré',
  problems: 'Ce qui n’a pas pu l’être',
  more: (n) => `et ${n} de plus`,
  sentences: {
    kind: 'Ce n’est pas un fichier son.',
    empty: 'Le fichier est vide.',
    many: 'Un fichier de trop : 2 000 sont mesurés à la fois.',
    long: 'Plus de 15 minutes ou de 100 Mo : trop pour la mémoire d’un navigateur.',
    short: 'Moins de trois secondes.',
    silent: 'Il n’y a que du silence dedans.',
    unreadable: 'Ton navigateur ne sait pas le lire.',
  },
  some: (good, all) => `${good} fichier${sFr(good)} sur ${all} mesuré${sFr(good)}.`,
  none: 'Aucun de ces fichiers n’a pu être mesuré. Essaies-en d’autres.',
  go: (n) => `Continuer avec ${n} fichier${sFr(n)}`,
  failed: 'La mesure n’a pas pu démarrer dans ce navigateur.',
  unable: 'Ce navigateur ne sait pas mesurer le son lui-même.',

  local: {
    heading: 'Seulement dans ton navigateur',
    text: (n) => `Ton navigateur a mesuré ${n} fichier${sFr(n)} et fait ce profil. Rien ne nous a été envoyé.`,
    keep: 'Le garder en session pour le partager',
    keepText: 'Cela envoie des noms et des nombres, jamais de son. Ils sont effacés après un jour.',
    some: (n) => `Une session contient ${n} titres : ils sont pris régulièrement parmi les tiens.`,
    mix: (names) => `Avec ${names}`,
    keeping: 'Un instant',
    csv: 'Exporter en CSV',
    json: 'Exporter en JSON',
    exported: (name) => `${name} est dans tes téléchargements.`,
    other: 'Choisir des artistes ou d’autres fichiers',
  },
};

export const measureText = { en, fr };
