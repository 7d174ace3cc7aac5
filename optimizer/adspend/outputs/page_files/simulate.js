// Draws profit, shares and budgets from the page's own data and switches the language. No request leaves the page.
'use strict';

const root = document.documentElement;
const DATA = JSON.parse(document.getElementById('data').textContent);
const INK = '#5b6b74', LINE = '#e4e9eb', DEEP = '#1f4459';
const COLOURS = ['#26658c', '#c9781b', '#2e7d53', '#a8322a', '#7a5aa6', '#0f8a8a', '#b0559a', '#8f7a1c', '#5a7d2e', '#7d8c95'];
const FONT = getComputedStyle(document.body).fontFamily;
const MOST = Math.max(1, ...DATA.runs.map((run) => Math.max(...run.budgets.map((day) => Math.max(...day)))));
let chosen = DATA.runs.length > 1 ? 1 : 0;

function money(yuan) {
  const size = Math.abs(yuan);
  if (root.dataset.lang === 'zh' && size >= 10000) return (yuan / 10000).toFixed(size >= 100000 ? 0 : 1) + '万';
  if (root.dataset.lang === 'en' && size >= 10000) return (yuan / 1000).toFixed(0) + 'k';
  return yuan.toFixed(0);
}

const percent = (share) => (100 * share).toFixed(0) + '%';
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const charts = new Map();

function draw(id, option) {
  const element = document.getElementById(id);
  if (!charts.has(id)) charts.set(id, echarts.init(element, null, { renderer: 'svg' }));
  charts.get(id).setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
}

function line(run, i, values) {
  const isBest = i === 0;
  const colour = isBest ? DEEP : COLOURS[(i - 1) % COLOURS.length];
  return {
    type: 'line', name: run[root.dataset.lang], data: values, symbol: 'none', connectNulls: false,
    itemStyle: { color: colour }, lineStyle: { color: colour, width: isBest ? 2.5 : 1.7, type: isBest ? 'dashed' : 'solid' }, z: isBest ? 5 : 2,
  };
}

function drawLines(id, series, format) {
  draw(id, {
    grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, right: 0, type: 'scroll', // one line on any screen
      pageIconSize: 11, pageTextStyle: { color: INK }, itemWidth: 18, itemHeight: 8, textStyle: { color: INK, fontSize: 11 } },
    tooltip: { trigger: 'axis', confine: true, valueFormatter: (value) => (value === null || value === undefined ? '–' : format(value)) },
    xAxis: { type: 'category', data: DATA.dates, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE }, onZero: false }, axisLabel: { color: INK, fontSize: 10.5 } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 10.5, formatter: format } },
    series,
  });
}

function drawHeat() {
  const run = DATA.runs[chosen];
  const fields = run.budgets.flatMap((day, t) => day.map((yuan, i) => [t, i, yuan]).filter((field) => field[2] > 0));
  const element = document.getElementById('heat');
  element.style.height = `${60 + 15 * DATA.cells.length}px`;
  if (charts.has('heat')) charts.get('heat').resize();
  draw('heat', {
    grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
    tooltip: { confine: true, formatter: (field) => `${escaped(DATA.cells[field.value[1]])}<br>${DATA.dates[field.value[0]]} · ${field.value[2].toLocaleString('en-US')}` },
    xAxis: { type: 'category', data: DATA.dates, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 10.5 } },
    yAxis: { type: 'category', data: DATA.cells, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 10, interval: 0, width: 170, overflow: 'truncate' } },
    visualMap: { show: false, min: 0, max: MOST, dimension: 2, inRange: { color: ['#e8f0f5', '#9cc3dc', '#4f9ac4', '#26658c', '#173a52'] } },
    series: [{ type: 'heatmap', data: fields, itemStyle: { borderColor: '#fff', borderWidth: 1 } }],
  });
}

function choose(index) {
  chosen = index;
  document.querySelectorAll('[data-run]').forEach((button) => button.setAttribute('aria-pressed', String(+button.dataset.run === chosen)));
  drawHeat();
}

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
  drawLines('cumulative', DATA.runs.map((run, i) => line(run, i, run.cumulative)), money);
  drawLines('shares', DATA.shares.map((shares, i) => line(DATA.runs[i + 1], i + 1, shares)), percent);
  choose(chosen);
}

let resizing = 0;
window.addEventListener('resize', () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => charts.forEach((chart) => chart.resize()));
});
window.addEventListener('beforeprint', () => {
  // paper is narrower than the screen and no chart is laid out again for it: with a view box the style can scale it
  charts.forEach((chart, id) => document.getElementById(id).querySelector('svg').setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`));
});
document.querySelectorAll('[data-set-lang]').forEach((button) => button.addEventListener('click', () => setLanguage(button.dataset.setLang)));
document.querySelectorAll('[data-run]').forEach((button) => button.addEventListener('click', () => choose(+button.dataset.run)));
setLanguage(root.dataset.lang);
