/* Stands in for parts of Next's client, and of others, that these pages never use (see next.config.mjs). */
const none = () => {};

module.exports = {
  /* client/script: next/script */
  handleClientScriptLoad: none,
  initScriptLoader: none,
  /* router/utils/route-regex and route-matcher: addresses with parameters */
  getRouteRegex: () => ({ re: /(?!)/, groups: {} }),
  getRouteMatcher: () => () => false,
  /* router/utils/dynamic-filter-pattern: pages under app/ */
  hasDynamicFilterCandidate: () => false,
  /* file-type: nothing is known from bytes alone */
  fileTypeFromBuffer: async () => undefined,
};
