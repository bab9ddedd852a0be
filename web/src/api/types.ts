/* Short names for what the contract says (schema.d.ts is generated from api/openapi.yaml). */
import type { components } from './schema';

type Schemas = components['schemas'];
export type Analysis = Schemas['Analysis'];
export type Artist = Schemas['Artist'];
export type ArtistChoice = Schemas['ArtistChoice'];
export type Comparison = Schemas['Comparison'];
export type Emotion = Schemas['Emotion'];
export type EmotionRef = Schemas['EmotionRef'];
export type FeaturesRequest = Schemas['FeaturesRequest'];
export type Import = Schemas['Import'];
export type Origin = Schemas['Origin'];
export type Problem = Schemas['Problem'];
export type Profile = Schemas['Profile'];
export type ProfileArtist = Schemas['ProfileArtist'];
export type ProfileTrack = Schemas['ProfileTrack'];
export type Progress = Schemas['Progress'];
export type Reason = Schemas['Reason'];
export type SearchResult = Schemas['SearchResult'];
export type Session = Schemas['Session'];
export type ShareCode = Schemas['ShareCode'];
export type Stretch = Schemas['Stretch'];
export type Timeline = Schemas['Timeline'];
export type TimelineMonth = Schemas['TimelineMonth'];
export type TopTracks = Schemas['TopTracks'];
