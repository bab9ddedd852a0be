// What the peers in JavaScript share: reading the artists, asking the queries, and saying what was measured.
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const WARM_UP = 100;
export const FIRST = 5;

/** Lower case, no marks, words apart by one space: peers get everything folded, outside of the time taken. */
export const tidy = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase()
    .replace(/['’]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** {id, name, aliases, popularity}, the best known first. */
async function artists(path) {
  const rows = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [id, name, popularity, , aliases] = line.split("\t");
    rows.push({ id, name: tidy(name), aliases: aliases ? aliases.split("|").map(tidy) : [], popularity: Number(popularity) });
  }
  return rows.sort((a, b) => b.popularity - a.popularity);
}

/** Microseconds of processor time of this process: what a quiet core would take, whatever else the machine does. */
function spent() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** index(rows) makes it ready; search(text) gives ids. The queries come in random order, so as many as fit into
 * the seconds are a fair sample; each counts with the best of the rounds. */
export async function measure(index, search, version) {
  const [source, queries, answers, rounds, seconds] = process.argv.slice(2);
  const texts = readFileSync(queries, "utf8").trimEnd().split("\n").map((line) => tidy(line.split("\t")[2]));
  const before = process.memoryUsage().rss;
  const rows = await artists(source);
  const begin = spent();
  index(rows);
  const indexed = (spent() - begin) / 1e6;
  let end = spent() + Math.min(10, seconds) * 1e6;
  for (const text of texts.slice(0, WARM_UP)) {
    search(text);
    if (spent() > end) break;
  }
  const took = [];
  const found = [];
  end = spent() + seconds * 1e6;
  for (const text of texts) {
    const start = spent();
    const hits = search(text);
    took.push(spent() - start);
    found.push(hits);
    if (spent() > end) break;
  }
  for (let round = 1; round < Number(rounds); round++)
    for (let i = 0; i < took.length; i++) {
      const start = spent();
      search(texts[i]);
      took[i] = Math.min(took[i], spent() - start);
    }
  writeFileSync(answers, took.map((us, i) => [i, us.toFixed(2), ...found[i]].join("\t")).join("\n") + "\n");
  const memory_kib = Math.round((process.memoryUsage().rss - before) / 1024);
  console.log(JSON.stringify({ version, index_s: indexed, memory_kib, disk_bytes: 0 }));
}
