// Fuse.js with its index of the names; it looks at every artist for every query.
import { readFileSync } from "node:fs";
import Fuse from "fuse.js";
import { FIRST, measure } from "./common.mjs";

const { version } = JSON.parse(readFileSync(new URL("../node_modules/fuse.js/package.json", import.meta.url)));
const keys = ["name", "aliases"];
let fuse;

await measure(
  (rows) => {
    fuse = new Fuse(rows, { keys, threshold: 0.35 }, Fuse.createIndex(keys, rows));
  },
  (text) => fuse.search(text, { limit: FIRST }).map((hit) => hit.item.id),
  `Fuse.js ${version}`,
);
