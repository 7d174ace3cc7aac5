// Loads the charting library that the pages of a run share, then draws. LIBRARY and INTEGRITY stand above.
'use strict';

function sayMissing() {
  root.dataset.charts = 'missing';
}

const library = document.createElement('script');
library.src = LIBRARY;
if (location.protocol !== 'file:') library.integrity = INTEGRITY; // no browser checks a file on disk
library.addEventListener('load', () => (window.echarts ? setLanguage(root.dataset.lang) : sayMissing()));
library.addEventListener('error', sayMissing);
document.head.append(library);
