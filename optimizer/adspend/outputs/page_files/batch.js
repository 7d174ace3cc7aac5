// Switches the language; filters, sorts and adds up the shops. No request leaves the page.
'use strict';

const root = document.documentElement;
const body = document.querySelector('.shops tbody');
const head = document.querySelector('.shops thead tr');
const search = document.getElementById('search');
const more = document.getElementById('more');
const byNeed = [...body.rows]; // as the page has them: those that need a person first
const clear = document.getElementById('clear');
const searched = (row) => [row.cells[0], row.cells[1], row.querySelector('.why')].map((cell) => cell.textContent).join(' ').toLowerCase();
const texts = new Map(byNeed.map((row) => [row, searched(row)])); // status, shop, file, category, reasons and notes
const WORDS = {
  zh: { shown: (n, all, plan, net) => `${n} / ${all} 家 · 计划 ${plan} 元 · 预期净值 ${net} 元`, more: (n) => `显示其余 ${n} 家`, clear: '取消这项筛选' },
  en: { shown: (n, all, plan, net) => `${n} of ${all} shops · to spend ${plan} yuan · net ${net} yuan`, more: (n) => `show the other ${n}`, clear: 'clear this filter' },
};
const FIRST = 200; // shops laid out at once: thousands of rows take a browser seconds
const chosen = new Map(); // kind (status, reason, category) to the button that chose it
let order = byNeed, most = FIRST;

const words = () => WORDS[root.dataset.lang];
const whole = (value) => Math.round(value).toLocaleString('en-US');

// ---- filter ----

const fits = (row, text) => (!text || texts.get(row).includes(text))
  && [...chosen].every(([kind, button]) => row.dataset[kind].split(' ').includes(button.dataset.value));

function showShops() {
  const text = search.value.trim().toLowerCase();
  let count = 0, plan = 0, net = 0;
  for (const row of order) {
    const isWanted = fits(row, text);
    if (isWanted) {
      count += 1;
      plan += +row.dataset.plan / 100;
      net += +row.dataset.net / 100;
    }
    const isHidden = !isWanted || count > most;
    if (row.hidden !== isHidden) row.hidden = isHidden;
  }
  document.getElementById('shown').textContent = words().shown(whole(count), whole(byNeed.length), whole(plan), whole(net));
  document.getElementById('none').hidden = count > 0;
  clear.hidden = !text && !chosen.size;
  more.hidden = count <= most;
  more.textContent = words().more(whole(count - most));
}

function filter() {
  most = FIRST;
  showShops();
}

function choose(button) {
  const kind = button.dataset.kind;
  if (chosen.get(kind) === button) chosen.delete(kind); else chosen.set(kind, button);
  showChosen();
  if (button.classList.contains('pick') && chosen.has(kind)) document.getElementById('shops').scrollIntoView();
}

function clearAll() {
  chosen.clear();
  search.value = '';
  showChosen();
}

function showChosen() {
  document.querySelectorAll('[data-kind]').forEach((other) => other.setAttribute('aria-pressed', String(chosen.get(other.dataset.kind) === other)));
  document.getElementById('chosen').replaceChildren(...[...chosen.values()].filter((pick) => pick.classList.contains('pick')).map(chip));
  filter();
}

/** A filter that was chosen elsewhere on the page, to be seen and taken back beside the table. */
function chip(pick) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...[...pick.childNodes].map((node) => node.cloneNode(true)), ' ×');
  button.title = words().clear;
  button.addEventListener('click', () => choose(pick));
  return button;
}

// ---- sort ----

const collator = new Intl.Collator('zh-CN', { numeric: true });
const text = (row, column) => (row.cells[column].querySelector(`.${root.dataset.lang}`) ?? row.cells[column]).textContent.trim();
const number = (row, column) => parseFloat((row.cells[column].dataset.key ?? text(row, column)).replaceAll(',', '')); // NaN of a dash

function sorted(kind, column, isDown) {
  if (kind === 'need') return isDown ? byNeed : [...byNeed].reverse();
  const keys = new Map(byNeed.map((row) => [row, kind === 'number' ? number(row, column) : text(row, column)]));
  const compare = kind === 'number' ? (a, b) => a - b : collator.compare;
  const isEmpty = (row) => keys.get(row) === '' || Number.isNaN(keys.get(row));
  const known = byNeed.filter((row) => !isEmpty(row)).sort((a, b) => (isDown ? -1 : 1) * compare(keys.get(a), keys.get(b)));
  return [...known, ...byNeed.filter(isEmpty)]; // what is empty stays last, whichever way
}

function sort(button) {
  const field = button.closest('th'), kind = button.dataset.sort;
  const way = field.getAttribute('aria-sort');
  const isDown = kind === 'text' ? way === 'ascending' : way !== 'descending'; // at first the greatest, or A before Z
  [...head.cells].forEach((other) => other.removeAttribute('aria-sort'));
  field.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
  order = sorted(kind, field.cellIndex, isDown);
  body.append(...order);
  filter();
}

// ---- the page ----

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
  document.querySelectorAll('.shop a[href*="plan.html"]').forEach((link) => { link.hash = language; }); // each opens in this language
  showShops();
}

/** The address keeps the choice, for those who come back from a shop's page. */
function chooseLanguage(language) {
  history.replaceState(null, '', `#${language}`);
  setLanguage(language);
}

document.querySelectorAll('[data-set-lang]').forEach((button) => button.addEventListener('click', () => chooseLanguage(button.dataset.setLang)));
document.querySelectorAll('[data-kind]').forEach((button) => button.addEventListener('click', () => choose(button)));
document.querySelectorAll('[data-sort]').forEach((button) => button.addEventListener('click', () => sort(button)));
search.addEventListener('input', filter);
clear.addEventListener('click', clearAll);
more.addEventListener('click', () => { most = Infinity; showShops(); });
setLanguage(['#zh', '#en'].includes(location.hash) ? location.hash.slice(1) : root.dataset.lang);
root.dataset.scripts = 'on';
