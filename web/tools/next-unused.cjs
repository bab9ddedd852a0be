/* Stands in for parts of Next's client that these pages never use (see next.config.mjs). */
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
};
