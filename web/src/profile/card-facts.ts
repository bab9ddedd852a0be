/* What a card says, on the page and on a picture. */
import type { Profile } from '@/api/types';
import type { Words } from '@/text/context';
import type { Colour } from '@/ui/orb-shape';

export type CardProfile = Pick<
  Profile,
  'dominant_emotion' | 'top_emotions' | 'genres' | 'energy_avg' | 'danceability_avg' | 'sources' | 'created_at'
> & { emotions: (Colour & { times_usual?: number })[] };

export interface CardFacts {
  emotion: string;
  then: string;
  genres: string[];
  figures: { label: string; text: string; value: number }[];
  origin: string;
  day: string;
  colours: Colour[];
}

const GENRES = 3;

export function total(sources: Profile['sources']): number {
  return sources.measured + sources.provider + sources.dataset + sources.estimated;
}

export function cardFacts(profile: CardProfile, { t, format }: Words): CardFacts {
  const words = t.profile.card;
  const { sources } = profile;
  const all = total(sources);
  /* As in the sentence: what is under its ordinary share over all music says nothing of a taste. */
  const followers = profile.top_emotions.slice(1, 3).filter((_, i) => (profile.emotions[i + 1]?.times_usual ?? 1) >= 1);
  const figure = (label: string, value: number | null) => ({
    label,
    text: value === null ? '–' : format.percent(value),
    value: value ?? 0,
  });
  return {
    emotion: profile.dominant_emotion,
    then: followers.length ? words.then(followers) : '',
    genres: profile.genres.slice(0, GENRES),
    figures: [figure(words.energy, profile.energy_avg), figure(words.danceability, profile.danceability_avg)],
    origin:
      sources.estimated === all /* or no track is known at all */
        ? words.estimated
        : sources.measured === all
          ? words.measured
          : sources.estimated === 0
            ? words.told
            : words.partly(all - sources.estimated, all),
    day: format.day(profile.created_at),
    colours: profile.emotions.slice(0, 3).map(({ color, score }) => ({ color, score })),
  };
}
