// Draws the regret plot from the page's own data and switches the language. No request leaves the page.
'use strict';

const root = document.documentElement;
const DATA = JSON.parse(document.getElementById('data').textContent);
const INK = '#5b6b74', LINE = '#e4e9eb', DEEP = '#1f4459';
const COLOURS = ['#26658c', '#c9781b', '#2e7d53', '#a8322a', '#7a5aa6', '#0f8a8a', '#b0559a', '#8f7a1c', '#5a7d2e', '#7d8c95'];
const FONT = getComputedStyle(document.body).fontFamily;
const FLOOR = -0.5; // early losses may be many times the clairvoyant's profit: below here a line only leaves the chart
const NAMES = DATA.groups[0].runs.map((run) => run.name); // a strategy keeps its colour whatever group is shown
const DAYS = Array.from({ length: DATA.days }, (_, day) => day + 1);
let group = 0, chosen = NAMES[0];

const percent = (share) => (100 * share).toFixed(0) + '%';
const colourOf = (name) => COLOURS[NAMES.indexOf(name) % COLOURS.length];
const chart = echarts.init(document.getElementById('path'), null, { renderer: 'svg' });

function line(run) {
  const own = run.name === chosen, colour = colourOf(run.name);
  return {
    type: 'line', name: run[root.dataset.lang], data: run.mean, symbol: 'none', z: own ? 5 : 2,
    itemStyle: { color: colour }, lineStyle: { color: colour, width: own ? 2.8 : 1.6 },
  };
}

function band(run) {
  const hidden = { type: 'line', symbol: 'none', stack: 'band', stackStrategy: 'all', lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
  const low = run.low.map((share) => (share === null ? null : Math.max(share, FLOOR)));
  const width = run.high.map((share, day) => (share === null ? null : Math.max(share, FLOOR) - low[day]));
  return [
    { ...hidden, data: low },
    { ...hidden, data: width, areaStyle: { color: colourOf(run.name), opacity: 0.16 } },
  ];
}

function draw() {
  const runs = DATA.groups[group].runs;
  const shown = runs.flatMap((run) => (run.name === chosen ? [...run.mean, ...run.low] : run.mean));
  const lowest = Math.min(0, ...shown.filter((share) => share !== null));
  const names = runs.map((run) => run[root.dataset.lang]);
  chart.setOption({
    animation: false, textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, right: 0, type: 'scroll', data: names, // one line on any screen
      pageIconSize: 11, pageTextStyle: { color: INK }, itemWidth: 18, itemHeight: 8, textStyle: { color: INK, fontSize: 11 } },
    tooltip: { trigger: 'axis', confine: true, valueFormatter: (value) => (value === null || value === undefined ? '–' : percent(value)) },
    xAxis: { type: 'category', data: DAYS, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE }, onZero: false }, axisLabel: { color: INK, fontSize: 10.5 } },
    yAxis: { type: 'value', min: Math.max(FLOOR, Math.floor(10 * lowest) / 10), max: (range) => Math.max(1, range.max), splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 10.5, formatter: percent } },
    series: [
      ...runs.filter((run) => run.name === chosen).flatMap(band),
      { ...line(runs[0]), name: '', data: DAYS.map(() => 1), silent: true, tooltip: { show: false }, itemStyle: { color: DEEP }, lineStyle: { color: DEEP, type: 'dashed', width: 1.5 } },
      ...runs.map(line),
    ],
  }, true);
  press('[data-group]', (button) => +button.dataset.group === group);
  press('[data-run]', (button) => button.dataset.run === chosen);
  press('[data-set-lang]', (button) => button.dataset.setLang === root.dataset.lang);
}

function press(buttons, isPressed) {
  document.querySelectorAll(buttons).forEach((button) => button.setAttribute('aria-pressed', String(isPressed(button))));
}

function onClick(buttons, change) {
  document.querySelectorAll(buttons).forEach((button) => button.addEventListener('click', () => { change(button.dataset); draw(); }));
}

let resizing = 0;
window.addEventListener('resize', () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => chart.resize());
});
window.addEventListener('beforeprint', () => {
  // paper is narrower than the screen and no chart is laid out again for it: with a view box the style can scale it
  document.querySelector('#path svg').setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
});
onClick('[data-group]', (data) => { group = +data.group; });
onClick('[data-run]', (data) => { chosen = data.run; });
onClick('[data-set-lang]', (data) => {
  root.dataset.lang = data.setLang;
  root.lang = data.setLang === 'zh' ? 'zh-CN' : 'en';
});
draw();
