// Draws the charts from DATA and switches the language. No request ever leaves the page.
'use strict';
const root = document.documentElement;
const WORDS = {
  zh: { net: '净值', cost: '花费', budget: '预算', planned: '计划', today: '今日预算', expected: '预期净值', observed: '观测', band: '80% 区间' },
  en: { net: 'net', cost: 'spend', budget: 'budget', planned: 'planned', today: "today's budget", expected: 'expected value', observed: 'observed', band: '80 % band' },
};
const lang = () => root.dataset.lang;
const word = (key) => WORDS[lang()][key];
const money = (v) => {
  const size = Math.abs(v);
  if (lang() === 'zh' && size >= 10000) return (v / 10000).toFixed(size >= 100000 ? 0 : 1) + '万';
  if (lang() === 'en' && size >= 10000) return (v / 1000).toFixed(0) + 'k';
  return size >= 100 || size === 0 ? v.toFixed(0) : v.toFixed(size >= 1 ? 1 : 2);
};
const escape = (s) => echarts.format.encodeHTML(String(s));
const charts = new Map();
const INK = '#62727b', LINE = '#e4e9eb', BLUE = '#26658c', ORANGE = '#c98a1b', GREEN = '#2e7d53';
const axis = (extra) => Object.assign({ type: 'value', splitLine: { lineStyle: { color: LINE } }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 10.5, formatter: money } }, extra);

function draw(element, option) {
  let chart = charts.get(element);
  if (!chart) { chart = echarts.init(element, null, { renderer: 'svg' }); charts.set(element, chart); }
  chart.setOption(Object.assign({ animation: false, textStyle: { fontFamily: 'inherit' } }, option), true);
}

function drawComparison() {
  const element = document.getElementById('comparison');
  if (!element) return;
  const rows = DATA.comparisons.slice().reverse();
  draw(element, {
    grid: { left: 8, right: 64, top: 6, bottom: 6, containLabel: true },
    xAxis: axis({ axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: { type: 'category', data: rows.map((r) => r[lang()]), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: INK, fontSize: 11 } },
    series: [{ type: 'bar', barMaxWidth: 18, data: rows.map((r, i) => ({ value: r.net, itemStyle: { color: i === rows.length - 1 ? BLUE : '#b9c7cf' } })), label: { show: true, position: 'right', color: INK, fontSize: 11, formatter: (p) => money(p.value) } }],
  });
}

function drawFrontier() {
  const element = document.getElementById('frontier');
  if (!element) return;
  draw(element, {
    grid: { left: 8, right: 24, top: 26, bottom: 30, containLabel: true },
    tooltip: { trigger: 'axis', formatter: (p) => `${word('budget')} ${money(p[0].value[0])}<br>${word('net')} ${money(p[0].value[1])}` },
    xAxis: axis({ name: word('budget'), nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: INK }, min: 0 }),
    yAxis: axis({ name: word('net'), nameTextStyle: { color: INK } }),
    series: [{ type: 'line', data: DATA.frontier, symbolSize: 6, lineStyle: { color: BLUE, width: 2 }, itemStyle: { color: BLUE }, markLine: { symbol: 'none', silent: true, lineStyle: { color: ORANGE, type: 'solid' }, label: { formatter: () => word('today'), color: ORANGE }, data: [{ xAxis: DATA.budget }] } }],
  });
}

function drawCurve(figure) {
  const curve = DATA.curves[+figure.dataset.index];
  const line = (values) => curve.cost.map((x, i) => [x, values[i]]);
  const most = Math.max(...curve.cost), top = Math.max(...curve.high, ...curve.points.map((p) => p[1]), 1);
  const diagonal = Math.min(most, top);
  const marks = [];
  if (curve.budget > 0) marks.push({ xAxis: curve.budget, lineStyle: { color: ORANGE, type: 'solid', width: 2 } });
  if (curve.tested > 0) marks.push({ xAxis: curve.tested, lineStyle: { color: '#8c9aa2', type: 'dashed' } });
  draw(figure.querySelector('.curve'), {
    grid: { left: 4, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: axis({ max: most, splitLine: { show: false }, splitNumber: 4, axisLabel: { color: INK, fontSize: 10, formatter: money, showMaxLabel: false, hideOverlap: true } }), yAxis: axis({ min: 0, splitNumber: 3 }),
    series: [
      { type: 'line', data: line(curve.low), stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true },
      { type: 'line', data: curve.cost.map((x, i) => [x, curve.high[i] - curve.low[i]]), stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, areaStyle: { color: BLUE, opacity: 0.15 }, silent: true },
      { type: 'line', data: [[0, 0], [diagonal, diagonal]], symbol: 'none', lineStyle: { color: '#b7c0c5', type: 'dashed', width: 1 }, silent: true },
      { type: 'scatter', data: curve.points, symbolSize: 5, itemStyle: { color: GREEN, opacity: 0.6 }, silent: true },
      { type: 'line', data: line(curve.mean), symbol: 'none', lineStyle: { color: BLUE, width: 2 }, silent: true, markLine: { symbol: 'none', silent: true, label: { show: false }, data: marks } },
    ],
  });
}

const FIRST = 12; // drawn at once; the rest when they come into view
const figures = Array.from(document.querySelectorAll('figure'));
const seen = 'IntersectionObserver' in window ? new IntersectionObserver((entries) => entries.forEach((entry) => {
  if (entry.isIntersecting) { seen.unobserve(entry.target); drawCurve(entry.target); }
}), { rootMargin: '300px' }) : null;

function showFigures() {
  const mode = document.querySelector('[data-filter].on').dataset.filter;
  const text = document.getElementById('find').value.trim().toLowerCase();
  let shown = 0;
  for (const figure of figures) {
    figure.hidden = (mode === 'active' && !text && figure.dataset.funded === '0') || !figure.dataset.name.toLowerCase().includes(text);
    if (figure.hidden || charts.has(figure.querySelector('.curve'))) continue;
    if (shown++ < FIRST || !seen) drawCurve(figure); else seen.observe(figure);
  }
}

function redraw() {
  drawComparison();
  drawFrontier();
  figures.filter((figure) => charts.has(figure.querySelector('.curve'))).forEach(drawCurve);
}

document.querySelectorAll('[data-set-lang]').forEach((button) => button.addEventListener('click', () => {
  root.dataset.lang = button.dataset.setLang;
  root.lang = button.dataset.setLang === 'zh' ? 'zh-CN' : 'en';
  redraw();
}));
document.querySelectorAll('[data-filter]').forEach((button) => button.addEventListener('click', () => {
  document.querySelectorAll('[data-filter]').forEach((other) => other.classList.toggle('on', other === button));
  showFigures();
}));
document.getElementById('find').addEventListener('input', showFigures);
window.addEventListener('resize', () => charts.forEach((chart) => chart.resize()));
window.addEventListener('beforeprint', () => figures.filter((figure) => !figure.hidden).forEach(drawCurve));
if (!figures.some((figure) => figure.dataset.funded === '1')) {
  document.querySelectorAll('[data-filter]').forEach((b) => b.classList.toggle('on', b.dataset.filter === 'all'));
}
redraw();
showFigures();
