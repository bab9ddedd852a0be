/* Standing between the pages and the API: slow it down, break it, hold it, or change what it says. */

export const API =
  /^https?:\/\/[^/]+\/(create-session|search|extract-simulate|analyze|features|import|timeline|getProfile|share|compare|session)(\?|$)/;
export const path = (name) => new RegExp(`^https?://[^/]+/${name}(\\?|$)`);

/** Answers wanted times (always, when not said) with a problem document; later requests go on, to the service or to what stood between before. */
export async function failing(page, url, status, { times = Infinity, headers = {}, detail = 'made to fail by a test' } = {}) {
  let left = times;
  await page.route(url, (route) =>
    left-- > 0
      ? route.fulfill({
          status,
          headers,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', title: 'Error', status, detail, error: detail }),
        })
      : route.fallback(),
  );
}

/** The connection is refused until mend() is called. */
export async function broken(page, url) {
  await page.route(url, (route) => route.abort('connectionrefused'));
  return { mend: () => page.unroute(url) };
}

/** Each answer comes so much later. */
export async function slow(page, ms) {
  await page.route(API, async (route) => {
    const response = await route.fetch().catch(() => null); /* null: the page gave the question up */
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (response) await route.fulfill({ response }).catch(() => {});
    else await route.abort().catch(() => {});
  });
}

/** Holds the requests back until they are let go. */
export async function held(page, url) {
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  await page.route(url, async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  return { letGo };
}

/** Passes the real answer through change(document). */
export async function changed(page, url, change) {
  await page.route(url, async (route) => {
    const response = await route.fetch();
    if (response.status() !== 200) return route.fulfill({ response });
    return route.fulfill({ response, json: change(await response.json()) });
  });
}

/** A profile whose first artists have tracks with numbers of their own, as an imported table or sound gives. */
export function withTracks(profile) {
  const sources = ['measured', 'measured', 'provider', 'dataset'];
  const tracks = profile.artists.slice(0, 3).flatMap((artist, a) =>
    Array.from({ length: 6 }, (_, i) => {
      const { id, label, color, valence, arousal } = profile.emotions[(a * 5 + i * 2) % profile.emotions.length];
      return {
        id: `${artist.id}-${i}`,
        title: i === 5 ? 'A title that goes on and on, as the titles of some live recordings do (Remastered 2009)' : `Song ${i + 1}`,
        artist_id: artist.id,
        artist: artist.name,
        year: 1990 + 3 * i,
        source: sources[(a + i) % sources.length],
        confidence: 0.8,
        features: { ...Object.fromEntries(Object.entries(profile.features).map(([key, value]) => [key, value.mean])), key: 5, time_signature: 4 },
        emotion: { id, label, color },
        mood: { valence: valence * 0.9, arousal: arousal * 0.9, spread: 0.2 },
      };
    }),
  );
  const count = (source) => tracks.filter((track) => track.source === source).length;
  return {
    ...profile,
    tracks,
    sources: { measured: count('measured'), provider: count('provider'), dataset: count('dataset'), estimated: 7 },
  };
}

/** A profile of dropped files, as the service makes it: no genre, nothing estimated, two features that nobody measures. */
export function ofFiles(profile) {
  const unheard = { instrumentalness: { mean: null, spread: null }, liveness: { mean: null, spread: null } };
  const features = { ...profile.features, ...unheard, loudness: { mean: -9.1, spread: 2.4 }, tempo: { mean: 112.5, spread: 20.1 } };
  const own = Object.fromEntries(Object.entries(features).map(([key, { mean }]) => [key, mean]));
  const nina = { id: 'audio:nina simone', name: 'Nina Simone' };
  const nobody = { id: 'audio:unknown artist', name: profile.lang === 'fr' ? 'Artiste inconnu' : 'Unknown artist' };
  const tracks = [nina, nina, nobody].map((artist, i) => {
    const { id, label, color, score, valence, arousal } = profile.emotions[i];
    return {
      id: `audio:${i + 1}`, title: `Dropped song ${i + 1}`, artist_id: artist.id, artist: artist.name, year: null,
      source: 'measured', confidence: null, features: { ...own, key: 7, time_signature: 4 },
      emotion: { id, label, color, score }, mood: { valence, arousal, spread: 0.1 },
    };
  });
  const artists = [nina, nobody].map((artist, i) => ({
    ...profile.artists[0], ...artist, genres: [], genre_families: [], popularity: null,
    weight: i ? 0.3333 : 0.6667, estimated_share: 0, confidence: 0,
  }));
  const because = [
    { kind: 'term', id: 'harsh', label: 'dark intensity', value: 0.62 },
    { kind: 'term', id: 'danceability', label: 'danceability', value: -0.21 },
    ...tracks.map(({ id, title }, i) => ({ kind: 'track', id, label: title, value: [0.5, 0.3, 0.2][i] })),
  ];
  return {
    ...profile, genres: [], genre_shares: [], unknown_genres: [], artists, tracks, features,
    instrumentalness_avg: null, loudness_avg: -9.1, tempo_avg: 112.5,
    emotions: profile.emotions.map((emotion) => ({ ...emotion, because })),
    sources: { measured: 3, provider: 0, dataset: 0, estimated: 0 },
  };
}
