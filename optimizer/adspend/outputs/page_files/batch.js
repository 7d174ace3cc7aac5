// Switches the language and filters the shops. No request leaves the page.
'use strict';

const root = document.documentElement;
const rows = [...document.querySelectorAll('.shops tbody tr')];
const search = document.getElementById('search');
const shown = document.getElementById('shown');
let status = '';

function filter() {
  const words = search.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = (!status || row.dataset.status === status) && (!words || row.dataset.words.toLowerCase().includes(words));
    row.hidden = !fits;
    if (fits) count += 1;
  }
  shown.textContent = `${count} / ${rows.length}`;
}

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
}

document.querySelectorAll('[data-set-lang]').forEach((button) => button.addEventListener('click', () => setLanguage(button.dataset.setLang)));
document.querySelectorAll('[data-show]').forEach((button) => button.addEventListener('click', () => {
  status = button.dataset.show === status ? '' : button.dataset.show;
  document.querySelectorAll('[data-show]').forEach((other) => other.setAttribute('aria-pressed', String(other.dataset.show === status)));
  filter();
}));
search.addEventListener('input', filter);
setLanguage(root.dataset.lang);
filter();
