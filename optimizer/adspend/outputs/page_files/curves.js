// Draws the gallery from the page's own data, filters and sorts it, switches the language. No request leaves the page.
'use strict';

const root = document.documentElement;
const DATA = JSON.parse(document.getElementById('data').textContent);
const WORDS = {
  zh: { beyond: '外推', never: '从未测试，全为外推', days: ['一', '二', '三', '四', '五', '六', '日'], shown: (n, all) => (n ? `显示 ${n} / ${all}` : '没有符合的单元') },
  en: { beyond: 'extrapolated', never: 'never tested: all extrapolated', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], shown: (n, all) => (n ? `${n} of ${all}` : 'no cell matches') },
};
const words = () => WORDS[root.dataset.lang];
const INK = '#5b6b74', LINE = '#e4e9eb', BLUE = '#26658c', PALE = '#b9c7cf', ORANGE = '#c9781b', GREEN = '#2e7d53', GREY = '#87939a';
const FONT = getComputedStyle(document.body).fontFamily;
const SEPARATORS = /[\s×·]+/; // between the words of a search, which a name holds in any order
const FIRST = 12; // curves drawn at once; the others when they come into view

function money(yuan) {
  const size = Math.abs(yuan);
  const digits = (number, most) => number.toLocaleString('en', { minimumFractionDigits: most, maximumFractionDigits: most });
  if (root.dataset.lang === 'zh' && size >= 10000) return digits(yuan / 10000, size >= 100000 ? 0 : 1) + '万';
  if (root.dataset.lang === 'en' && size >= 10000) return digits(yuan / 1000, 0) + 'k';
  return digits(yuan, size >= 100 || size === 0 ? 0 : size >= 1 ? 1 : 2);
}

// ---- charts ----

const charts = new Map();

function draw(element, option) {
  if (!charts.has(element)) charts.set(element, echarts.init(element, null, { renderer: 'svg' }));
  charts.get(element).setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
}

function axis(extra) {
  const line = { lineStyle: { color: LINE } };
  const label = { color: INK, fontSize: 10, formatter: money, hideOverlap: true };
  return { type: 'value', splitLine: line, axisLine: line, ...extra, axisLabel: { ...label, ...extra.axisLabel } };
}

function drawWeekdays() {
  const element = document.getElementById('weekday');
  if (!element) return; // too few days to tell
  const bars = DATA.weekday.map((share, i) => ({
    value: share,
    itemStyle: { color: i === DATA.planWeekday ? ORANGE : PALE },
    label: { position: share < 0 ? 'bottom' : 'top' },
  }));
  const most = Math.max(...DATA.weekday.map(Math.abs), 0.02);
  draw(element, {
    grid: { left: 8, right: 8, top: 8, bottom: 24 },
    xAxis: { type: 'category', data: words().days, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE }, onZero: false }, axisLabel: { color: INK, fontSize: 11, interval: 0 } },
    yAxis: axis({ min: -1.6 * most, max: 1.6 * most, interval: 1.6 * most, axisLabel: { show: false } }),
    series: [{ type: 'bar', barMaxWidth: 26, data: bars, silent: true, label: { show: true, color: INK, fontSize: 10.5, formatter: (bar) => (bar.value < 0 ? '−' : '+') + Math.abs(100 * bar.value).toFixed(1) + '%' } }],
  });
}

/** A curve with its band over some of its costs; what no day has tried is grey and dashed. */
function piece(curve, from, to, isTried) {
  const line = (values) => curve.cost.slice(from, to).map((x, i) => [x, values[from + i]]);
  const colour = isTried ? BLUE : GREY, stack = isTried ? 'tried' : 'beyond';
  const hidden = { type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, stack, stackStrategy: 'all', silent: true };
  return [
    { ...hidden, data: line(curve.low) },
    { ...hidden, data: line(curve.high.map((high, i) => high - curve.low[i])), areaStyle: { color: colour, opacity: isTried ? 0.16 : 0.13 } },
    { type: 'line', name: stack, data: line(curve.mean), symbol: 'none', lineStyle: { color: colour, width: 2, type: isTried ? 'solid' : 'dashed' }, silent: true },
  ];
}

