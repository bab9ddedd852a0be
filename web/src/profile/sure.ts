/* How far an artist's emotion may be stated. */
import type { ProfileArtist } from '@/api/types';

/** The greater part of what is known of the artist is guessed, and not well. */
export const isUnsure = ({ estimated_share: guessed, confidence }: ProfileArtist) => guessed * (1 - confidence) > 0.5;
