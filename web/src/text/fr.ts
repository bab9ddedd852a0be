/* Chaque mot français des pages : les mêmes clés que en.ts. */
import type { Text } from './en';

const s = (n: number) => (n < 2 ? '' : 's');

export const fr: Text = {
  lang: 'fr',
  locale: 'fr-FR',
  site: 'Listening Intelligence',
  skip: 'Aller au contenu',
  otherLanguage: { name: 'English', lang: 'en' },
  theme: { toDark: 'Thème sombre', toLight: 'Thème clair' },
  footer: {
    line: 'Ni compte, ni cookies. Tout ce que tu entres ici est effacé au bout de 24 heures.',
  },

  home: {
    title: 'Listening Intelligence : ton profil, à partir de tes artistes',
    description:
      'Nomme cinq à dix artistes que tu aimes et vois quelles émotions porte leur musique, et pourquoi. Sans compte ; tout disparaît en 24 heures.',
    heading: 'Ton profil, à partir de tes artistes.',
    lede: 'Nomme cinq à dix artistes que tu aimes. Vois quelles émotions porte leur musique, et pourquoi.',
    start: 'Commencer par tes artistes',
    example: 'Essayer avec un exemple',
    drop: 'Apporter tes écoutes ou ta musique',
    back: 'Revenir à ton profil',
    exampleLabel: 'Carte d’exemple',
    exampleOf: (names) => `Un exemple, calculé d’après les genres de ${names}.`,
    promisesLabel: 'Trois promesses',
    promises: [
      { title: 'Sans compte', text: 'Ni inscription, ni clé. Ton navigateur garde un nombre au hasard, c’est tout.' },
      {
        title: 'Mesuré, pas deviné',
        text: 'Là où l’on peut écouter la musique, on mesure le son. Le reste est estimé d’après les genres, et chaque nombre dit lequel.',
      },
      { title: 'Disparu en 24 heures', text: 'Tout est effacé au bout d’un jour. Ou tout de suite, si tu le dis.' },
    ],
  },

  choose: {
    title: 'Choisis tes artistes · Listening Intelligence',
    description: 'Cherche les artistes que tu aimes et choisis-en cinq à dix.',
    heading: 'Qui écoutes‑tu ?',
    label: 'Chercher un artiste',
    placeholder: 'Le nom d’un artiste',
    hint: 'Choisis cinq à dix artistes.',
    keys: 'Les flèches parcourent les résultats, Entrée choisit.',
    results: 'Artistes trouvés',
    clear: 'Effacer la recherche',
    popularity: (n) => `popularité ${n} sur 100`,
    already: 'choisi',
    searching: 'Recherche',
    found: (n) => (n === 0 ? 'Aucun artiste trouvé.' : `${n} artiste${s(n)} trouvé${s(n)}.`),
    nobody: (words) => `Aucun artiste trouvé pour « ${words} ».`,
    nobodyHint: 'Vérifie l’orthographe, ou tape seulement le début du nom.',
    added: (name, n) => `${name} ajouté. ${n} sur 10.`,
    removed: (name, n) => `${name} retiré. ${n} sur 10.`,
    full: 'Dix artistes, c’est complet. Retires-en un pour en ajouter un autre.',
    alreadyChosen: (name) => `${name} est déjà choisi.`,
    chosen: 'Tes artistes',
    none: 'Personne encore. Cherche un nom pour commencer.',
    remove: 'Retirer',
    removeAll: 'Tout retirer',
    count: (n) => `${n} artiste${s(n)} sur cinq à dix`,
    more: (n) =>
      n === 0 ? 'Choisis-en cinq à dix' : n < 5 ? `Encore ${5 - n}` : n < 10 ? `Prêt. Encore ${10 - n} si tu veux` : 'Prêt. Les dix y sont',
    go: 'Créer mon profil',
    goWith: (n) => `Continuer avec ${n}`,
    example: 'Prendre un exemple',
    exampleAdded: (names) => `Exemple : ${names}.`,
    files: {
      heading: 'Ou dépose ta musique',
      lede: 'Des fichiers ou des dossiers entiers, mesurés dans ton navigateur : pas un octet de son ne quitte cet ordinateur.',
      choose: 'Choisir des fichiers',
    },
  },

  making: {
    heading: 'Ton profil se forme',
    stages: {
      session: 'Ouverture d’une session',
      extract: 'Recherche des titres de tes artistes',
      transform: 'Mesure du son, ou estimation d’après les genres',
      profile: 'Pesée des émotions',
    },
    tracks: (done, total) => `${done} titre${s(done)} sur ${total}`,
    artists: (n) => `${n} artiste${s(n)}`,
    progress: 'Avancement',
    open: 'Toutes les couleurs sont encore possibles. Les tiennes viennent avec le profil.',
    steady: 'Chaque titre prend son moment. Tu peux laisser la page ouverte ; tes choix sont gardés.',
    slow: 'C’est plus long que d’habitude. Tu peux laisser la page ouverte ; tes choix sont gardés.',
  },

  profile: {
    title: 'Ton profil · Listening Intelligence',
    description: 'Ton profil émotionnel : les émotions que portent tes artistes, et d’où vient chaque nombre.',
    heading: 'Ton profil',
    loading: 'Recherche de ton profil',
    updating: 'Nouveau calcul',
    ready: (emotion) => `Ton profil est prêt. En tête : ${emotion}.`,

    card: {
      label: (emotion) => `Ta carte : ${emotion}`,
      then: (names) => `puis ${names.join(' et ')}`,
      energy: 'énergie',
      danceability: 'dansabilité',
      estimated: 'estimé d’après les genres',
      partly: (n, total) => `${n} titre${s(n)} sur ${total} par le son ou des données`,
      told: 'd’après le son ou des données',
      measured: 'mesuré dans le son',
    },

    emotions: {
      heading: 'Tes émotions',
      lede: 'Seize émotions se partagent ta musique. La barre est la part de chacune ; le trait, sa part ordinaire dans toute la musique.',
      usual: (times) => `${times} fois sa part ordinaire`,
      why: 'Pourquoi ?',
      all: (n) => `Voir les ${n}`,
      fewer: 'En voir moins',
      kinds: {
        term: { title: 'Son', text: 'Ce que le son de tes titres mesurés ajoute ou enlève, en log-cotes.' },
        genre: { title: 'Genres', text: 'Les points qu’un genre apporte au-dessus ou au-dessous de la part ordinaire.' },
        artist: { title: 'Artistes', text: 'La part de chaque artiste dans cette émotion.' },
        track: { title: 'Titres', text: 'La part de chaque titre mesuré dans cette émotion.' },
      },
      points: (value) => `${value} point${Math.abs(parseFloat(value.replace(',', '.').replace('−', '-'))) >= 2 ? 's' : ''}`,
      strength: (value) =>
        `${Math.abs(value) >= 0.5 ? 'fortement' : Math.abs(value) >= 0.2 ? 'nettement' : 'légèrement'} ${value >= 0 ? 'pour' : 'contre'}`,
      nothing: 'Aucune raison ne se détache.',
    },

    files: {
      heading: 'Un autre ?',
      text: 'Ce profil est fait de ce que tu as apporté : aucun artiste n’a été choisi.',
      go: 'Choisir des artistes ou d’autres fichiers',
    },

    artists: {
      heading: 'Et si ?',
      lede: 'Retire un artiste, ou ajoutes-en un. Toute cette page est recalculée.',
      last: 'Un profil demande au moins un artiste.',
    },

    empty: {
      heading: 'Pas encore de profil ici',
      text: 'Ce navigateur ne garde aucun profil. Choisis quelques artistes, il se forme en quelques secondes.',
      go: 'Choisir des artistes',
    },
    gone: {
      heading: 'Ce profil n’existe plus',
      text: 'Un jour est passé, ou il a été effacé. Il n’en reste rien chez nous.',
      kept: (n) => `Ton choix de ${n} artiste${s(n)} est encore dans ce navigateur.`,
      again: 'Le refaire',
      other: 'En choisir d’autres',
    },
    erased: {
      heading: 'Effacé',
      text: 'Ton profil, ta session et tes choix ont disparu, ici comme chez nous.',
      go: 'Recommencer',
    },
  },

  errors: {
    kept: 'Tes choix sont gardés.',
    retry: 'Réessayer',
    change: 'Changer les artistes',
    detail: 'Ce que le service a dit',
    offline: { what: 'Tu es hors ligne.', todo: 'Réessaie quand la connexion revient.' },
    network: { what: 'Le service est injoignable.', todo: 'Vérifie ta connexion, puis réessaie.' },
    timeout: { what: 'Le service a mis trop de temps à répondre.', todo: 'Réessaie dans un instant.' },
    busy: { what: 'Trop de demandes en ce moment.', todo: 'Attends quelques secondes, puis réessaie.' },
    full: { what: 'Le service n’a plus de place pour un nouveau profil.', todo: 'Réessaie plus tard.' },
    server: { what: 'Quelque chose a cassé de notre côté.', todo: 'Réessaie ; si cela dure, reviens plus tard.' },
    invalid: { what: 'Le service n’a pas accepté ce choix.', todo: 'Change les artistes, puis réessaie.' },
    unknown: { what: 'Un de ces artistes n’est plus connu.', todo: 'Change les artistes, puis réessaie.' },
    gone: { what: 'Ce profil a expiré ou a été effacé.', todo: 'Refais-le.' },
  },

  notFound: {
    title: 'Rien ici · Listening Intelligence',
    heading: 'Rien ici',
    text: 'Cette page n’existe pas, ou plus.',
    go: 'Au début',
  },
};
