// Draws a tuning from the page's own data and switches the language. No request leaves the page.
'use strict';

const root = document.documentElement;
const DATA = JSON.parse(document.getElementById('data').textContent);
const INK = '#5b6b74', LINE = '#e4e9eb', BLUE = '#26658c', PALE = '#a9c3d3', ORANGE = '#c9781b', GOOD = '#2e7d53', BAD = '#a8322a';
const FONT = getComputedStyle(document.body).fontFamily;
const WORDS = {
  zh: { full: '跑完的试验', stopped: '提前停止', best: '至今最佳', chosen: '最佳候选', trial: '试验' },
  en: { full: 'scored in full', stopped: 'stopped early', best: 'best so far', chosen: 'best candidate', trial: 'trial' },
};

const percent = (share) => (100 * share).toFixed(1) + '%';
const points = (share) => (share > 0 ? '+' : '') + (100 * share).toFixed(1);
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const charts = new Map();

function draw(id, option) {
  const element = document.getElementById(id);
  if (!element) return; // no verdict, no chart of it
  if (!charts.has(id)) charts.set(id, echarts.init(element, null, { renderer: 'svg' }));
  charts.get(id).setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
}

const labels = { color: INK, fontSize: 10.5 };
const grid = (top) => ({ left: 8, right: 20, top, bottom: 8, containLabel: true });
const lines = { splitLine: { lineStyle: { color: LINE } }, axisLabel: labels };
const base = { axisTick: { show: false }, axisLine: { lineStyle: { color: LINE }, onZero: false }, axisLabel: labels };

// The dots of three kinds of trials; `at` gives a trial's place on the x axis.
function dots(words, at, size) {
  const of = (name, colour, chosen) => ({
    type: 'scatter', name, symbolSize: size, itemStyle: { color: colour }, z: 3,
    data: DATA.trials.map((trial, number) => ({ trial, number })).filter(chosen).map(({ trial, number }) => [at(trial, number), trial.value, number]),
  });
  return [
    of(words.full, BLUE, ({ trial, number }) => !trial.stopped && number !== DATA.chosen),
    of(words.stopped, PALE, ({ trial, number }) => trial.stopped && number !== DATA.chosen),
    of(words.chosen, ORANGE, ({ number }) => number === DATA.chosen),
  ];
}

const tooltip = (words) => ({
  confine: true,
  formatter: (dot) => (dot.seriesType === 'scatter' ? `${words.trial} ${dot.value[2]}: ${percent(dot.value[1])}` : `${escaped(dot.seriesName)}: ${percent(dot.value)}`),
});

function drawHistory(words) {
  draw('history', {
    grid: grid(44), legend: { top: 0, left: 0, right: 0, type: 'scroll', itemWidth: 18, itemHeight: 8, textStyle: { color: INK, fontSize: 11 } },
    tooltip: tooltip(words),
    xAxis: { type: 'category', data: DATA.trials.map((_, number) => String(number)), name: '', ...base },
    yAxis: { type: 'value', scale: true, ...lines, axisLabel: { ...labels, formatter: percent } },
    series: [
      ...dots(words, (_, number) => number, 7),
      { type: 'line', name: words.best, step: 'end', symbol: 'none', data: DATA.best, itemStyle: { color: ORANGE }, lineStyle: { color: ORANGE, width: 1.7 } },
    ],
  });
}

function drawImportances() {
  draw('importances', {
    grid: grid(8), tooltip: { confine: true, formatter: (bar) => `${escaped(bar.name)}: ${percent(bar.value)}` },
    xAxis: { type: 'value', ...lines, axisLabel: { ...labels, formatter: percent } },
    yAxis: { type: 'category', inverse: true, data: DATA.importances.map((pair) => pair[0]), ...base },
    series: [{ type: 'bar', data: DATA.importances.map((pair) => pair[1]), barMaxWidth: 22, itemStyle: { color: BLUE } }],
  });
}

function drawDifferences() {
  if (!DATA.interval) return;
  const [mean, low, high] = DATA.interval;
  draw('differences', {
    grid: grid(16), tooltip: { confine: true, formatter: (bar) => `${escaped(bar.name)}: ${points(bar.value)}` },
    xAxis: { type: 'category', data: DATA.differences.map((pair) => pair[0]), ...base, axisLabel: { ...labels, rotate: 45, width: 110, overflow: 'truncate' } },
    yAxis: { type: 'value', ...lines, axisLabel: { ...labels, formatter: points } },
    series: [{
      type: 'bar', barMaxWidth: 26, data: DATA.differences.map((pair) => ({ value: pair[1], itemStyle: { color: pair[1] < 0 ? BAD : GOOD } })),
      markLine: { silent: true, precision: 6, // two digits by default, too few for shares
        symbol: 'none', label: { show: false }, lineStyle: { color: ORANGE, type: 'dashed', width: 1.6 }, data: [{ yAxis: mean }] },
      markArea: { silent: true, itemStyle: { color: ORANGE, opacity: 0.14 }, data: [[{ yAxis: low }, { yAxis: high }]] },
    }],
  });
}

function drawSlices(words) {
  DATA.space.forEach((dimension, index) => draw(`slice-${index}`, {
    grid: grid(10), tooltip: tooltip(words),
    xAxis: { type: dimension.log ? 'log' : 'value', min: dimension.low, max: dimension.high, ...base, axisLabel: { ...labels, hideOverlap: true, formatter: (value) => String(+value.toPrecision(2)) }, splitLine: { show: false } },
    yAxis: { type: 'value', scale: true, ...lines, axisLabel: { ...labels, formatter: percent } },
    series: dots(words, (trial) => trial.values[dimension.name], 6),
  }));
}

function setLanguage(language) {
  root.dataset.lang = language;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-set-lang]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.setLang === language)));
  drawHistory(WORDS[language]);
  drawSlices(WORDS[language]);
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
drawImportances();
drawDifferences();
setLanguage(root.dataset.lang);
