// essentia.cjs - essentia.js's answers, for bench/accuracy_audio and bench/audio: the folder of the package as
// argument, paths of raw 44.1 kHz mono floats on standard input, a line of JSON out for each: tempo, key (0 = C),
// mode (1 = major) and the processor seconds it took. essentia.js is AGPL: it is only measured here, never linked.
const fs = require("fs");
const path = require("path");
const { Essentia, EssentiaWASM } = require(path.resolve(process.argv[2]));

const essentia = new Essentia(EssentiaWASM);
const FLATS = { Db: "C#", Eb: "D#", Gb: "F#", Ab: "G#", Bb: "A#" };
const NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

function hear(file) {
  const bytes = fs.readFileSync(file);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const start = process.cpuUsage();
  const signal = essentia.arrayToVector(samples);
  const rhythm = essentia.RhythmExtractor2013(signal);
  const middle = process.cpuUsage(start);
  const tonal = essentia.KeyExtractor(signal);
  const used = process.cpuUsage(start);
  signal.delete();
  const seconds = (usage) => (usage.user + usage.system) / 1e6;
  return {
    bpm: rhythm.bpm,
    key: NOTES.indexOf(FLATS[tonal.key] ?? tonal.key),
    mode: tonal.scale === "major" ? 1 : 0,
    tempo_s: seconds(middle),
    key_s: seconds(used) - seconds(middle),
  };
}

for (const file of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(JSON.stringify(hear(file)));
}
