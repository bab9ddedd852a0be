/* The words of sending audio files to the service, in both languages; they come with that part of the page. */
const s = (n: number) => (n === 1 ? '' : 's');
const sFr = (n: number) => (n < 2 ? '' : 's');

const en = {
  service: 'Have the service measure instead',
  lede: 'For files that your browser cannot read. These are sent to us, measured, then forgotten: MP3, FLAC, Ogg, Opus, WAV or AIFF, 20 MB in all.',
  choose: 'Choose files to send',
  replaces: 'They make a profile of their own, without the artists that you chose.',
  list: 'Your files',
  sending: (percent: string) => `Sending: ${percent}`,
  measuring: (n: number) => `Listening to ${n} file${s(n)}`,
  stop: 'Stop',
  measured: 'measured',
  sentences: {
    kind: 'Not a sound file that can be read here.',
    empty: 'The file is empty.',
    room: 'No room left: 20 MB and 60 files fit at once.',
    unreadable: 'No music could be read in it.',
  },
  some: (good: number, all: number) => `${good} of ${all} file${s(all)} measured.`,
  none: 'None of these files could be measured. Try others.',
  go: (n: number) => `Go on with ${n} file${s(n)}`,
};

type FileText = typeof en;

const fr: FileText = {
  service: 'Faire mesurer par le service',
  lede: 'Pour les fichiers que ton navigateur ne sait pas lire. Ceux-ci nous sont envoyés, mesurés, puis oubliés : MP3, FLAC, Ogg, Opus, WAV ou AIFF, 20 Mo en tout.',
  choose: 'Choisir des fichiers à envoyer',
  replaces: 'Ils font un profil à eux, sans les artistes que tu as choisis.',
  list: 'Tes fichiers',
  sending: (percent) => `Envoi : ${percent}`,
  measuring: (n) => `Écoute de ${n} fichier${sFr(n)}`,
  stop: 'Arrêter',
  measured: 'mesuré',
  sentences: {
    kind: 'Ce n’est pas un fichier son lisible ici.',
    empty: 'Le fichier est vide.',
    room: 'Plus de place : 20 Mo et 60 fichiers tiennent à la fois.',
    unreadable: 'Aucune musique n’a pu y être lue.',
  },
  some: (good, all) => `${good} fichier${sFr(good)} sur ${all} mesuré${sFr(good)}.`,
  none: 'Aucun de ces fichiers n’a pu être mesuré. Essaies-en d’autres.',
  go: (n) => `Continuer avec ${n} fichier${sFr(n)}`,
};

export const fileText = { en, fr };
