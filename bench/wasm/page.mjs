/* What is measured inside the browser: named pieces of work, each to be run some times in a row. */
import { compileListening, loadListening } from '/package/index.js';

const bytesOf = async (url) => (await fetch(url)).arrayBuffer();
const works = {};

async function rowsOf(url) {
  const samples = new Float32Array(await bytesOf(url));
  return [0, 1].map((c) => Float32Array.from({ length: samples.length / 2 }, (_, i) => samples[2 * i + c]));
}

/** Runs a piece of work and answers the mean milliseconds by the clock. */
export async function run(name, rounds) {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) await works[name]();
  return (performance.now() - start) / rounds;
}

/** Ours: samples to features, files to features, and the start. Answers the bytes of memory after a first sound. */
export async function prepareOurs(samplesUrl, fileUrls) {
  const listening = await loadListening();
  const analyzer = listening.analyzer(44100, 2);
  const rows = await rowsOf(samplesUrl);
  const analyze = (planar) => {
    analyzer.push(planar);
    return analyzer.finish();
  };
  works.analyze = () => analyze(rows);
  works.start = async () => (await loadListening(await compileListening())).analyzer(44100, 2).free();
  for (const [name, url] of Object.entries(fileUrls)) {
    const bytes = await bytesOf(url);
    const decode = () => new OfflineAudioContext(2, 1, 44100).decodeAudioData(bytes.slice(0));
    works[`decode ${name}`] = decode;
    works[`all of ${name}`] = async () => {
      const sound = await decode();
      analyze(Array.from({ length: sound.numberOfChannels }, (_, c) => sound.getChannelData(c)));
    };
  }
  analyze(rows);
  return listening.memoryBytes;
}

/** What essentia.js has of the same, each algorithm by itself. Answers the names. */
export async function prepareEssentia(url) {
  const { EssentiaWASM } = await import('/others/essentia.js/dist/essentia-wasm.es.js');
  const { default: Essentia } = await import('/others/essentia.js/dist/essentia.js-core.es.js');
  const library = new Essentia(EssentiaWASM);
  const [left, right] = await rowsOf(url);
  const mono = library.arrayToVector(left.map((sample, i) => (sample + right[i]) / 2));
  const sides = [left, right].map((row) => library.arrayToVector(row));
  const algorithms = {
    'tempo and beats': () => library.RhythmExtractor2013(mono),
    'tempo alone': () => library.PercivalBpmEstimator(mono),
    key: () => library.KeyExtractor(mono),
    'loudness (EBU R 128)': () => library.LoudnessEBUR128(sides[0], sides[1]),
    danceability: () => library.Danceability(mono),
  };
  Object.assign(works, algorithms);
  return Object.keys(algorithms);
}

/** The frames of 2048 samples that meyda describes. */
export async function prepareMeyda(url) {
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: '/others/meyda/dist/web/meyda.min.js', onload: resolve, onerror: reject });
    document.head.append(script);
  });
  const { Meyda } = window;
  const [left, right] = await rowsOf(url);
  const mono = left.map((sample, i) => (sample + right[i]) / 2);
  Object.assign(Meyda, { sampleRate: 44100, bufferSize: 2048 });
  const names = ['rms', 'energy', 'spectralCentroid', 'spectralFlatness', 'loudness', 'chroma', 'mfcc'];
  works.meyda = () => {
    for (let from = 0; from + 2048 <= mono.length; from += 1024) Meyda.extract(names, mono.subarray(from, from + 2048));
  };
}
