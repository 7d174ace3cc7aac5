#!/bin/sh
# Installs Chromium and a Chinese font with apt where that is possible. Never fails: without a browser the page's
# tests skip and say why.
command -v chromium >/dev/null 2>&1 && fc-list ':lang=zh' 2>/dev/null | grep -q . && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing chromium and a Chinese font"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      chromium fonts-wqy-microhei fontconfig; } >/dev/null 2>&1 ||
    echo "chromium could not be installed; the page's tests will skip"
else
  echo "no chromium, and no right to install it; the page's tests will skip"
fi
exit 0
