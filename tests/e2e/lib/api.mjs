/* Standing between the pages and the API: slow it down, break it, hold it, or change what it says. */

export const API = /^https?:\/\/[^/]+\/(create-session|search|extract-simulate|getProfile|session)(\?|$)/;
export const path = (name) => new RegExp(`^https?://[^/]+/${name}(\\?|$)`);

/** Answers wanted times (always, when not said) with a problem document; later requests go through. */
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
      : route.continue(),
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
