// Draws the charts from the page's own data and switches the language. No request ever leaves the page.
'use strict';

const root = document.documentElement;
const DATA = JSON.parse(document.getElementById('data').textContent);
const WORDS = {
  zh: { net: '净值', budget: '预算', today: '今日预算', plan: '本计划', shown: (n, all) => (n ? `显示 ${n} / ${all}` : '没有符合的单元') },
  en: { net: 'net', budget: 'budget', today: "today's budget", plan: 'this plan', shown: (n, all) => (n ? `${n} of ${all}` : 'no cell matches') },
};
const words = () => WORDS[root.dataset.lang];
const INK = '#5b6b74', LINE = '#e4e9eb', BLUE = '#26658c', PALE = '#b9c7cf', ORANGE = '#c9781b', GREEN = '#2e7d53';
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
  if (!window.echarts) return; // a page that shares the library gets it later, or never
  if (!charts.has(element)) charts.set(element, echarts.init(element, null, { renderer: 'svg' }));
  charts.get(element).setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
}

function axis(extra) {
  const line = { lineStyle: { color: LINE } };
  const label = { color: INK, fontSize: 10.5, formatter: money, hideOverlap: true };
  return { type: 'value', splitLine: line, axisLine: line, ...extra, axisLabel: { ...label, ...extra.axisLabel } };
}

function drawComparison() {
  const rows = DATA.comparisons.slice().reverse();
  const bars = rows.map((row, i) => ({
    value: row.net,
    itemStyle: { color: i === rows.length - 1 ? BLUE : PALE },
    label: { position: row.net < 0 ? 'left' : 'right' },
  }));
  const element = document.getElementById('comparison');
  const room = element.clientWidth < 420 ? '40%' : '14%'; // for the number beside a loss
  draw(element, {
    grid: { left: 8, right: 56, top: 6, bottom: 6, containLabel: true },
    xAxis: axis({ axisLabel: { show: false }, splitLine: { show: false }, boundaryGap: [room, '2%'] }),
    yAxis: {
      type: 'category', data: rows.map((row) => row[root.dataset.lang]), axisLine: { show: false },
      axisTick: { show: false }, axisLabel: { color: INK, fontSize: 11, width: 150, overflow: 'break' },
    },
    series: [{
      type: 'bar', barMaxWidth: 18, data: bars, silent: true,
      label: { show: true, color: INK, fontSize: 11, formatter: (bar) => money(bar.value) },
    }],
  });
}

function drawFrontier() {
  const element = document.getElementById('frontier');
  if (!element) return; // a plan may come without one
  const today = {
    symbol: 'none', silent: true, lineStyle: { color: ORANGE, type: 'dashed' },
    label: { formatter: words().today, color: ORANGE, fontFamily: FONT }, data: [{ xAxis: DATA.budget }],
  };
  draw(element, {
    grid: { left: 8, right: 28, top: 30, bottom: 28, containLabel: true },
    tooltip: { trigger: 'axis', formatter: ([point]) => `${words().budget} ${money(point.value[0])}<br>${words().net} ${money(point.value[1])}` },
    xAxis: axis({ name: words().budget, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: INK }, min: 0 }),
    yAxis: axis({ name: words().net, nameTextStyle: { color: INK } }),
    series: [
      { type: 'line', data: DATA.frontier, symbolSize: 5, lineStyle: { color: BLUE, width: 2 }, itemStyle: { color: BLUE }, markLine: today },
      {
        type: 'scatter', data: [DATA.planned], symbolSize: 11, itemStyle: { color: ORANGE, opacity: 1 }, silent: true, z: 5, tooltip: { show: false },
        label: { show: true, position: [16, 10], color: ORANGE, backgroundColor: '#fff', padding: [0, 3], formatter: words().plan }, // the ground hides today's line behind the words
      },
    ],
  });
}

function drawCurve(figure) {
  const curve = DATA.curves[+figure.dataset.index];
  const line = (values) => curve.cost.map((x, i) => [x, values[i]]);
  const most = Math.max(...curve.cost);
  const even = Math.min(most, Math.max(...curve.high, ...curve.points.map((point) => point[1]), 1)); // where break-even leaves the chart
  const marks = [];
  if (curve.budget > 0) marks.push({ xAxis: curve.budget, lineStyle: { color: ORANGE, type: 'solid', width: 2 } });
  if (curve.tested > 0) marks.push({ xAxis: curve.tested, lineStyle: { color: '#7d8c95', type: 'dashed' } });
  const hidden = { type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all', silent: true };
  draw(figure.querySelector('.curve'), {
    grid: { left: 4, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: axis({ max: most, splitLine: { show: false }, splitNumber: 4, axisLabel: { fontSize: 10, showMaxLabel: false } }),
    yAxis: axis({ min: (range) => Math.min(0, range.min), splitNumber: 3, axisLabel: { fontSize: 10 } }),
    series: [
      { ...hidden, data: line(curve.low) },
      { ...hidden, data: line(curve.high.map((high, i) => high - curve.low[i])), areaStyle: { color: BLUE, opacity: 0.15 } },
      { type: 'line', data: [[0, 0], [even, even]], symbol: 'none', lineStyle: { color: '#a9b4ba', type: 'dotted', width: 1.5 }, silent: true },
      { type: 'scatter', data: curve.points, symbolSize: 5, itemStyle: { color: GREEN, opacity: 0.65 }, silent: true },
      { type: 'line', data: line(curve.mean), symbol: 'none', lineStyle: { color: BLUE, width: 2 }, silent: true, markLine: { symbol: 'none', silent: true, label: { show: false }, data: marks } },
    ],
  });
}

// ---- the gallery: filter, and drawing only what is seen ----

const figures = Array.from(document.querySelectorAll('figure'));
const isDrawn = (figure) => charts.has(figure.querySelector('.curve'));
const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
  seen.unobserve(entry.target);
  drawCurve(entry.target);
}), { rootMargin: '300px' });

function showFigures() {
  const all = document.querySelector('[data-filter="all"]').getAttribute('aria-pressed') === 'true';
  const wanted = document.getElementById('find').value.toLowerCase().split(SEPARATORS).filter(Boolean);
  for (const figure of figures) {
    const isWanted = all || wanted.length || figure.dataset.funded === '1'; // a search looks at every cell
    const name = figure.dataset.name.toLowerCase();
    figure.hidden = !isWanted || !wanted.every((word) => name.includes(word));
  }
  const shown = figures.filter((figure) => !figure.hidden);
  shown.forEach((figure, i) => {
    if (isDrawn(figure)) return;
    if (i < FIRST) drawCurve(figure); else seen.observe(figure);
  });
  document.getElementById('shown').textContent = words().shown(shown.length, figures.length);
}

function setFilter(name) {
  document.querySelectorAll('[data-filter]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.filter === name)));
  showFigures();
}

// ---- the page ----

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
  document.querySelectorAll('.back').forEach((link) => { link.hash = language; });
  document.querySelectorAll('.heat td[title]').forEach((field) => { field.title = field.dataset[language]; });
  drawComparison();
  drawFrontier();
  figures.filter(isDrawn).forEach(drawCurve);
  showFigures();
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
document.getElementById('find').addEventListener('input', showFigures);
if (!figures.some((figure) => figure.dataset.funded === '1')) setFilter('all');
setLanguage(['#zh', '#en'].includes(location.hash) ? location.hash.slice(1) : root.dataset.lang); // a link may name one
