// MiniSearch, as its documentation advises for typing: every word, the last one half typed, one typing error from 4
// letters and two from 8; what is better known counts more.
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";
import { FIRST, measure } from "./common.mjs";

const { version } = JSON.parse(readFileSync(new URL("../node_modules/minisearch/package.json", import.meta.url)));
const popularity = new Map();
const search = new MiniSearch({
  fields: ["names"],
  processTerm: (term) => term,
  searchOptions: {
    combineWith: "AND",
    prefix: (_term, i, terms) => i === terms.length - 1,
    fuzzy: (term) => (term.length >= 8 ? 2 : term.length >= 4 ? 1 : false),
    boostDocument: (id) => 1 + popularity.get(id) / 100,
  },
});

await measure(
  (rows) => {
    for (const row of rows) popularity.set(row.id, row.popularity);
    search.addAll(rows.map((row) => ({ id: row.id, names: [row.name, ...row.aliases].join(" ") })));
  },
  (text) => search.search(text).slice(0, FIRST).map((hit) => hit.id),
  `MiniSearch ${version}`,
);
