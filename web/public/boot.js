/* Before the first paint: the remembered theme, and French for who reads French on a first visit of "/". */
(function () {
  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }
  var theme = kept('listening.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  var lang = kept('listening.lang') || (/^fr\b/i.test(navigator.language) ? 'fr' : 'en');
  if (lang === 'fr' && location.pathname === '/') location.replace('/fr' + location.search + location.hash);
})();