function drawCurve(figure) {
  const curve = DATA.curves[+figure.dataset.index];
  const most = curve.cost[curve.cost.length - 1];
  const top = Math.max(...curve.high, ...curve.points.map((point) => point[1]), 1);
  const even = Math.min(most, top / DATA.breakEven); // where the break-even line leaves the chart
  const beyond = {
    silent: true, itemStyle: { color: '#eef1f2', opacity: 0.75 },
    label: { show: true, position: 'insideTop', color: INK, fontSize: 10, fontFamily: FONT, formatter: curve.tried ? words().beyond : words().never },
    data: [[{ xAxis: curve.tested }, { xAxis: most }]],
  };
  const limit = { symbol: 'none', silent: true, label: { show: false }, data: curve.tested > 0 ? [{ xAxis: curve.tested, lineStyle: { color: '#7d8c95', type: 'dashed' } }] : [] };
  const tried = curve.tried ? piece(curve, 0, curve.tried, true) : [];
  draw(figure.querySelector('.curve'), {
    grid: { left: 4, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: axis({ max: most, splitLine: { show: false }, splitNumber: 4, axisLabel: { showMaxLabel: false } }),
    yAxis: axis({ min: 0, max: top * 1.12, splitNumber: 3, axisLabel: { showMaxLabel: false } }),
    series: [
      { type: 'line', data: [], markArea: beyond, markLine: limit },
      ...tried,
      ...piece(curve, Math.max(curve.tried - 1, 0), curve.cost.length, false),
      { type: 'line', data: [[0, 0], [even, even * DATA.breakEven]], symbol: 'none', lineStyle: { color: '#a9b4ba', type: 'dotted', width: 1.5 }, silent: true },
      { type: 'scatter', data: curve.points, symbolSize: 5, itemStyle: { color: GREEN, opacity: 0.65 }, silent: true },
      { type: 'scatter', data: curve.points.length ? [curve.usual] : [], symbol: 'diamond', symbolSize: 11, itemStyle: { color: ORANGE, borderColor: '#fff', borderWidth: 1 }, silent: true, z: 5 },
    ],
  });
}

// ---- the gallery: filter, order, and drawing only what is seen ----

const gallery = document.querySelector('.gallery');
const figures = Array.from(document.querySelectorAll('figure'));
const rows = Array.from(document.querySelectorAll('.cells tbody tr'));
const isDrawn = (figure) => charts.has(figure.querySelector('.curve'));
const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
  seen.unobserve(entry.target);
  if (!isDrawn(entry.target)) drawCurve(entry.target);
}), { rootMargin: '300px' });

function press(name, value) {
  document.querySelectorAll(`[data-${name}]`).forEach((button) => {
    if (button.tagName === 'BUTTON') button.setAttribute('aria-pressed', String(button.dataset[name] === value));
  });
}

function showCells() {
  const grade = document.querySelector('[data-filter][aria-pressed="true"]').dataset.filter;
  const wanted = document.getElementById('find').value.toLowerCase().split(SEPARATORS).filter(Boolean);
  for (const element of [...figures, ...rows]) {
    const isWanted = grade === 'all' || element.dataset.grade === grade;
    const name = element.dataset.name.toLowerCase();
    element.hidden = !isWanted || !wanted.every((word) => name.includes(word));
  }
  const shown = Array.from(gallery.children).filter((figure) => !figure.hidden);
  shown.forEach((figure, i) => {
    if (isDrawn(figure)) return;
    if (i < FIRST) drawCurve(figure); else seen.observe(figure);
  });
  document.getElementById('shown').textContent = words().shown(shown.length, figures.length);
}

function setFilter(grade) {
  press('filter', grade);
  showCells();
}

function setOrder(order) {
  press('order', order);
  gallery.append(...figures.slice().sort((a, b) => a.dataset[order] - b.dataset[order] || a.dataset.worst - b.dataset.worst));
  showCells();
}

function sortTable(button) {
  const head = button.closest('th');
  const column = Array.from(head.parentNode.children).indexOf(head);
  const isDown = head.getAttribute('aria-sort') !== 'descending' && head.classList.contains('n') || head.getAttribute('aria-sort') === 'ascending';
  head.parentNode.querySelectorAll('th').forEach((other) => other.removeAttribute('aria-sort'));
  head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
  const key = (row) => row.children[column].dataset.sort;
  rows.sort((a, b) => {
    if (key(a) === '' || key(b) === '') return (key(a) === '') - (key(b) === ''); // what is missing stays last
    return isDown ? key(b) - key(a) : key(a) - key(b);
  });
  document.querySelector('.cells tbody').append(...rows);
}

// ---- the page ----

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
  drawWeekdays();
  figures.filter(isDrawn).forEach(drawCurve);
  showCells();
}

function preparePrint() {
  figures.filter((figure) => !figure.hidden && !isDrawn(figure)).forEach(drawCurve);
  // paper is narrower than the screen and no chart is laid out again for it: with a view box the style can scale it
  charts.forEach((chart, element) => element.querySelector('svg').setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`));
}

let resizing = 0;
window.addEventListener('resize', () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => charts.forEach((chart, element) => { if (element.offsetParent) chart.resize(); }));
});
window.addEventListener('beforeprint', preparePrint);
document.querySelectorAll('[data-set-lang]').forEach((button) => button.addEventListener('click', () => setLanguage(button.dataset.setLang)));
document.querySelectorAll('[data-filter]').forEach((button) => button.addEventListener('click', () => setFilter(button.dataset.filter)));
document.querySelectorAll('[data-order]').forEach((button) => button.addEventListener('click', () => setOrder(button.dataset.order)));
document.querySelectorAll('.cells th button').forEach((button) => button.addEventListener('click', () => sortTable(button)));
document.getElementById('find').addEventListener('input', showCells);
setLanguage(root.dataset.lang);
