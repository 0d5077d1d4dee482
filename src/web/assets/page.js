// The language list closes when the visitor looks elsewhere. Without this it still opens and closes by its own button.
(() => {
  'use strict';
  const langs = document.querySelector('.langs');
  if (!langs) return;
  addEventListener('click', (event) => { if (!langs.contains(event.target)) langs.open = false; });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !langs.open) return;
    langs.open = false;
    langs.querySelector('summary').focus();
  });
})();
